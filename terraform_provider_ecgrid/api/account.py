"""What the calls around callbacks answer (REST v2.6): the user whose credential this is, and mailboxes.

Read as leniently as what models.py holds.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from terraform_provider_ecgrid.api._lenient import (
    OR_NONE,
    Answer,
    AuthLevelName,
    Identifier,
    OptionalNumber,
    OptionalText,
    ScopeNumber,
    StatusName,
)
from terraform_provider_ecgrid.api.models import Page


class User(Answer):
    """The user whose credential this is (`GET /v2/users/me`). A `sessionId` in the answer is dropped as it is read."""

    spellings: ClassVar = {"login": ("loginName",)}

    user_id: OptionalNumber = None
    login: OptionalText = None
    email: OptionalText = None
    network_id: ScopeNumber = None
    mailbox_id: ScopeNumber = None
    auth_level: AuthLevelName = None
    status: StatusName = None


class Mailbox(Answer):
    """A mailbox (`GET /v2/mailboxes/{id}`, and one entry of its list)."""

    spellings: ClassVar = {"name": ("mailboxName",)}

    mailbox_id: Identifier
    network_id: ScopeNumber = None
    name: OptionalText = None
    company_name: OptionalText = None
    unique_id: OptionalText = None
    description: OptionalText = None
    status: StatusName = None

    @property
    def names(self) -> frozenset[str]:
        """Everything that the mailbox is called, without case."""
        given = (self.name, self.company_name, self.unique_id)
        return frozenset(name.casefold() for name in given if name is not None)


class MailboxPage(Page):
    """One page of `POST /v2/mailboxes/list`."""

    listed: tuple[Annotated[Mailbox | None, OR_NONE], ...] | None = Field(default=None, alias="mailboxes")
    count: OptionalNumber = None

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The entries that name a mailbox."""
        return tuple(entry for entry in self.listed or () if entry is not None)

    @property
    def counts_none(self) -> bool:
        """Whether the API says that the list has no entries."""
        return 0 in (self.total_records, self.count)


class Version(Answer):
    """What the API says of itself (`GET /v2/auth/version`)."""

    version: OptionalText = None
