"""The networks and mailboxes of the sandbox. They never change, and callbacks may name others."""

from typing import Any

NETWORK = 5050
"""The network of the sandbox's credentials."""

MAILBOX = 12345
"""The mailbox of the sandbox's credentials."""

CREATED = "2024-02-01T09:00:00Z"
_DATES = {"created": CREATED, "modified": "2026-04-30T16:20:00Z"}


def _network(number: int, unique_id: str, company: str) -> dict[str, Any]:
    return {"networkId": number, "uniqueId": unique_id, "companyName": company, "status": "Active", **_DATES}


def _mailbox(number: int, network: int, unique_id: str, company: str, status: str = "Active") -> dict[str, Any]:
    return {
        "mailboxId": number,
        "networkId": network,
        "uniqueId": unique_id,
        "companyName": company,
        "status": status,
        **_DATES,
    }


NETWORKS = (_network(NETWORK, "ACME", "Acme Trading"), _network(5051, "PARTNER", "Partner Logistics"))
MAILBOXES = (
    _mailbox(MAILBOX, NETWORK, "ACME-ORDERS", "Acme Trading, Orders"),
    _mailbox(12346, NETWORK, "ACME-INVOICES", "Acme Trading, Invoices"),
    _mailbox(12347, NETWORK, "ACME-ARCHIVE", "Acme Trading, Archive", "Suspended"),
    _mailbox(12400, 5051, "PARTNER-DEPOT", "Partner Logistics, Depot"),
)


def network_of(mailbox: int) -> int:
    """Return the network of a mailbox; mailbox 0 and one that is not here belong to the credential's own."""
    return next((int(one["networkId"]) for one in MAILBOXES if one["mailboxId"] == mailbox), NETWORK)
