"""The commands for a person."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from terraform_provider_ecgrid import __version__, cli
from terraform_provider_ecgrid.sandbox.fault_rules import parse
from terraform_provider_ecgrid.sandbox.faults import Fault


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
    assert all(command in out for command in ("install", "check", "sandbox", "serve", "--version"))


@pytest.mark.parametrize(
    "line",
    [
        ["nonsense"],
        ["serve"],
        ["sandbox", "--port", "65536"],
        ["sandbox", "--port", "-1"],
        ["sandbox", "--port", "x"],
        ["sandbox", "--lookups", "guesses"],
        ["install", "--platform", "linux_x86_64"],
        ["install", "--platform", "linux_arm64", "--uninstall"],
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


@pytest.mark.parametrize(("tools", "told"), [((), True), (("terraform",), False), (("tofu",), False)])
def test_install_says_that_terraform_is_not_on_path(
    tools: tuple[str, ...],
    told: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name in tools else None)
    assert cli.main(["install"]) == 0
    out = capsys.readouterr().out
    assert "Keep the Python that runs it" in out
    assert ("Terraform is not on PATH. Install it (https://" in out) is told


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
    excluded = '["registry.terraform.io/ecgrid/ecgrid", "registry.opentofu.org/ecgrid/ecgrid"]'
    assert f"direct block, add to that block: exclude = {excluded}" in out, "else the registry is asked as well"


def test_install_into_a_named_mirror_says_how_terraform_learns_of_it_and_uninstall_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "home"))
    mirror = tmp_path / "mirror"
    assert cli.main(["install", "--dir", str(mirror)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Installed ")
    assert "filesystem_mirror" in out
    assert json.dumps(str(mirror)) in out
    assert cli.main(["install", "--dir", str(mirror)]) == 0
    assert "is already installed" in capsys.readouterr().out
    assert cli.main(["install", "--dir", str(mirror), "--uninstall"]) == 0
    assert len([line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]) == 4
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert cli.main(["install", "--uninstall"]) == 0
    assert "is not installed in" in capsys.readouterr().out


def test_install_into_a_mirror_that_terraform_knows_by_itself_asks_for_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    mirror = tmp_path / "share" / "terraform" / "plugins"
    monkeypatch.setattr("terraform_provider_ecgrid.install._SHARED_MIRRORS", (str(mirror),))
    assert cli.main(["install", "--dir", str(mirror)]) == 0
    assert "filesystem_mirror" not in capsys.readouterr().out


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
    assert cli.main(["sandbox", "--port", "8080", "--db", "a.db", "--lookups", "events"]) == 7
    assert seen == [8080, Path("a.db"), "events", []]


def test_the_sandbox_gets_its_faults_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    module = ModuleType("terraform_provider_ecgrid.sandbox.server")

    def run(_port: int, _db: Path | None, _lookups: str, faults: list[Fault]) -> int:
        seen.extend(fault.rule for fault in faults)
        return 0

    module.run = run  # type: ignore[attr-defined]  # a stand-in module has no declared names
    monkeypatch.setitem(sys.modules, module.__name__, module)
    rules = ["create:2:reset-after", "*:10%@42:latency=2"]
    assert cli.main(["sandbox", "--fault", rules[0], f"--fault={rules[1]}"]) == 0
    assert seen == rules
    assert cli.main(["sandbox", "--fault", rules[1]]) == 0
    assert seen == [*rules, rules[1]], "no command line sees the rules of another"


def test_a_fault_rule_that_cannot_be_used_ends_the_command_with_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["sandbox", "--fault", "update:1:503", "--fault", "update:10%:slow"]) == 2
    *_usage, error = capsys.readouterr().err.splitlines()
    assert "argument --fault: 'slow' in 'update:10%:slow' is not a failure: use a status (503), " in error


def test_the_help_of_the_sandbox_shows_rules_that_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sandbox", "--help"]) == 0
    shown = re.findall(r"'(\S+)'", capsys.readouterr().out)
    assert shown
    assert [parse(rule).call for rule in shown] == [rule.partition(":")[0] for rule in shown]


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (ValueError("s3cret"), 1, "ValueError"),
        (KeyboardInterrupt(), 130, "terraform-provider-ecgrid: interrupted."),
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


@pytest.mark.parametrize(
    "port", ["x", "65536", "9" * 5000, "٣"], ids=["a word", "too large", "endless", "other digits"]
)
def test_a_port_that_is_none_is_quoted_and_blamed(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sandbox", "--port", port]) == 2
    assert f"{port[:40]!r}"[:-1] in capsys.readouterr().err
    assert cli.main(["sandbox", "--port", port]) == 2
    assert "is not a port: give a whole number from 0 (any free port) to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("line", [["check"], ["install", "--uninstall", "--dir", "nowhere"]])
def test_a_reader_that_goes_away_ends_the_command_as_sigpipe_does(line: list[str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "terraform_provider_ecgrid", *line], stdout=writing, stderr=subprocess.PIPE, cwd=tmp_path
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
