"""What every call that validates a configuration does first, whatever the configuration is of."""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Config, ReadOnly
from terraform_provider_ecgrid.plugin.codec.states import StateCodec
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def read_to_validate(codec: StateCodec, value: pb.DynamicValue, diagnostics: Diagnostics) -> Config:
    """Read a configuration, and add an error for each attribute in it that only the provider sets.

    Terraform leaves that check to the provider. What is refused is null in what is returned, so that nothing refuses
    it twice. Raises `CallError` as `StateCodec.config` does.
    """
    raw = codec.raw(value)
    if raw is None:
        return codec.config(value)
    for name, attribute in codec.attributes.items():
        # An unknown value counts: somebody wrote it.
        if raw[name] is None or not attribute.computed or attribute.optional or attribute.required:
            continue
        instead = f" {attribute.instead}" if isinstance(attribute, ReadOnly) else ""
        diagnostics.add_error(
            "Read-only attribute",
            f"`{name}` is read-only: the provider sets it. Remove it from the configuration.{instead}",
            path=[name],
        )
        raw[name] = None
    return codec.decode(raw) or {}
