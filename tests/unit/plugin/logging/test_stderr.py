from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from terraform_provider_ecgrid.plugin.logging import stderr as logs
from terraform_provider_ecgrid.plugin.logging.hclog import HclogFormatter
from terraform_provider_ecgrid.plugin.logging.redaction import MASK, conceal
from tests.unit.plugin.logging.test_redaction import forget

SECRET = "k3y-of-the-account"


class Output:
    """What was logged, line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Iterator[Output]:
    monkeypatch.setenv("TF_LOG", "trace")
    monkeypatch.delenv("TF_LOG_PROVIDER", raising=False)
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook
    made = Output()
    logs.install(made.stream, quiet=["talkative"])
    yield made
    logging.captureWarnings(False)
    root.handlers[:], level, sys.excepthook, threading.excepthook, sys.unraisablehook = before
    root.setLevel(level)
    logging.getLogger("talkative").setLevel(logging.NOTSET)
    forget()


def test_a_record_is_one_hclog_line(output: Output) -> None:
    logging.getLogger("some.module").info("sent %s\nand more", 7001, extra={"status": 200, "host": "example.com"})
    (line,) = output.lines
    assert line.pop("@timestamp")
    assert line == {
        "@level": "info",
        "@message": "sent 7001\nand more",
        "@module": "some.module",
        "status": 200,
        "host": "example.com",
    }


def test_the_timestamp_is_rfc_3339_with_microseconds() -> None:
    record = logging.makeLogRecord({"created": 1_800_000_000.25, "levelno": logging.INFO})
    assert json.loads(HclogFormatter().format(record))["@timestamp"] == "2027-01-15T08:00:00.250000Z"


@pytest.mark.parametrize(
    ("number", "name"), [(5, "trace"), (10, "debug"), (20, "info"), (30, "warn"), (40, "error"), (50, "error")]
)
def test_levels_have_hclogs_names(output: Output, number: int, name: str) -> None:
    logging.getLogger("x").log(number, "text")
    assert output.lines[0]["@level"] == name


def test_a_field_of_any_type_is_json(output: Output) -> None:
    fields = {"no": None, "yes": True, "part": 0.5, "endless": float("inf"), "list": [1, "a"], "@level": "trace"}
    logging.getLogger("x").warning("text", extra=fields)
    assert "Infinity" not in output.text
    (line,) = output.lines
    shown = [line[name] for name in fields]
    assert shown == [None, True, 0.5, "inf", "[1, 'a']", "warn"]


def test_what_another_formatter_wrote_of_an_exception_is_not_shown(output: Output) -> None:
    logging.getLogger("x").handle(logging.makeLogRecord({"name": "x", "levelno": 40, "exc_text": SECRET}))
    logging.getLogger("x").error("no exception", exc_info=True)
    assert SECRET not in output.text
    assert ["traceback" in line or "exc_info" in line for line in output.lines] == [False, False]


@pytest.mark.parametrize(
    ("general", "provider", "level"),
    [
        ("TRACE", None, 5),
        ("json", None, 5),
        ("debug", None, logging.DEBUG),
        ("info", None, logging.INFO),
        ("warn", None, logging.WARNING),
        ("error", None, logging.ERROR),
        ("off", None, logging.WARNING),
        (None, None, logging.WARNING),
        ("trace", "error", logging.ERROR),
        ("error", "debug", logging.DEBUG),
        ("1", None, 5),
        ("", "", logging.WARNING),
    ],
)
def test_the_level_is_terraforms(
    general: str | None, provider: str | None, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("TF_LOG", general), ("TF_LOG_PROVIDER", provider)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert logs.level_from_environment() == level


def test_a_traceback_shows_frames_and_types_and_no_text(output: Output) -> None:
    try:
        try:
            raise KeyError("first " + SECRET)
        except KeyError as error:
            raise ValueError("second " + SECRET) from error
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = output.lines
    assert "builtins.KeyError" in line["traceback"]
    assert "builtins.ValueError" in line["traceback"]
    assert "test_stderr.py" in line["traceback"]
    assert SECRET not in output.text


def test_a_group_of_exceptions_shows_its_members(output: Output) -> None:
    logging.getLogger("x").error("failed", exc_info=ExceptionGroup(SECRET, [OSError(SECRET), TypeError(SECRET)]))
    assert "builtins.OSError" in output.text
    assert "builtins.TypeError" in output.text
    assert SECRET not in output.text


def test_a_chain_that_bites_its_tail_ends(output: Output) -> None:
    one, other = ValueError(), TypeError()
    one.__context__, other.__context__ = other, one
    logging.getLogger("x").error("failed", exc_info=one)
    assert "builtins.TypeError" in output.text


def test_a_concealed_secret_is_in_no_field(output: Output) -> None:
    conceal(SECRET)
    logging.getLogger("x").warning("sent %s", SECRET, extra={"header": SECRET, "headers": {"X-API-Key": SECRET}})
    assert SECRET not in output.text
    assert output.lines[0]["@message"] == f"sent {MASK}"


def test_a_long_text_is_cut_after_the_secret_is_out(output: Output) -> None:
    conceal(SECRET)
    logging.getLogger("x").warning("%s", "x" * (12_000 - len(MASK)) + SECRET + "y" * 100_000)
    assert SECRET[:8] not in output.text
    assert len(output.text) < 60_000
    assert output.lines[0]["@message"].endswith(f"{MASK} …")


@pytest.mark.parametrize("name", ["talkative", "talkative.part"])
def test_loggers_that_are_to_be_quiet_are_held_at_warnings(output: Output, name: str) -> None:
    logger = logging.getLogger(name)
    logger.setLevel(logging.DEBUG)
    logger.info("HTTP Request: POST https://example.com/hook?token=1")
    logger.warning("slow")
    logger.setLevel(logging.NOTSET)
    assert [line["@message"] for line in output.lines] == ["slow"]


def test_a_record_that_cannot_be_written_does_not_show_its_arguments(
    output: Output, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.install(output.stream)  # again, so that pytest's own handler, which raises, is not asked
    logging.getLogger("x").warning("%d and %d", SECRET)
    assert "could not be written" in output.lines[0]["@message"]
    assert SECRET not in output.text + "".join(capsys.readouterr())


def test_a_closed_stream_is_no_error(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.stream.close()
    logging.getLogger("x").warning("nobody reads")
    assert capsys.readouterr() == ("", "")


def test_what_is_printed_is_redacted_line_by_line(monkeypatch: pytest.MonkeyPatch, output: Output) -> None:
    conceal(SECRET)
    printed = io.StringIO()
    monkeypatch.setattr(sys, "stderr", printed)
    monkeypatch.setattr(sys, "stdout", printed)  # as it is in a plugin, whose stdout is Terraform's
    logs.install()
    logs.install()
    sys.stdout.write(f"one {SECRET[:5]}")
    sys.stderr.write(f"{SECRET[5:]} two\nthree\n")
    logging.getLogger("x").warning("a record")
    sys.stderr.write(f"the end {SECRET}")
    sys.stderr.flush()
    one, three, record, end = printed.getvalue().splitlines()
    assert [one, three, end] == [f"one {MASK} two", "three", f"the end {MASK}"]
    assert json.loads(record)["@message"] == "a record"


def test_a_closed_stderr_is_no_error(monkeypatch: pytest.MonkeyPatch, output: Output) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    logs.install()
    logging.getLogger("x").warning("nobody reads")


def test_an_uncaught_exception_is_a_record(output: Output) -> None:
    error = ValueError(SECRET)
    sys.excepthook(ValueError, error, None)
    thread = threading.Thread(target=lambda: int(SECRET))
    thread.start()
    thread.join()
    assert [line["@level"] for line in output.lines] == ["error", "error"]
    assert output.text.count("builtins.ValueError") == 2
    assert SECRET not in output.text


def test_a_warning_is_a_record(output: Output) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(False)
    assert output.lines[0]["@module"] == "py.warnings"


def test_no_control_character_is_logged(output: Output) -> None:
    logging.getLogger("x").info("said %s", "a\x1b[31m\nb", extra={"words": "c\x9bd\u202e"})
    (line,) = output.lines
    assert (line["@message"], line["words"]) == ("said a\ufffd[31m\nb", "c\ufffdd\ufffd")
    printed = io.StringIO()
    logs.RedactedStream(printed).write("a\x1b[31m\n")
    assert printed.getvalue() == "a\ufffd[31m\n"
