"""All that the author of a provider imports from `plugin`, beside `tf`.

`tf` is the language of providers, resources and data sources. Protocol 6.10 has more to say than `tf` has words for:
contexts that carry private state, identity and capabilities (`contexts`), write-only attributes and two types
(`schema`), and list resources, actions and optional methods (`interfaces`). Code that is written against `tf` alone
runs unchanged.
"""

from terraform_provider_ecgrid.plugin.authoring.contexts import (
    ActionContext,
    Capabilities,
    Config,
    ConfigureContext,
    CreateContext,
    DeleteContext,
    GenerateContext,
    ImportContext,
    ListContext,
    MoveContext,
    PlanContext,
    ReadContext,
    ReadDataContext,
    State,
    UpdateContext,
    UpgradeContext,
    ValidateContext,
)
from terraform_provider_ecgrid.plugin.authoring.interfaces import (
    AcceptsMoves,
    Action,
    ConfiguresWithContext,
    GeneratesConfig,
    HasActions,
    HasIdentity,
    Listed,
    ListResource,
    ListsResources,
    PlansDestroy,
    SeesStates,
    ValidatesWithContext,
)
from terraform_provider_ecgrid.plugin.authoring.schema import (
    IdentityAttribute,
    IdentitySchema,
    Object,
    ReadOnly,
    SensitiveString,
    WriteOnly,
    is_known,
)
from terraform_provider_ecgrid.plugin.logging.redaction import Secret, conceal, fit_to_show

__all__ = [
    "AcceptsMoves",
    "Action",
    "ActionContext",
    "Capabilities",
    "Config",
    "ConfigureContext",
    "ConfiguresWithContext",
    "CreateContext",
    "DeleteContext",
    "GenerateContext",
    "GeneratesConfig",
    "HasActions",
    "HasIdentity",
    "IdentityAttribute",
    "IdentitySchema",
    "ImportContext",
    "ListContext",
    "ListResource",
    "Listed",
    "ListsResources",
    "MoveContext",
    "Object",
    "PlanContext",
    "PlansDestroy",
    "ReadContext",
    "ReadDataContext",
    "ReadOnly",
    "Secret",
    "SeesStates",
    "SensitiveString",
    "State",
    "UpdateContext",
    "UpgradeContext",
    "ValidateContext",
    "ValidatesWithContext",
    "WriteOnly",
    "conceal",
    "fit_to_show",
    "is_known",
]
