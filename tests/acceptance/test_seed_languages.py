"""The vendor's page shows its update in several languages: from each of them it leaves the same registration behind."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.seed import UPDATE

REGISTERED = UPDATE | {"event": "Parcel", "mailboxId": 12345, "networkId": 0}

# Each program gets the request's body on its standard input, the API's address and key in its environment.
PYTHON = """
import os, sys
from urllib.request import Request, urlopen
target = os.environ["ECGRID_BASE_URL"] + "/v2/callbacks/update"
head = {"X-API-Key": os.environ["ECGRID_API_KEY"], "Content-Type": "application/json"}
print(urlopen(Request(target, sys.stdin.buffer.read(), head)).read().decode())
"""
NODE = """
const {ECGRID_BASE_URL: base, ECGRID_API_KEY: key} = process.env;
const body = require("fs").readFileSync(0);
const headers = {"X-API-Key": key, "Content-Type": "application/json"};
fetch(base + "/v2/callbacks/update", {method: "POST", body, headers})
  .then(answer => answer.ok ? answer.text() : Promise.reject(answer.status)).then(console.log);
"""
JAVA = """
import java.net.URI;
import java.net.http.*;
class Update {
  public static void main(String[] none) throws Exception {
    var target = URI.create(System.getenv("ECGRID_BASE_URL") + "/v2/callbacks/update");
    var body = HttpRequest.BodyPublishers.ofByteArray(System.in.readAllBytes());
    var call = HttpRequest.newBuilder(target).POST(body).header("Content-Type", "application/json")
        .header("X-API-Key", System.getenv("ECGRID_API_KEY")).build();
    var answer = HttpClient.newHttpClient().send(call, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) System.exit(1);
    System.out.println(answer.body());
  }
}
"""


def _curl(url: str, key: str, _: Path) -> list[str]:
    headers = ["-H", f"X-API-Key: {key}", "-H", "Content-Type: application/json"]
    return ["--silent", "--fail", "--noproxy", "*", *headers, "--data-binary", "@-", f"{url}/v2/callbacks/update"]


def _python(_url: str, _key: str, _: Path) -> list[str]:
    return ["-c", PYTHON]


def _node(_url: str, _key: str, _: Path) -> list[str]:
    return ["-e", NODE]


def _java(_url: str, _key: str, folder: Path) -> list[str]:
    source = folder / "Update.java"
    source.write_text(JAVA)
    return [str(source)]


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("curl", _curl), (sys.executable, _python), ("node", _node), ("java", _java)],
    ids=["curl", "python", "node", "java"],
)
def test_the_seed_update_registers_the_same_from_every_language(
    program: str, arguments: Callable[[str, str, Path], list[str]], tmp_path: Path
) -> None:
    if shutil.which(program) is None:
        # The tests need Python alone; only a CI job, which promises every language, must not lose one unnoticed.
        assert os.environ.get("CI") != "true", f"{program} is missing"
        pytest.skip(f"{program} is not installed")
    with Sandbox() as sandbox:
        ended = subprocess.run(
            [program, *arguments(sandbox.url, sandbox.api_key, tmp_path)],
            input=json.dumps(UPDATE),
            env=os.environ
            | {"ECGRID_BASE_URL": sandbox.url, "ECGRID_API_KEY": sandbox.api_key, "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        stored = sandbox.store.get(7001)
        assert stored is not None
        assert {name: stored[name] for name in REGISTERED} == REGISTERED
        (sent,) = sandbox.requests
        assert (sent.call, sent.body, sent.status) == ("update", UPDATE, 200)
    secrets = {"username", "password"}
    answered = {name: value for name, value in REGISTERED.items() if name not in secrets}
    assert json.loads(ended.stdout) == {"success": True, "data": answered}
