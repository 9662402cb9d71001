from __future__ import annotations

import subprocess
import sys

import pytest

from terraform_provider_ecgrid.plugin.go_plugin.ends import Ends

from .plugin_process import ROOT, SECONDS

PREPARED = (
    "import os, signal, sys, threading, time\n"
    "from terraform_provider_ecgrid.plugin.go_plugin.ends import Ends\n"
    "ends = Ends()\n"
    "ends.watch_signals('SIGTERM', 'SIGHUP', heard={'SIGINT': lambda: print('heard')})\n"
)


def said(script: str) -> str:
    """Run a script, which prints the reason that it waited for."""
    command = [sys.executable, "-c", f"{PREPARED}{script}\nprint(ends.wait())"]
    return subprocess.run(command, cwd=ROOT, timeout=SECONDS, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_is_noticed_whichever_thread_gets_it(name: str) -> None:
    # The sleep lets the main thread begin to wait; without it the test could only pass too easily.
    assert (
        said(
            "def get():\n"
            "    time.sleep(0.3)\n"
            f"    signal.pthread_kill(threading.get_ident(), signal.{name})\n"
            "threading.Thread(target=get, daemon=True).start()"
        )
        == name
    )


def test_a_signal_that_came_before_anybody_waited_is_not_lost() -> None:
    assert said("os.kill(os.getpid(), signal.SIGTERM)") == "SIGTERM"


def test_a_signal_that_means_something_else_is_no_reason() -> None:
    assert (
        said(
            "signal.signal(signal.SIGUSR1, lambda *_: None)\nos.kill(os.getpid(), signal.SIGUSR1)\nends.put('asked to')"
        )
        == "asked to"
    )


def test_a_signal_that_is_heard_is_no_reason() -> None:
    assert said("os.kill(os.getpid(), signal.SIGINT)\nends.put('asked to')") == "heard\nasked to"


def test_a_signal_that_is_ignored_already_stays_ignored() -> None:
    assert (
        said(
            "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
            "Ends().watch_signals('SIGHUP')\n"
            "assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN\n"
            "ends.put('done')"
        )
        == "done"
    )


def test_the_first_reason_counts() -> None:
    ends = Ends()
    ends.put("one")
    ends.put("other")
    assert ends.wait() == "one"
