from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from .plugin_process import SECONDS, Plugin, in_flight, start, wait_until

# A shell that stays, because it has something to do afterwards.
PARENT = 'trap : TERM; "$@"; :'


def test_stop_lets_the_call_in_flight_finish(plugin: Plugin, tmp_path: Path) -> None:
    call = in_flight(plugin, tmp_path / "release")
    assert plugin.call("StopProvider") == b""
    (tmp_path / "release").touch()
    assert call.result() == b"stopping"


def test_shutdown_is_answered_and_ends_the_process(plugin: Plugin) -> None:
    code, _, _ = plugin.shut_down()
    assert code == 0
    assert not os.path.exists(os.path.dirname(plugin.address))


def test_what_was_written_and_not_flushed_is_not_lost_by_the_end(plugin: Plugin) -> None:
    plugin.call("ImportResourceState")
    _, _, err = plugin.shut_down()
    assert "a line without an end" in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_lets_the_call_in_flight_finish(plugin: Plugin, number: int, tmp_path: Path) -> None:
    call = in_flight(plugin, tmp_path / "release")
    plugin.process.send_signal(number)
    (tmp_path / "release").touch()
    assert call.result() in (b"finished", b"stopping")
    assert plugin.end()[0] == 0


def test_sigterm_lets_a_call_finish_whose_client_is_gone(plugin: Plugin, tmp_path: Path) -> None:
    in_flight(plugin, tmp_path / "release")
    plugin.channel.close()
    plugin.process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        plugin.process.wait(0.5)
    (tmp_path / "release").touch()
    assert plugin.end()[0] == 0
    assert (tmp_path / "release.done").exists()


def test_an_interrupt_asks_to_stop_and_ends_nothing(plugin: Plugin, tmp_path: Path) -> None:
    call = in_flight(plugin, tmp_path / "release")
    plugin.process.send_signal(signal.SIGINT)
    wait_until(lambda: plugin.call("ConfigureProvider") == b"True")
    (tmp_path / "release").touch()
    assert call.result() == b"stopping"
    assert plugin.call("GetProviderSchema", b"request") == b"request"
    assert plugin.shut_down()[0] == 0


def orphaned(plugin: Plugin) -> None:
    """Kill the shell that is the plugin's parent, and wait for the plugin's end, which is that of its stderr too."""
    plugin.process.kill()
    plugin.end()
    assert not os.path.exists(os.path.dirname(plugin.address))


def test_the_process_ends_when_its_parent_is_gone() -> None:
    with Plugin(through=PARENT) as plugin:
        orphaned(plugin)


def test_a_call_in_flight_does_not_keep_a_process_whose_parent_is_gone(tmp_path: Path) -> None:
    with Plugin(through=PARENT) as plugin:
        in_flight(plugin, tmp_path / "release")
        orphaned(plugin)


def test_a_call_that_was_to_finish_after_a_signal_is_given_up_when_the_parent_goes(tmp_path: Path) -> None:
    with Plugin(through=PARENT) as plugin:
        in_flight(plugin, tmp_path / "release")
        os.killpg(plugin.process.pid, signal.SIGTERM)
        wait_until(lambda: not os.path.exists(os.path.dirname(plugin.address)))
        assert plugin.process.poll() is None
        orphaned(plugin)


def test_a_parent_that_is_gone_before_the_line_is_noticed() -> None:
    """Whose child it is the process asks too late then: here it is that of a shell which stays."""
    process = start("stand-in", {}, through='"$@" | :')
    try:
        process.communicate(timeout=SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_the_socket_is_gone_before_the_last_call_is_finished(plugin: Plugin, tmp_path: Path) -> None:
    """Terraform kills a plugin that does not end within two seconds."""
    call = in_flight(plugin, tmp_path / "release")
    plugin.call("/plugin.GRPCController/Shutdown")
    wait_until(lambda: not os.path.exists(os.path.dirname(plugin.address)))
    assert plugin.process.poll() is None
    (tmp_path / "release").touch()
    assert call.result() == b"stopping"
    assert plugin.end()[0] == 0
