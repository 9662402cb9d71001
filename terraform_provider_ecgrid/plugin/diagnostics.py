"""What goes wrong, in words for Terraform and for the log: no value is in either.

An exception's text can hold what the failing code had in its hands, secrets included. So Terraform is told the
exception's type, and the log shows the lines of code that it passed. Every text for Terraform passes `fit_to_show`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tf.utils import AttributePath, Diagnostic, Diagnostics

from terraform_provider_ecgrid.plugin.logging.redaction import fit_to_show
from terraform_provider_ecgrid.plugin.logging.tracebacks import traceback_of
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

_log = logging.getLogger(__name__)

MISTAKE = "This is a bug in the provider. Please report it to the provider's developers."

_CHANGING = ("ApplyResourceChange", "InvokeAction")

_SEVERITIES = {
    Diagnostic.ERROR: pb.Diagnostic.Severity.ERROR,
    Diagnostic.WARNING: pb.Diagnostic.Severity.WARNING,
    Diagnostic.INVALID: pb.Diagnostic.Severity.INVALID,
}


class CallError(Exception):
    """Ends a call early with errors whose text is safe to show."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("the call ends with errors")
        self.diagnostics = diagnostics


def call_error(summary: str, detail: str) -> CallError:
    """Make a `CallError` of one error; `detail` is full sentences and is shown as it is."""
    return CallError(Diagnostic(Diagnostic.ERROR, summary, detail))


@contextmanager
def guarded(diagnostics: Diagnostics, doing: str) -> Iterator[None]:
    """Turn an exception in the block into errors in `diagnostics`; earlier diagnostics stay.

    `doing` completes "… failed", such as "ReadResource of toy_counter".
    """
    try:
        yield
    except CallError as end:
        diagnostics.diagnostics.extend(end.diagnostics)
    except Exception as exc:  # noqa: BLE001 - the code of any provider runs in the block
        diagnostics.diagnostics.append(unexpected(doing, exc))


def unexpected(doing: str, exc: BaseException) -> Diagnostic:
    """Make the error for an exception that nobody expected, and log where it came from."""
    kind = type(exc).__name__
    _log.error("%s failed with %s", doing, kind, extra={"traceback": traceback_of(exc)})
    last = " Before you run the command again, check what this run has changed." if doing.startswith(_CHANGING) else ""
    return Diagnostic(
        Diagnostic.ERROR,
        "Unexpected error in the provider",
        f"{doing} failed with {kind}, which is a bug in the provider. Set TF_LOG_PROVIDER=error to see in the log "
        f"where it happened, and report what the log shows to the provider's developers.{last}",
    )


def encode_diagnostics(diagnostics: Diagnostics) -> list[pb.Diagnostic]:
    """Write diagnostics as messages, in their order."""
    return [encode_diagnostic(diagnostic) for diagnostic in diagnostics.diagnostics]


def encode_diagnostic(diagnostic: Diagnostic) -> pb.Diagnostic:
    """Write one diagnostic as a message."""
    return pb.Diagnostic(
        severity=_SEVERITIES[diagnostic.severity],
        summary=fit_to_show(diagnostic.summary),
        detail=fit_to_show(diagnostic.detail or ""),
        attribute=attribute_path(diagnostic.path) if diagnostic.path else None,
    )


def attribute_path(path: AttributePath) -> pb.AttributePath:
    """Write a path: a `str` is an attribute's name, `("key",)` a key of a map, `(0,)` an index of a list."""
    return pb.AttributePath(steps=[_step(step) for step in path])


def _step(step: str | tuple[str | int]) -> pb.AttributePath.Step:
    if isinstance(step, str):
        return pb.AttributePath.Step(attribute_name=step)
    if isinstance(step[0], str):
        return pb.AttributePath.Step(element_key_string=step[0])
    return pb.AttributePath.Step(element_key_int=step[0])
