"""The standalone archive: where Terraform may take it from, that it needs no Python, and what a release consists of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests import standalone
from tests.acceptance.harness import Terraform
from tests.acceptance.network_mirror import network_mirror
from tests.acceptance.test_smoke import ADDRESS, TAKE_OVER

NAME = "terraform-provider-ecgrid"
MEGABYTES = 25


@pytest.fixture
def archive() -> Path:
    return standalone.archive()


@pytest.fixture
def bare(terraform: Terraform, tmp_path: Path) -> Terraform:
    """A Terraform whose PATH holds nothing at all, and whose CLI configuration says nothing yet."""
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    terraform.env |= {"PATH": str(nothing), "TF_CLI_CONFIG_FILE": str(tmp_path / "mirror.tfrc")}
    assert not any(shutil.which(name, path=terraform.environment()["PATH"]) for name in ("python3", "python", "sh"))
    return terraform


def installation(terraform: Terraform, method: str) -> None:
    """Let a Terraform take providers from one place and no other."""
    config = terraform.environment()["TF_CLI_CONFIG_FILE"]
    Path(config).write_text(f"provider_installation {{\n  {method}\n}}\n", encoding="utf-8")


def test_a_packed_mirror_serves_a_machine_without_python(
    bare: Terraform, sandbox: Sandbox, archive: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "mirror" / bare.release.registry / "ecgrid" / "ecgrid"
    packed.mkdir(parents=True)
    shutil.copy(archive, packed)
    installation(bare, f"filesystem_mirror {{ path = {json.dumps(str(tmp_path / 'mirror'))} }}")
    bare.write(TAKE_OVER)
    bare.run("init")
    bare.apply()
    (write,) = sandbox.writes()
    assert (write.body or {})["callbackId"] == 7001
    assert bare.state(ADDRESS)["event"] == "Parcel"
    bare.destroy()


def test_a_network_mirror_and_an_api_with_a_private_authority_are_trusted(
    bare: Terraform, sandbox: Sandbox, archive: Path, tmp_path: Path
) -> None:
    bare.write(TAKE_OVER)
    with network_mirror(tmp_path, archive, bare.release.registry, sandbox.url) as mirror:
        installation(bare, f"network_mirror {{ url = {json.dumps(mirror.url)} }}")
        bare.env["ECGRID_BASE_URL"] = mirror.url
        assert "certificate" in bare.run("init", expect=1).text, "the authority must be unknown until it is named"
        bare.env["SSL_CERT_FILE"] = str(mirror.authority)
        bare.run("init")
        assert mirror.asked[-1].endswith(".zip")
        bare.apply()
    (write,) = sandbox.writes()
    assert (write.body or {})["callbackId"] == 7001


def test_the_archive_holds_the_provider_and_nothing_that_it_never_loads(archive: Path) -> None:
    assert archive.stat().st_size <= MEGABYTES * 1_000_000
    with zipfile.ZipFile(archive) as packed:
        members = {info.filename: info for info in packed.infolist()}
        executable = members[f"{NAME}_v{__version__}"]
        assert executable.external_attr >> 16 & 0o777 == 0o755
        assert [name for name in members if "/" not in name and name.startswith(NAME)] == [executable.filename]
        assert {"LICENSE", "licenses/cryptography/LICENSE.APACHE"} < set(members)
        assert "_internal/terraform_provider_ecgrid/prepared/GetProviderSchema.binpb" in members
        content = packed.read(executable)
    assert b"terraform_provider_ecgrid.resources.callback" in content, "the modules' names must be readable here"
    unwanted = ("terraform_provider_ecgrid.sandbox", "fastapi", "uvicorn", "pytest", "hypothesis", "grpc_tools", "mypy")
    assert [name for name in unwanted if name.encode() in content] == []
    assert [name for name in members if name.startswith(tuple(f"_internal/{one}" for one in unwanted))] == []


def test_the_standalone_says_that_it_needs_no_installation_and_has_no_sandbox(archive: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "zipfile", "-e", archive, tmp_path], check=True)
    executable = tmp_path / f"{NAME}_v{__version__}"
    executable.chmod(0o755)
    for command, words in (("install", "filesystem mirror"), ("sandbox", "pip install")):
        done = subprocess.run([executable, command], capture_output=True, text=True, check=False, env={})
        assert done.returncode == 1
        assert words in done.stderr.replace("\n", " ")
        assert "bug in the provider" not in done.stderr


def checksums(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(standalone.DIST), "checksums", "--into", str(folder), *arguments]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def test_the_checksums_cover_every_archive_of_this_version_and_the_manifest(tmp_path: Path) -> None:
    for platform in ("linux_amd64", "windows_amd64"):
        (tmp_path / f"{NAME}_{__version__}_{platform}.zip").write_text(platform)
    (tmp_path / f"{NAME}_0.0.0_linux_amd64.zip").write_text("of another version")
    done = checksums(tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = tmp_path / f"{NAME}_{__version__}_manifest.json"
    assert json.loads(manifest.read_text())["metadata"] == {"protocol_versions": ["6.0"]}
    sums = tmp_path / f"{NAME}_{__version__}_SHA256SUMS"
    assert [line.split("  ")[1] for line in sums.read_text().splitlines()] == [
        f"{NAME}_{__version__}_linux_amd64.zip",
        f"{NAME}_{__version__}_windows_amd64.zip",
        manifest.name,
    ]
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", sums.name], cwd=tmp_path, check=True)


def test_checksums_of_nothing_are_refused(tmp_path: Path) -> None:
    done = checksums(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "make dist" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_given_key_signs_the_checksums(tmp_path: Path, short: Path) -> None:
    if not shutil.which("gpg"):
        if os.environ.get("CI"):
            pytest.fail("gpg is not installed")
        pytest.skip("gpg is not installed")
    home = short  # gpg's agent listens at a socket in it
    (home / "gpg-agent.conf").write_text("s2k-count 65536\n")  # else it measures for seconds how slow it has to be
    gpg = ["gpg", "--homedir", str(home), "--batch"]
    made = [*gpg, "--passphrase", "s3cret", "--pinentry-mode", "loopback", "--quick-gen-key", "releases@example.com"]
    made += ["ed25519", "sign"]
    try:
        subprocess.run(made, check=True, capture_output=True)
        (tmp_path / f"{NAME}_{__version__}_linux_amd64.zip").write_text("an archive")
        signing = {"GNUPGHOME": str(home), "GPG_FINGERPRINT": "releases@example.com"}
        refused = checksums(tmp_path, **signing, GPG_PASSPHRASE="wrong")
        assert refused.returncode == 1
        assert "could not sign" in refused.stderr
        done = checksums(tmp_path, **signing, GPG_PASSPHRASE="s3cret")
        assert done.returncode == 0, done.stderr
        sums = tmp_path / f"{NAME}_{__version__}_SHA256SUMS"
        subprocess.run([*gpg, "--verify", f"{sums}.sig", sums], check=True, capture_output=True)
        assert not Path(f"{sums}.sig").read_bytes().startswith(b"-----"), "the registry reads the binary form"
        # Checksums that are written anew without a key must not keep the old signature.
        assert checksums(tmp_path, GPG_FINGERPRINT="").returncode == 0
        assert not Path(f"{sums}.sig").exists()
    finally:
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False, capture_output=True)
