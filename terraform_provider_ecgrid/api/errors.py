"""What can go wrong between this client and ECGrid, as one tree of exceptions."""

# ruff: noqa: N818 - the names say what happened; all of them derive from one class that ends in Error
from typing import ClassVar

from terraform_provider_ecgrid.api.credential import Sources


class EcgridError(Exception):
    """Any failure of a call.

        EcgridError
        ├── ProviderNotReady     an argument of the client is not known yet: nothing was sent
        ├── UnsendableCredential
        ├── NotConnected         no connection was made: surely nothing was carried out
        │   └── UnusableCertificate
        │       └── UntrustedCertificate
        ├── NoAnswer             sent, but the answer was lost or came too late
        ├── UnreadableAnswer     ECGrid answered with success, but not with what was asked for
        ├── NotEcgrid            something else answered: a gateway, a proxy, another web server
        ├── ServerError          5xx
        ├── Refused              the API said no
        │   ├── InvalidParameter
        │   ├── DuplicateObject
        │   ├── Unauthorized     401 (`InvalidAPIKey`, `InvalidSession`)
        │   ├── AccessDenied     403
        │   ├── NotFound         404
        │   ├── RateLimited      429
        │   └── NotListedByNetwork
        └── Stopped              a stop was asked for while a request waited

    No attribute holds a secret, or more of a callback's URL than scheme and host.

    Args:
        headline: one sentence for a person; `str()` of the error.
        status: the HTTP status of the last answer, None if there was none.
        error_code: the API's `errorCode`, empty if it gave none.
        message: the server's words on one line of at most 300 characters, empty if it gave none.
        may_have_been_carried_out: whether one of the attempts may have done what was asked; None takes the kind's own.
        fields: the names of the fields that the API blames (the `errors` of an RFC 7807 problem).
        base_url: where the API was called, with port and path, if it refused, or did not answer itself; else empty.
        sources: where the client's arguments were taken from, if `base_url` is given.

    Attributes:
        answered_id: the callback that the answer to a failed create names nevertheless.
    """

    carried_out_by_kind: ClassVar[bool] = False

    def __init__(
        self,
        headline: str,
        *,
        status: int | None = None,
        error_code: str = "",
        message: str = "",
        may_have_been_carried_out: bool | None = None,
        fields: tuple[str, ...] = (),
        base_url: str = "",
        sources: Sources | None = None,
    ) -> None:
        super().__init__(headline)
        self.headline = headline
        self.status = status
        self.error_code = error_code
        self.message = message
        self.fields = fields
        self.base_url = base_url
        self.sources = sources
        self.answered_id: int | None = None
        self.may_have_been_carried_out = (
            self.carried_out_by_kind if may_have_been_carried_out is None else may_have_been_carried_out
        )


class ProviderNotReady(EcgridError):
    """An argument of the client is not known yet, so nothing was sent.

    Args:
        arguments: the names of these arguments, at least one.
    """

    def __init__(self, arguments: tuple[str, ...]) -> None:
        super().__init__(
            f"The provider cannot call ECGrid yet, because these arguments are not known: {', '.join(arguments)}."
        )
        self.arguments = arguments


class UnsendableCredential(EcgridError):
    """No header can carry the credential: nothing was sent. `problem_with_credential` finds this earlier."""


class NotConnected(EcgridError):
    """No connection was made: surely nothing was carried out, unless an earlier attempt was sent."""


class UnusableCertificate(NotConnected):
    """The TLS certificate that was presented is for another host, or its time is over."""


class UntrustedCertificate(UnusableCertificate):
    """The authority of the TLS certificate that was presented is not trusted."""


class NoAnswer(EcgridError):
    """The request was sent, but the answer was lost or came too late: it may have been carried out."""

    carried_out_by_kind = True


class UnreadableAnswer(EcgridError):
    """A success without the record that was asked for: the request may have been carried out."""

    carried_out_by_kind = True


class NotEcgrid(EcgridError):
    """The answer is not ECGrid's: neither its envelope nor an RFC 7807 problem. The headline names the base URL.

    The request may have been carried out if the status is a success or 501.
    """


class ServerError(EcgridError):
    """A 5xx: the request may have been carried out."""

    carried_out_by_kind = True


class Refused(EcgridError):
    """The API said no. A refusal of none of the kinds below, such as an unexpected redirect, is just this."""


class InvalidParameter(Refused):
    """A field is missing or has a value that the API does not take."""

    def may_blame(self, name: str) -> bool:
        """Say whether the field `name`, as the API spells it, may be to blame: the API names it, or no field."""
        return not self.fields or name.casefold() in {field.casefold() for field in self.fields}


class DuplicateObject(Refused):
    """The object exists already. After a repeated create: the first one worked."""


class Unauthorized(Refused):
    """401: the API key or the access token is missing, unknown, revoked or expired."""


class AccessDenied(Refused):
    """403: the credential is valid, but its role may not do this."""


class NotFound(Refused):
    """404: there is no such object, or this credential does not see it."""

    @property
    def is_object_not_found(self) -> bool:
        """Whether ECGrid itself says so (`ObjectNotFound`), and not merely that there is no such page."""
        return self.status == 404 and self.error_code.casefold() == "objectnotfound"


class RateLimited(Refused):
    """429: too many requests; the server asked for too long a wait, or no retries were left."""


class NotListedByNetwork(Refused):
    """The API lists callbacks by mailbox alone (model Q), or cannot list this network (0)."""

    def __init__(self) -> None:
        super().__init__("ECGrid does not list callbacks by network.")


class Stopped(EcgridError):
    """A stop was asked for while a repetition, or a pause before the first attempt, would have waited.

    Args:
        last: the error that the last attempt ended with; its attributes are copied. None if nothing was sent.
    """

    def __init__(self, last: EcgridError | None) -> None:
        if last is None:
            super().__init__(
                "The request was not sent, because Terraform was interrupted during a wait that ECGrid asked for."
            )
        else:
            super().__init__(
                f"The request was not repeated, because Terraform was interrupted. Last error: {last.headline}",
                status=last.status,
                error_code=last.error_code,
                message=last.message,
                may_have_been_carried_out=last.may_have_been_carried_out,
                fields=last.fields,
                base_url=last.base_url,
                sources=last.sources,
            )
