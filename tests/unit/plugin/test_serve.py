from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import grpc
import pytest

from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as messages

from .plugin_process import COOKIE, ROOT, SECONDS, Plugin, start
from .served import SECRET

# A shell that stays, because it has something to do afterwards.
PARENT = 'trap : TERM; "$@"; :'


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with Plugin() as running:
        yield running


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def wait_for(path: Path) -> None:
    wait_until(path.exists)


def in_flight(plugin: Plugin, release: Path) -> Any:
    """Start a call that stays in flight until `release` exists."""
    call = plugin.future("ApplyResourceChange", str(release).encode())
    wait_for(release.with_suffix(".started"))
    return call


# --- start


def test_the_line_is_go_plugins_handshake(plugin: Plugin) -> None:
    assert (plugin.core, plugin.protocol, plugin.transport) == ("1", "6", "grpc")
    assert plugin.network == "unix"
    assert plugin.line.count("\n") == 1


def test_a_call_is_answered_over_tls_with_the_lines_certificate(plugin: Plugin) -> None:
    assert plugin.call("GetProviderSchema", b"request") == b"request"


def test_every_process_has_a_certificate_of_its_own(plugin: Plugin) -> None:
    with Plugin() as other:
        assert other.certificate != plugin.certificate


def test_only_the_user_may_enter_the_sockets_directory(plugin: Plugin) -> None:
    mode = os.stat(os.path.dirname(plugin.address)).st_mode
    assert stat.S_IMODE(mode) == 0o700


def test_a_long_directory_for_sockets_means_tcp_on_the_loopback_address(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    with Plugin(PLUGIN_UNIX_SOCKET_DIR=str(long)) as plugin:
        assert plugin.network == "tcp"
        assert plugin.address.startswith("127.0.0.1:")
        assert plugin.call("GetProviderSchema", b"request") == b"request"
        assert list(long.iterdir()) == []


def test_two_plugins_never_share_a_port_of_terraforms_range(tmp_path: Path) -> None:
    variables = {
        "PLUGIN_UNIX_SOCKET_DIR": str(tmp_path / "missing"),
        "PLUGIN_MIN_PORT": "23000",
        "PLUGIN_MAX_PORT": "23100",
    }
    with Plugin(**variables) as one, Plugin(**variables) as other:
        ports = {int(plugin.address.partition(":")[2]) for plugin in (one, other)}
    assert len(ports) == 2
    assert ports <= set(range(23000, 23101))


@pytest.mark.parametrize("name", ["a b", "50%41", "ünï"])
def test_a_socket_may_lie_in_a_directory_of_any_name(name: str) -> None:
    # Not below `tmp_path`, whose own length would mean TCP.
    base = Path(tempfile.mkdtemp(suffix=name))
    try:
        with Plugin(TMPDIR=str(base)) as plugin:
            assert Path(plugin.address).is_socket()
            assert Path(plugin.address).is_relative_to(base)
            plugin.shut_down()
    finally:
        shutil.rmtree(base)


@pytest.mark.parametrize("home", [None, "/nonexistent"])
def test_no_home_is_needed(home: str | None) -> None:
    with Plugin(HOME=home) as plugin:
        assert plugin.call("GetProviderSchema", b"request") == b"request"


def test_nothing_is_written_under_home(tmp_path: Path) -> None:
    with Plugin(HOME=str(tmp_path)) as plugin:
        plugin.shut_down()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_standard_input_and_error_may_be_closed(closed: str) -> None:
    with Plugin(through=f'exec "$@" {closed}') as plugin:
        assert plugin.call("GetProviderSchema", b"request") == b"request"
        plugin.call("PlanResourceChange")  # prints
        with pytest.raises(grpc.RpcError) as caught:
            plugin.call("ReadResource")  # logs
        assert "LookupError" in caught.value.details()
        code, out, _ = plugin.shut_down()
    assert (code, out) == (0, "")


def test_a_terraform_of_another_protocol_is_told_so() -> None:
    process = start("stand-in", {"PLUGIN_PROTOCOL_VERSIONS": "4,5"})
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert out == b""
    assert b"protocol 6" in err
    assert b"4,5" in err


def at_the_line(expression: str, tmp_path: Path) -> str:
    """What an expression is in a plugin that is about to print its handshake line."""
    script = (
        "import gc, os, sys\n"
        "from terraform_provider_ecgrid.plugin import serve\n"
        "def loaded(*_):\n"
        f"    sys.stderr.write(str({expression}))\n"
        "    sys.stderr.flush()\n"
        "    os._exit(0)\n"
        "serve._handshake = loaded\n"
        "serve.serve(lambda: None)\n"
    )
    env = os.environ | COOKIE | {"TMPDIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, check=True, text=True)
    return run.stderr


def test_nothing_heavy_is_loaded_before_the_line(tmp_path: Path) -> None:
    heavy = (
        "asyncio cryptography.x509 google.protobuf grpc.aio httpx json msgpack pydantic pythonjsonlogger ssl tempfile"
    )
    ours = "terraform_provider_ecgrid.provider cryptography.hazmat.primitives.serialization"
    names = {*heavy.split(), *ours.split(), "tf", "truststore"}
    assert at_the_line(f"sorted({names!r} & set(sys.modules))", tmp_path) == "[]"


def test_garbage_is_not_looked_for_before_the_line(tmp_path: Path) -> None:
    assert at_the_line("gc.isenabled()", tmp_path) == "False"


def test_garbage_is_looked_for_again_once_the_provider_is_loaded(plugin: Plugin) -> None:
    plugin.call("GetProviderSchema")
    wait_until(lambda: plugin.call("GetMetadata") == b"collects True, kept True")


# --- calls


def test_a_provider_that_is_still_loading_holds_up_no_other_call(tmp_path: Path) -> None:
    """All calls are handed out by one thread of gRPC's, so whoever waits there for the provider holds up all others."""
    release = tmp_path / "release"
    with Plugin("slow", SERVED_RELEASE=str(release)) as plugin:
        unary, streamed = plugin.future("GetProviderSchema", b"request"), plugin.stream("ListResource", b"1")
        wait_for(release.with_suffix(".started"))
        assert plugin.call("StopProvider") == b""
        assert plugin.call("/grpc.health.v1.Health/Check") == b"\x08\x01"
        assert not unary.done()
        release.touch()
        assert unary.result() == b"request"
        assert list(streamed) == [b"0"]


def test_an_unknown_call_is_unimplemented(plugin: Plugin) -> None:
    for path in ("Unknown", "/other.Service/Call"):
        with pytest.raises(grpc.RpcError) as caught:
            plugin.call(path)
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_streamed_call_answers_many_times(plugin: Plugin) -> None:
    assert list(plugin.stream("ListResource", b"3")) == [b"0", b"1", b"2"]


def test_a_streamed_call_can_tell_that_its_client_is_gone(plugin: Plugin, tmp_path: Path) -> None:
    answers: Any = plugin.stream("InvokeAction", str(tmp_path / "gone").encode())
    assert next(answers) == b"x"
    wait_for(tmp_path / "gone.started")  # one cancelled before is closed at its yield and asks nothing
    answers.cancel()
    wait_for(tmp_path / "gone")


def test_a_streamed_call_is_closed_when_its_client_goes(plugin: Plugin, tmp_path: Path) -> None:
    answers: Any = plugin.stream("ReadStateBytes", str(tmp_path / "closed").encode())
    assert next(answers) == b"x"
    answers.cancel()
    wait_for(tmp_path / "closed")


def test_go_plugins_own_calls_are_answered(plugin: Plugin) -> None:
    assert list(plugin.stream("/plugin.GRPCStdio/StreamStdio")) == []
    broker = plugin.channel.stream_stream("/plugin.GRPCBroker/StartStream")
    assert list(broker(iter(()), timeout=SECONDS)) == []
    assert plugin.call("/grpc.health.v1.Health/Check") == b"\x08\x01"


def test_more_calls_than_any_parallelism_run_at_once_and_leave_room_for_stop(plugin: Plugin, tmp_path: Path) -> None:
    releases = [tmp_path / str(number) for number in range(70)]
    calls = [plugin.future("ApplyResourceChange", str(release).encode()) for release in releases]
    for release in releases:
        wait_for(release.with_suffix(".started"))
    plugin.call("StopProvider")
    for release in releases:
        release.touch()
    assert {call.result() for call in calls} == {b"stopping"}


def test_a_message_may_be_larger_than_grpcs_four_megabytes(plugin: Plugin) -> None:
    request = bytes(5_000_000)
    assert plugin.call("GetProviderSchema", request) == request


def test_a_stray_print_goes_to_stderr(plugin: Plugin) -> None:
    plugin.call("PlanResourceChange")
    _, out, err = plugin.shut_down()
    assert out == ""
    assert "a stray print" in err
    assert "a stray write" in err


def test_an_exception_that_got_this_far_shows_its_type_alone(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        plugin.call("ReadResource")
    assert "LookupError" in caught.value.details()
    _, _, err = plugin.shut_down()
    assert "LookupError" in err
    assert SECRET not in caught.value.details() + err


def test_a_call_that_fails_at_once_is_logged_without_the_exceptions_text() -> None:
    with Plugin("slow logs") as plugin:
        with pytest.raises(grpc.RpcError):
            plugin.call("ReadResource")
        _, _, err = plugin.shut_down()
    assert "LookupError" in err
    assert SECRET not in err


def test_a_provider_that_cannot_be_loaded_says_so_in_every_call() -> None:
    with Plugin("broken") as plugin:
        for call in ("GetProviderSchema", "ConfigureProvider"):
            with pytest.raises(grpc.RpcError) as caught:
                plugin.call(call)
            assert caught.value.code() is grpc.StatusCode.INTERNAL
            assert "ImportError" in caught.value.details()
            assert SECRET not in caught.value.details()
        code, _, err = plugin.shut_down()
    assert code == 0
    assert SECRET not in err


def test_a_provider_is_served() -> None:
    with Plugin("provider") as plugin:
        schema = messages.GetProviderSchema.Response.FromString(plugin.call("GetProviderSchema"))
        assert list(schema.data_source_schemas) == ["toy_greeting"]


def test_an_exception_in_a_provider_is_a_diagnostic_without_its_text() -> None:
    with Plugin("provider") as plugin:
        config = messages.DynamicValue(json=b'{"name": "you", "text": null}')
        request = messages.ReadDataSource.Request(type_name="toy_greeting", config=config)
        answer = messages.ReadDataSource.Response.FromString(plugin.call("ReadDataSource", request.SerializeToString()))
        _, _, err = plugin.shut_down()
    assert "LookupError" in str(answer.diagnostics)
    assert "LookupError" in err
    assert SECRET not in str(answer) + err


# --- stop and end


def test_stop_lets_the_call_in_flight_finish(plugin: Plugin, tmp_path: Path) -> None:
    call = in_flight(plugin, tmp_path / "release")
    assert plugin.call("StopProvider") == b""
    (tmp_path / "release").touch()
    assert call.result() == b"stopping"


def test_shutdown_is_answered_and_ends_the_process(plugin: Plugin) -> None:
    code, _, _ = plugin.shut_down()
    assert code == 0
    assert not os.path.exists(os.path.dirname(plugin.address))


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


# --- a debugger's server


def test_a_debug_server_prints_how_to_reach_it_and_serves_many_runs() -> None:
    process = start("debug", {})
    try:
        assert process.stdout is not None
        line = process.stdout.readline().decode().strip()
        name, _, value = line.partition("=")
        assert name == "export TF_REATTACH_PROVIDERS"
        reattach = json.loads(value.strip("'"))["registry.example.com/name/space"]
        assert (reattach["Protocol"], reattach["ProtocolVersion"], reattach["Test"]) == ("grpc", 6, True)
        assert reattach["Pid"] == process.pid
        with grpc.insecure_channel(f"unix:{reattach['Addr']['String']}") as channel:

            def call(path: str) -> Any:
                return channel.unary_unary(path)(b"", timeout=SECONDS)

            call("/tfplugin6.Provider/StopProvider")
            call("/plugin.GRPCController/Shutdown")
            assert call("/tfplugin6.Provider/ConfigureProvider") == b"False"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
        assert process.returncode == 0
        assert not os.path.exists(os.path.dirname(reattach["Addr"]["String"]))
    finally:
        process.kill()
