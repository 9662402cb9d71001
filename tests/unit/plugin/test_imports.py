"""What a process has loaded when it has answered: what a call does not need must not cost the time of every command.

A structure, no timing: which modules are in `sys.modules` in a process that has come so far and no further. (For the
handshake line: go_plugin/test_serve.py.)
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .go_plugin.plugin_process import ROOT

_SCRIPT = """
import sys, threading
import msgpack
from terraform_provider_ecgrid.__main__ import load_provider
from terraform_provider_ecgrid.plugin.go_plugin import after_line

calls = after_line.load(load_provider, threading.Event(), quiet=()).unary()

def call(name, **fields):
    from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as messages
    kind = getattr(messages, name)
    data = calls["/tfplugin6.Provider/" + name](kind.Request(**fields).SerializeToString())
    answer = kind.Response.FromString(data)
    assert not answer.diagnostics, answer
    return answer

def value(**attributes):
    return {"msgpack": msgpack.packb(attributes)}

def loaded():
    for name in sorted(sys.modules):
        print(name)
"""
_CONFIG = '{"url": "https://app.example.com/hooks", "event": "Parcel"}'
_SCHEMA = 'assert call("GetProviderSchema").resource_schemas\n'
_VALIDATE = (
    'call("ValidateProviderConfig", config=value())\n'
    f'call("ValidateResourceConfig", type_name="ecgrid_callback", config=value(**{_CONFIG}))\n'
)
_PLAN = (
    "schema = call('GetProviderSchema').resource_schemas['ecgrid_callback'].block\n"
    f"config = dict.fromkeys((one.name for one in schema.attributes), None) | {_CONFIG}\n"
    "unknown = msgpack.ExtType(0, b'')\n"
    "proposed = {one.name: unknown if one.computed and config[one.name] is None else config[one.name] "
    "for one in schema.attributes}\n"
    "call('PlanResourceChange', type_name='ecgrid_callback', prior_state={'msgpack': msgpack.packb(None)}, "
    "proposed_new_state=value(**proposed), config=value(**config))\n"
)
_CONFIGURE = 'call("ConfigureProvider", config=value(), terraform_version="1.15.5")\n'
# Through the network's own door, though nothing listens there.
_CALL = """
from pydantic import SecretStr
from terraform_provider_ecgrid.api.client import ApiKey, Client
from terraform_provider_ecgrid.api.errors import NotConnected
client = Client("http://127.0.0.1:1", ApiKey(SecretStr("key")), max_retries=0)
try:
    client.get_queue_entry(7001)
except NotConnected:
    pass
"""

# Packages and modules, each with everything below it.
_NEVER = {
    "click",
    "fastapi",
    "google.protobuf.internal.python_message",
    "google.protobuf.text_format",
    "grpc",
    "pygments",
    "pythonjsonlogger",
    "terraform_provider_ecgrid.cli",
    "terraform_provider_ecgrid.sandbox",
    "tf.gen.tfplugin_pb2_grpc",
    "tf.provider",
    "tf.runner",
    "uvicorn",
}
_NOT_WITHOUT_THE_API = _NEVER | {
    "asyncio",
    "calendar",
    "decimal",
    "email",
    "http",
    "httpcore",
    "httpx",
    "pydantic",
    "pydantic_core",
    "terraform_provider_ecgrid.api.client",
    "terraform_provider_ecgrid.api.models",
    "terraform_provider_ecgrid.callback.update",
    "terraform_provider_ecgrid.callback.private_state",
    "terraform_provider_ecgrid.callback.plan",
    "truststore",
    "urllib.request",
}


def run(script: str, **environment: str) -> set[str]:
    """Run in a fresh interpreter and return what it printed, line by line."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TF_LOG")}
    env |= {"ECGRID_API_KEY": "key", **environment}
    command = [sys.executable, "-c", _SCRIPT + script]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def superfluous(loaded: set[str], unwanted: set[str]) -> set[str]:
    """Return what of `unwanted` is there, or anything below it."""
    return {name for name in unwanted if any(one == name or one.startswith(name + ".") for one in loaded)}


def test_a_schema_needs_no_rules_for_values() -> None:
    rules = "terraform_provider_ecgrid.callback.rules"
    assert superfluous(run(_SCHEMA + "loaded()"), {"difflib", "ipaddress", rules, "urllib"}) == set()


@pytest.mark.parametrize("calls", [_SCHEMA, _VALIDATE], ids=["schema", "validation"])
def test_nothing_of_the_api_is_loaded_for_what_needs_none(calls: str) -> None:
    loaded = run(calls + "loaded()")
    assert "tf.schema" in loaded
    assert superfluous(loaded, _NOT_WITHOUT_THE_API) == set()


def test_nothing_of_the_api_is_loaded_for_a_plan_of_what_is_new() -> None:
    loaded = run(_CONFIGURE + _PLAN + "loaded()")
    assert "terraform_provider_ecgrid.callback.plan" in loaded
    planning = {"terraform_provider_ecgrid.callback.plan", "decimal"}
    assert superfluous(loaded, _NOT_WITHOUT_THE_API - planning) == set()


def test_the_api_is_used_without_what_its_libraries_load_for_others() -> None:
    loaded = run(_CALL + "loaded()")
    assert "terraform_provider_ecgrid.api.client" in loaded
    others = {"asyncio", "certifi", "email.message", "email.utils", "html", "http", "httpx._main", "importlib.metadata"}
    assert superfluous(loaded, _NEVER | others | {"tempfile", "urllib.request"}) == set()


def test_what_was_not_loaded_can_be_used_afterwards() -> None:
    script = (
        "from google.protobuf import text_format\n"
        "from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as messages\n"
        "print(text_format.MessageToString(messages.DynamicValue(json=b'1')).strip().replace(' ', ''))"
    )
    assert run("import terraform_provider_ecgrid.api.client\n" + script) == {'json:"1"'}


def test_httpx_can_do_afterwards_what_the_api_client_does_without() -> None:
    script = (
        "import httpcore, httpx\n"
        "with httpx.Client() as client:\n"  # the environment's proxies
        "    client.auth = httpx.DigestAuth('user', 'password')\n"
        "assert httpcore.default_ssl_context().cert_store_stats()['x509_ca']\n"
        "kind = {'Content-Type': 'text/plain; charset=latin-1'}\n"
        "assert httpx.Response(200, headers=kind, content=bytes([0xe9])).text == chr(0xe9)\n"
        "from http.cookiejar import CookieJar\n"
        "print(httpx.Client(cookies=CookieJar()).cookies.jar.__class__.__name__)"
    )
    assert run(_CALL + script) == {"CookieJar"}


def test_protobufs_implementation_in_python_is_loaded_where_it_is_the_one_in_use() -> None:
    loaded = run(_SCHEMA + "loaded()", PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION="python")
    assert "google.protobuf.internal.python_message" in loaded
