"""Prints a check: for a person, for a machine, or as a report that can be pasted into an issue."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from typing import Protocol, TextIO

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api.shapes import Shape
from terraform_provider_ecgrid.check.conclusion import Conclusion
from terraform_provider_ecgrid.check.step import MODEL_NAMES, Outcome, Step
from terraform_provider_ecgrid.plugin.authoring import fit_to_show

_COLOURS = {Outcome.OK: "32", Outcome.WARNING: "33", Outcome.FAILED: "31"}
_WIDTH = 14


class Printer(Protocol):
    """Prints what a check finds, as it finds it."""

    def step(self, step: Step) -> None:
        """Print one step."""

    def end(self, conclusion: Conclusion) -> None:
        """Print what all steps mean."""


class Lines:
    """One line per step for a person, the conclusion last; a second line says what to do."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._coloured = _is_coloured(stream)

    def step(self, step: Step) -> None:
        """Print one step."""
        line = f"{step.outcome.value:7}  {step.name:{_WIDTH}}  {step.text}"
        _print(self._stream, line, lambda line: self._colour(_COLOURS[step.outcome], line[:7]) + line[7:])
        if step.advice:
            _print(self._stream, f"{'':7}  {'':{_WIDTH}}  {step.advice}")

    def end(self, conclusion: Conclusion) -> None:
        """Print the conclusion."""
        _print(self._stream, conclusion.text, lambda line: self._colour("1", line))

    def _colour(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._coloured else text


class JsonLines:
    """One JSON object per line, the conclusion last."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def step(self, step: Step) -> None:
        """Print one step."""
        said = {"step": step.name, "outcome": step.outcome.value, "text": step.text, "advice": step.advice or None}
        self._line(said | dict(step.details))

    def end(self, conclusion: Conclusion) -> None:
        """Print the conclusion."""
        self._line(
            {
                "step": "conclusion",
                "outcome": (Outcome.OK if conclusion.works else Outcome.FAILED).value,
                "text": conclusion.text,
                "works": conclusion.works,
                "model": MODEL_NAMES[conclusion.model] if conclusion.model else None,
                "drift": conclusion.drift,
                "scope": conclusion.scope,
                "authentication_type": conclusion.authentication_type,
            }
        )

    def _line(self, fields: dict[str, object]) -> None:
        _print(self._stream, json.dumps(fields))


class Report:
    """Which steps went well, the model, and the shapes of the answers: no value of the account."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._callbacks = 0
        self._shapes: dict[Shape, None] = {}
        _print(
            stream,
            f"terraform-provider-ecgrid {__version__} check --report, Python {platform.python_version()}, "
            f"{platform.system()}",
        )

    def note(self, shape: Shape) -> None:
        """Keep the shape of an answer; the same one again is not printed again."""
        self._shapes[shape] = None

    def step(self, step: Step) -> None:
        """Print how one step ended."""
        name = step.name
        if "callback_id" in step.details:
            self._callbacks += 1
            name = f"callback {self._callbacks}"  # not its id
        error = step.details.get("error")
        _print(self._stream, f"{name}: {step.outcome.value}{f' ({error})' if error else ''}{_lookups(step)}")

    def end(self, conclusion: Conclusion) -> None:
        """Print the model and the shapes."""
        model = MODEL_NAMES[conclusion.model] if conclusion.model else "not known"
        _print(self._stream, f"model: {model}")
        for shape in self._shapes:
            _print(self._stream, f"{shape.call} -> {shape.status} {shape.body}")


def _lookups(step: Step) -> str:
    each = step.details.get("lookups")
    return f" ({', '.join(f'{call}: {said}' for call, said in each.items())})" if isinstance(each, dict) else ""


def _is_coloured(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    # The old console of Windows shows the codes themselves.
    return os.name != "nt" or bool(os.environ.get("WT_SESSION") or os.environ.get("TERM"))


def _print(stream: TextIO, line: str, coloured: Callable[[str], str] = str) -> None:
    """Print one line at once, fit to be shown; what the terminal's encoding lacks is replaced."""
    encoding = stream.encoding or "utf-8"
    shown = " ".join(fit_to_show(line).split("\n"))
    stream.write(coloured(shown.encode(encoding, "replace").decode(encoding)) + "\n")
    stream.flush()
