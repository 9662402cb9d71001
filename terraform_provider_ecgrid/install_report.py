"""What the command `install` prints."""

from __future__ import annotations

import json
import shutil

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.install import ADDRESSES, Installed, Uninstalled

_NAME = "terraform-provider-ecgrid"

_SNIPPET = f"""\
terraform {{
  required_providers {{
    ecgrid = {{
      source  = "ecgrid/ecgrid"
      version = "{__version__}"
    }}
  }}
}}
"""

_MIRROR = """\
provider_installation {{
  filesystem_mirror {{
    path    = {path}
    include = {addresses}
  }}
  direct {{
    exclude = {addresses}
  }}
}}
"""

_PYTHON = "Keep the Python that runs it: without it, the provider does not start. Its path is recorded in:"

_NO_TERRAFORM = (
    "Terraform is not on PATH. Install it (https://developer.hashicorp.com/terraform/install), then run "
    "`terraform init`."
)


def installed(done: Installed) -> str:
    """Return what `install` prints: what is where, and what to do next."""
    what = f"{_NAME} {__version__} for Terraform and OpenTofu"
    lines = [f"Installed {what}:" if done.written else f"{what} is already installed:"]
    lines += [f"  {file}" for file in done.files]
    lines += [_PYTHON, *(f"  {file}" for file in done.pointers), ""]
    if not done.implied:
        block = _MIRROR.format(path=json.dumps(str(done.mirror)), addresses=json.dumps(ADDRESSES))
        lines += ["Add the mirror to the CLI configuration of Terraform or OpenTofu:", "", block]
    lines += ["Add the provider to a configuration, then run `terraform init` or `tofu init`:", "", _SNIPPET]
    lines += ["If a .terraform.lock.hcl names another version, add `-upgrade`."]
    if not (shutil.which("terraform") or shutil.which("tofu")):
        lines += [_NO_TERRAFORM]
    mirror = f"filesystem_mirror {{ path = {json.dumps(str(done.mirror))} }}"
    for file in done.overridden_by:
        lines += ["", f"Note: {file} has a provider_installation block, so only what it lists is searched."]
        lines += [f"If it does not list this mirror, add: {mirror}"]
        lines += [f"If it has a direct block, add to that block: exclude = {json.dumps(ADDRESSES)}"]
    return "\n".join(lines) + "\n"


def uninstalled(done: Uninstalled) -> str:
    """Return what `install --uninstall` prints."""
    if not done.removed:
        return f"{_NAME} is not installed in {done.mirror}.\n"
    return "".join([f"Removed {_NAME}:\n", *(f"  {file}\n" for file in done.removed)])
