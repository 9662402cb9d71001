"""A provider of one resource on `pyvider`, the other framework for Python, in a virtual environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_HELLO = """
from attrs import define
from pyvider.providers import BaseProvider, ProviderMetadata, register_provider
from pyvider.resources import BaseResource, register_resource
from pyvider.schema import a_str, s_provider, s_resource


@register_provider("hello")
class Hello(BaseProvider):
    def __init__(self):
        super().__init__(metadata=ProviderMetadata(name="hello", version="1.0.0", protocol_version="6"))

    @classmethod
    def get_schema(cls):
        return s_provider({})


@define
class Words:
    name: str


@register_resource("hello_greeting")
class Greeting(BaseResource):
    config_class = state_class = Words

    @classmethod
    def get_schema(cls):
        return s_resource({"name": a_str(required=True)})

    async def _validate_config(self, config):
        return []

    async def read(self, ctx):
        return ctx.state

    async def _create_apply(self, ctx):
        return Words(name=ctx.config.name), None

    async def _delete_apply(self, ctx):
        pass
"""
_ENTRY_POINT = "[pyvider]\nhello = hello\n"
# The command must have this beginning, else pyvider refuses to be a plugin.
_COMMAND = "terraform-provider-hello.py"
_RUN = """
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from pyvider.cli import main
main()
"""


def hello(environment: Path, folder: Path) -> tuple[str, ...]:
    """Write the provider into `folder`, and give the command that starts it.

    `environment` is a virtual environment, which is made where there is none, with the newest `pyvider` from the
    package index. Raises `subprocess.CalledProcessError` where it cannot be had.
    """
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pyvider"], check=True)
    metadata = folder / "hello-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(_ENTRY_POINT)
    (folder / "hello.py").write_text(_HELLO)
    (folder / _COMMAND).write_text(_RUN)
    return str(python), str(folder / _COMMAND)
