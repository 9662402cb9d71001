"""Random lives of a callback against the sandbox: none is ever registered twice, and none that lives is dropped.

Terraform's part is played by a few lines: a refresh before every plan, changes only where the plan shows one, private
state kept as Terraform keeps it. What a person can do in between, at ECGrid or with a lost answer, is a step too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Literal

import pytest
from pydantic import SecretStr
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.client import ApiKey, Client
from terraform_provider_ecgrid.callback.create import create_callback
from terraform_provider_ecgrid.callback.pages import Pages
from terraform_provider_ecgrid.callback.read import read_callback
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.callback.update import update_callback
from terraform_provider_ecgrid.plugin.authoring import CreateContext, ReadContext, State, UpdateContext
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.callback.scripted_access import held, planned, sweeping

URLS = ("https://app.example.com/a", "https://app.example.com/b", "https://app.example.com/c")
SHOWN = {"callbackId": 7001, "url": "https://app.example.com/webhooks/ecgrid", "event": "Parcel", "status": "Active"}
LIVES, STEPS = 30, 12
HAPPENINGS: list[str] = []
# Half of what happens is answered by an apply, a quarter by a refresh, the rest by nothing yet.
COMMANDS = ("apply", "apply", "refresh", "check")


def happening(method: Callable[[Life], None]) -> Callable[[Life], None]:
    HAPPENINGS.append(method.__name__)
    return method


class Life:
    """A callback that a configuration registers, with the state that Terraform keeps of it.

    `in_pages`: it is read among many.
    """

    def __init__(self, sandbox: Sandbox, *, in_pages: bool) -> None:
        self.sandbox = sandbox
        self.in_pages = in_pages
        self.ledger = RunLedger()
        self.pages = Pages()
        key = ApiKey(SecretStr(sandbox.api_key))
        self._client = Client(sandbox.url, key, max_retries=0, on_write=lambda: self.pages.end())
        self.config = {"url": URLS[0], "event": "Parcel", "status": "Active", "on_destroy": "delete"}
        self.state: State | None = None
        self.private = b""
        self.removed = 0

    def client(self) -> Client:
        return self._client

    def read(self) -> tuple[State | None, bytes] | None:
        """Read as a refresh does; None for an error, with which Terraform goes no further."""
        if self.state is None:
            return None, b""
        self.pages = sweeping(**SHOWN) if self.in_pages else Pages()
        ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=self.private)
        state = read_callback(self, ctx, dict(self.state))
        return None if ctx.diagnostics.has_errors() else (state, ctx.private)

    def refresh(self) -> bool:
        read = self.read()
        if read is not None:
            self.state, self.private = read
        return read is not None

    def apply(self) -> None:
        if not self.refresh():
            return
        config = held(**self.config)
        diags = Diagnostics()
        if self.state is None:
            create = CreateContext(diags, "ecgrid_callback", config=config)
            self.state = create_callback(self, create, planned(**self.config))
            self.private = create.private
        elif self.state | self.config != self.state:
            update = UpdateContext(diags, "ecgrid_callback", config=config, private=self.private)
            self.state = update_callback(self, update, self.state, self.state | self.config)
            self.private = update.private
        if not diags.diagnostics and (read := self.read()) is not None:
            again, _ = read
            if again is None:
                assert not self.living(), "the second plan must not drop it"
            else:
                assert again | self.config == again, "the second plan must be empty"

    def run(self, command: str) -> None:
        getattr(self, command)()
        self.check()
        if command == "check":
            return
        hidden = self.sandbox.faults.hide_suspended
        self.sandbox.faults.reset()
        self.sandbox.faults.hide_suspended = hidden

    @happening
    def nothing(self) -> None:
        """Only the next command is run."""

    @happening
    def another_url(self) -> None:
        self.config["url"] = URLS[(URLS.index(self.config["url"]) + 1) % len(URLS)]

    @happening
    def suspend(self) -> None:
        self.config["status"] = "Suspended"

    @happening
    def activate(self) -> None:
        self.config["status"] = "Active"

    @happening
    def lose_an_update_that_is_carried_out(self) -> None:
        self.sandbox.faults.add("update", drop=True, carried_out=True)

    @happening
    def fail_a_lookup(self) -> None:
        self.sandbox.faults.add("get-queue-by-id", status=500)

    @happening
    def refuse_a_list(self) -> None:
        self.sandbox.faults.add("queue-list", error_code="AccessDenied")

    @happening
    def fire(self) -> None:
        if living := self.living():
            self.sandbox.store.fire(living[0], delivered=False, http_status=503)

    @happening
    def deliver(self) -> None:
        for one in self.sandbox.store.deliveries():
            self.sandbox.store.settle(one["callbackEventId"], 200)

    @happening
    def remove_elsewhere(self) -> None:
        for callback_id in self.living():
            self.sandbox.store.remove(callback_id)
            self.removed += 1

    @happening
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
        for seed in range(LIVES):
            # Even chances instead of a search for small examples: only long and mixed lives meet what this is after.
            chance = random.Random(seed)  # noqa: S311 -- no secret is made of it
            steps = [(chance.choice(HAPPENINGS), chance.choice(COMMANDS)) for _ in range(STEPS)]
            sandbox.reset()
            sandbox.store.change(7001, status="Active")
            sandbox.faults.hide_suspended = hidden
            life = Life(sandbox, in_pages=seed % 2 == 1)
            life.run("apply")
            for number, (happens, command) in enumerate(steps, start=1):
                try:
                    getattr(life, happens)()
                    life.run(command)
                except AssertionError as broken:
                    broken.add_note(f"life {seed}: {steps[:number]}")
                    raise
            life.client().close()
