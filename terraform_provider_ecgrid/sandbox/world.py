"""What the routes of one sandbox share."""

from dataclasses import dataclass, field
from typing import Literal

from terraform_provider_ecgrid.sandbox import directory
from terraform_provider_ecgrid.sandbox.errors import ApiError
from terraform_provider_ecgrid.sandbox.faults import Faults
from terraform_provider_ecgrid.sandbox.store import Record, Store

Lookups = Literal["registrations", "events"]
"""What the four lookups show: the vendor's two models."""


SESSION_ID = "sandbox-session"
"""The secret in the answer to `GET /v2/users/me`."""


@dataclass
class World:
    """One sandbox: its records, its faults, the model that its lookups follow and the credentials that it accepts.

    `lookups` may change between two requests. `mailbox_key` is a second key of the same account without the role
    `NetworkAdmin`, which network-level calls need. `session_id` is in the answer to `GET /v2/users/me`.
    """

    store: Store
    faults: Faults = field(default_factory=Faults)
    lookups: Lookups = "registrations"
    api_key: str = field(default="sandbox-key", repr=False)
    mailbox_key: str = field(default="sandbox-mailbox-key", repr=False)
    access_token: str = field(default="sandbox-token", repr=False)
    session_id: str = field(default=SESSION_ID, repr=False)

    def network_admin(self, api_key: str | None, authorization: str | None) -> bool:
        """Return whether the caller may make network-level calls.

        `api_key` is the value of `X-API-Key`, which wins, `authorization` that of `Authorization`; None if the header
        is absent. Raises `ApiError` with `InvalidAPIKey` or `InvalidSession` for an unknown caller.
        """
        if api_key is not None:
            if api_key not in (self.api_key, self.mailbox_key):
                raise ApiError("InvalidAPIKey", "The API key is unknown or was revoked.")
            return api_key == self.api_key
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer" or token.strip() != self.access_token:
                raise ApiError("InvalidSession", "The access token is unknown or has expired.")
            return True
        raise ApiError("InvalidAPIKey", "The request has neither the header X-API-Key nor Authorization.")

    def network_of(self, callback: Record) -> int:
        """Return the network that a registration is shown with.

        If the lookups show `events`, a registration without a network has its mailbox's.
        """
        # Stored as it was sent, so that the model can change between two requests.
        network = int(callback["networkId"])
        return network or (directory.network_of(callback["mailboxId"]) if self.lookups == "events" else 0)
