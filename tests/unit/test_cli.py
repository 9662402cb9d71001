"""The commands for a person."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from terraform_provider_ecgrid import __version__, cli


def test_without_arguments_it_says_what_it_is_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Terraform provider" in err
    assert "terraform-provider-ecgrid install" in err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"terraform-provider-ecgrid {__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(command in out for command in ("install", "sandbox", "serve", "--version"))


@pytest.mark.parametrize(
    "line",
    [
        ["nonsense"],
        ["serve"],
        ["sandbox", "--port", "65536"],
        ["sandbox", "--port", "-1"],
        ["sandbox", "--port", "x"],
        ["sandbox", "--lookups", "guesses"],
    ],
)
def test_a_senseless_command_line_is_explained(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(line) == 2
    assert "usage:" in capsys.readouterr().err


def test_install_says_what_it_wrote_and_what_to_paste(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    assert cli.main(["install"]) == 0
    out = capsys.readouterr().out
    written = [line.strip() for line in out.splitlines() if line.startswith(f"  {tmp_path}")]
    assert len(written) >= 2
    assert all(Path(file).is_file() for file in written)
    assert 'source  = "ecgrid/ecgrid"' in out
    assert "filesystem_mirror" not in out


def test_install_tells_of_a_configuration_that_looks_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    config = tmp_path / "cli.tfrc"
    config.write_text("provider_installation {\n}\n")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(config))
    assert cli.main(["install"]) == 0
    out = capsys.readouterr().out
    assert str(config) in out
    assert "filesystem_mirror" in out


def test_install_into_a_home_that_is_a_file_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "file"
    home.write_text("")
    monkeypatch.setenv("HOME", str(home))
    assert cli.main(["install"]) == 1
    err = capsys.readouterr().err
    assert str(home) in err
    assert len(err.splitlines()) == 1


def test_the_sandbox_without_its_extra_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("terraform_provider_ecgrid.sandbox")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert cli.main(["sandbox"]) == 1
    err = capsys.readouterr().err
    assert "uvicorn" in err
    assert "[sandbox]" in err


def test_the_sandbox_gets_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    module = ModuleType("terraform_provider_ecgrid.sandbox.server")

    def run(*arguments: object) -> int:
        seen.extend(arguments)
        return 7

    module.run = run  # type: ignore[attr-defined]  # a stand-in module has no declared names
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert cli.main(["sandbox", "--port", "8080", "--db", "a.db", "--lookups", "deliveries"]) == 7
    assert seen == [8080, Path("a.db"), "deliveries"]


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (ValueError("s3cret"), 1, "ValueError"),
        (KeyboardInterrupt(), 130, ""),
        (PermissionError(13, "Permission denied"), 1, "denied"),
    ],
)
def test_no_failure_shows_a_traceback_or_a_value(
    failure: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise failure

    monkeypatch.setattr(cli, "_install", fail)
    assert cli.main(["install"]) == code
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err
    assert "s3cret" not in err
