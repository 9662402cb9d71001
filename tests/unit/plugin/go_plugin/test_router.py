from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from terraform_provider_ecgrid.plugin.go_plugin.router import prepared_answers

from . import plugin_process
from .plugin_process import SECONDS, Plugin, wait_for
from .served import SECRET


def test_a_provider_that_is_still_loading_holds_up_no_other_call(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("path", ["GetProviderSchema", "StopProvider", "ListResource", "/grpc.health.v1.Health/Check"])
def test_a_call_without_a_message_is_an_error(plugin: Plugin, path: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        plugin.channel.stream_unary(plugin_process.path(path))(iter(()), timeout=SECONDS)
    assert caught.value.code() is grpc.StatusCode.INTERNAL


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


def test_for_a_prepared_answer_no_provider_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "GetProviderSchema.binpb").write_bytes(b"prepared")
    (tmp_path / "ConfigureProvider.txt").write_bytes(b"of another kind")
    release = tmp_path / "release"
    with Plugin("prepared", SERVED_PREPARED=str(tmp_path), SERVED_RELEASE=str(release)) as plugin:
        assert plugin.call("GetProviderSchema", b"request") == b"prepared"
        assert not release.with_suffix(".started").exists()
        configured = plugin.future("ConfigureProvider")
        wait_for(release.with_suffix(".started"))
        assert plugin.call("GetProviderSchema") == b"prepared"
        release.touch()
        assert configured.result() != b"of another kind"


def test_what_is_not_prepared_or_cannot_be_read_is_left_to_the_provider(tmp_path: Path) -> None:
    (tmp_path / "ReadResource.binpb").mkdir()
    (tmp_path / "StopProvider.binpb").write_bytes(b"")
    assert prepared_answers(str(tmp_path)) == {"/tfplugin6.Provider/StopProvider": b""}
    assert prepared_answers(str(tmp_path / "none")) == {}
    assert prepared_answers(str(tmp_path / "StopProvider.binpb")) == {}
