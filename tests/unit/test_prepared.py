"""The answers that `make schema` prepares are those of the provider, and are what its process answers with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from terraform_provider_ecgrid.__main__ import PREPARED
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.unit.plugin.go_plugin.plugin_process import CLIENT, COOKIE, ROOT, SECONDS, open_channel, path


def test_prepared_answers_are_what_the_provider_answers() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "schema.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_process_that_is_asked_for_schemas_gives_what_is_prepared(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "terraform_provider_ecgrid"]
    env = os.environ | COOKIE | CLIENT | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            fields = process.stdout.readline().decode().strip().split("|")
            with open_channel(fields[2], fields[3], fields[5]) as channel:
                for name in ("GetProviderSchema", "GetResourceIdentitySchemas"):
                    answer = channel.unary_unary(path(name))(b"", wait_for_ready=True, timeout=SECONDS)
                    assert answer == (Path(PREPARED) / f"{name}.binpb").read_bytes()
        finally:
            process.kill()


def test_a_prepared_answer_has_what_terraform_asks_for() -> None:
    answer = pb.GetProviderSchema.Response.FromString((Path(PREPARED) / "GetProviderSchema.binpb").read_bytes())
    assert not answer.diagnostics
    assert answer.server_capabilities.get_provider_schema_optional
    assert set(answer.resource_schemas) == {"ecgrid_callback"}
