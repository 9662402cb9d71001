"""What a terminal gets of a check."""

from __future__ import annotations

import io

from terraform_provider_ecgrid.check.output import Lines
from terraform_provider_ecgrid.check.step import Outcome, Step


def test_no_control_character_of_an_answer_reaches_the_terminal_and_each_step_stays_one_line() -> None:
    stream = io.StringIO()
    Lines(stream).step(Step("credential", Outcome.OK, "login a\x1b[2J\nok       forged  b\u202e"))
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().rstrip("\n").isprintable()
