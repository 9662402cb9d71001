from __future__ import annotations

import subprocess
import sys

from .plugin_process import ROOT

_IMPORTS = "import sys\nfrom terraform_provider_ecgrid.plugin.go_plugin.deferred import deferred\n"


def run(script: str) -> str:
    """Run in a fresh interpreter: what is loaded there must not depend on this one."""
    command = [sys.executable, "-c", _IMPORTS + script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()


def test_a_deferred_module_is_not_loaded_by_an_import() -> None:
    script = "with deferred('wave'):\n    import wave\nprint('wave' in sys.modules, 'chunk' in sys.modules)"
    assert run(script) == "False False"


def test_it_is_loaded_by_its_first_use_and_is_the_real_one() -> None:
    script = (
        "with deferred('wave'):\n    import wave as late\nopen_ = late.open\nimport wave\nprint(open_ is wave.open)"
    )
    assert run(script) == "True"


def test_a_later_import_gets_the_real_module() -> None:
    script = "with deferred('wave'):\n    import wave\nimport wave\nprint(wave.__spec__.origin.endswith('wave.py'))"
    assert run(script) == "True"


def test_a_name_imported_in_the_block_is_the_real_one() -> None:
    script = "with deferred('wave'):\n    from wave import open as late\nimport wave\nprint(late is wave.open)"
    assert run(script) == "True"


def test_a_loaded_module_stays_as_it_is() -> None:
    assert run("import wave\nwith deferred('wave'):\n    pass\nprint(sys.modules['wave'] is wave)") == "True"
