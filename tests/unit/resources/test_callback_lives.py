"""Random lives of a callback against the sandbox: none is ever registered twice, and none that lives is dropped.

Terraform's part is played by a few lines: a refresh before every plan, changes only where the plan shows one, private
state kept as Terraform keeps it. What a person can do in between, at ECGrid or with a lost answer, is a step too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.client import ApiKey, Client
from terraform_provider_ecgrid.plugin.contexts import CreateContext, ReadContext, State, UpdateContext
from terraform_provider_ecgrid.resources.callback_apply import create_callback, update_callback
from terraform_provider_ecgrid.resources.callback_read import read_callback
from terraform_provider_ecgrid.resources.journal import Journal
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.resources.scripted_access import held, planned

URLS = ("https://app.example.com/a", "https://app.example.com/b", "https://app.example.com/c")
STEPS: list[str] = []


def step(method: Callable[[Life], None]) -> Callable[[Life], None]:
    STEPS.append(method.__name__)
    return method


class Life:
    """A callback that a configuration registers, with the state that Terraform keeps of it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.journal = Journal()
        self._client = Client(sandbox.url, ApiKey(SecretStr(sandbox.api_key)), max_retries=0)
        self.config = {"url": URLS[0], "event": "Parcel", "status": "Active", "on_destroy": "delete"}
        self.state: State | None = None
        self.private = b""
        self.removed = 0

    def client(self) -> Client:
        return self._client

    def read(self) -> tuple[State | None, bytes]:
        """Refresh; an error leaves all as it was."""
        if self.state is None:
            return None, b""
        ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=self.private)
        state = read_callback(self, ctx, dict(self.state))  # type: ignore[arg-type]  # nothing here is imported
        return (self.state, self.private) if ctx.diagnostics.has_errors() else (state, ctx.private)

    @step
    def refresh(self) -> None:
        self.state, self.private = self.read()

    @step
    def apply(self) -> None:
        self.refresh()
        config = held(**self.config)
        diags = Diagnostics()
        if self.state is None:
            create = CreateContext(diags, "ecgrid_callback", config=config)
            self.state = create_callback(self, create, planned(**self.config))  # type: ignore[arg-type]  # as above
            self.private = create.private
        elif self.state | self.config != self.state:
            update = UpdateContext(diags, "ecgrid_callback", config=config, private=self.private)
            self.state = update_callback(self, update, self.state, self.state | self.config)  # type: ignore[arg-type]  # as above
            self.private = update.private
        if not diags.diagnostics:
            again, _ = self.read()
            assert again is not None
            assert again | self.config == again, "the second plan must be empty"

    @step
    def another_url(self) -> None:
        self.config["url"] = URLS[(URLS.index(self.config["url"]) + 1) % len(URLS)]

    @step
    def suspend(self) -> None:
        self.config["status"] = "Suspended"

    @step
    def activate(self) -> None:
        self.config["status"] = "Active"

    @step
    def lose_an_update_that_is_carried_out(self) -> None:
        self.sandbox.faults.add("update", drop=True, carried_out=True)

    @step
    def fail_a_lookup(self) -> None:
        self.sandbox.faults.add("get-queue-by-id", status=500)

    @step
    def refuse_a_list(self) -> None:
        self.sandbox.faults.add("queue-list", error_code="AccessDenied")

    @step
    def fire(self) -> None:
        if living := self.living():
            self.sandbox.store.fire(living[0], delivered=False, http_status=503)

    @step
    def deliver(self) -> None:
        for one in self.sandbox.store.deliveries():
            self.sandbox.store.settle(one["callbackEventId"], 200)

    @step
    def remove_elsewhere(self) -> None:
        for callback_id in self.living():
            self.sandbox.store.remove(callback_id)
            self.removed += 1

    @step
    def suspend_elsewhere(self) -> None:
        # Where no lookup shows suspended callbacks nothing can tell this from a removal.
        if not self.sandbox.faults.hide_suspended:
            for callback_id in self.living():
                self.sandbox.store.change(callback_id, status="Suspended")

    def living(self) -> list[int]:
        return [one["callbackId"] for one in self.sandbox.store.all() if one["callbackId"] != 7001]

    def check(self) -> None:
        registered = sum(write.call == "create" for write in self.sandbox.writes())
        assert registered <= 1 + self.removed, "registered twice"
        if living := self.living():
            assert self.state is not None, "dropped while it lives"
            assert [self.state["callback_id"]] == living


@pytest.mark.parametrize("hidden", [False, True], ids=["all are shown", "suspended ones are hidden"])
@pytest.mark.parametrize("lookups", ["registrations", "deliveries"])
def test_no_life_registers_twice_or_loses_a_callback(
    lookups: Literal["registrations", "deliveries"], hidden: bool
) -> None:
    with Sandbox(lookups=lookups) as sandbox:

        @settings(max_examples=40, deadline=None, derandomize=True, database=None)
        @given(st.lists(st.sampled_from(sorted(STEPS)), min_size=2, max_size=16))
        def live(steps: list[str]) -> None:
            sandbox.reset()
            sandbox.faults.hide_suspended = hidden
            life: Any = Life(sandbox)
            life.apply()
            for name in steps:
                getattr(life, name)()
                life.check()
            life.client().close()

        live()
