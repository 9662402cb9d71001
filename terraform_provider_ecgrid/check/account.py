"""The steps about ECGrid itself: whether it is reached, and whose the credential is."""

from __future__ import annotations

from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    NoAnswer,
    NotConnected,
    NotEcgrid,
    Unauthorized,
    UnusableCertificate,
)
from terraform_provider_ecgrid.api.hidden_urls import on_one_line
from terraform_provider_ecgrid.api.registrations import Registrations
from terraform_provider_ecgrid.check import connection
from terraform_provider_ecgrid.check.advice import failed
from terraform_provider_ecgrid.check.environment import CREDENTIALS
from terraform_provider_ecgrid.check.lookups import is_ecgrid
from terraform_provider_ecgrid.check.step import Outcome, Step

_MOST_SHOWN = 100


def reach(client: Client, reads: Registrations, variable: str) -> Step:
    """Ask for the version.

    The provider itself needs no version, so this fails only if ECGrid cannot be reached, or if nothing that a plan
    asks for is answered by ECGrid either.

    Args:
        client: makes the call.
        reads: the lookups.
        variable: the name of the variable that holds the credential.
    """
    try:
        version = shown(client.version())
    except UnusableCertificate as error:
        return failed("ECGrid", error, variable, connection.certificate(client))
    except (NotConnected, NoAnswer) as error:
        return failed("ECGrid", error, variable)
    except NotEcgrid as error:
        if not is_ecgrid(reads):
            return failed("ECGrid", error, variable)
        version = None
    except EcgridError:
        version = None
    details = {"version": version}
    if version is None:
        return Step("ECGrid", Outcome.OK, "ECGrid answers, but does not give its version.", details=details)
    return Step("ECGrid", Outcome.OK, f"ECGrid answers. Its version is {version}.", details=details)


def whose(reads: Registrations, variable: str) -> Step:
    """Ask whose the credential is. Only a 401 fails: the provider does without the rest."""
    kind = CREDENTIALS[variable]
    try:
        user = reads.own()
    except (NotConnected, NoAnswer, Unauthorized) as error:
        return failed("credential", error, variable)
    except EcgridError as error:
        return Step(
            "credential",
            Outcome.WARNING,
            f"ECGrid does not say who owns the {kind}. {error.headline}",
            "The provider works without this. If ECGrid needs a network to list callbacks, set ECGRID_NETWORK_ID.",
            details={"accepted": None},
        )
    known = {
        "login": shown(user.login),
        "network": user.network_id,
        "mailbox": user.mailbox_id,
        "role": shown(user.auth_level),
    }
    told = ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)
    details = {
        "accepted": True,
        "login": known["login"],
        "network_id": user.network_id,
        "mailbox_id": user.mailbox_id,
        "role": known["role"],
    }
    return Step("credential", Outcome.OK, f"The {kind} is accepted{': ' if told else ''}{told}.", details=details)


def shown(text: str | None) -> str | None:
    """Return a text of ECGrid's on one line and without control characters; None if there is none."""
    return on_one_line(text or "")[:_MOST_SHOWN] or None
