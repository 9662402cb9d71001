"""Random lives of a callback against the sandbox: none is ever registered twice, and none that lives is dropped.

Terraform's part is played by a few lines: a refresh before every plan, changes only where the plan shows one, private
state kept as Terraform keeps it, a process of its own for every run. What a person can do in between, at ECGrid, with
the credential, with the base URL or with a lost answer, is a step too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.client import ApiKey, Client
from terraform_provider_ecgrid.api.registrations import Registrations
from terraform_provider_ecgrid.callback.create import create_callback
from terraform_provider_ecgrid.callback.pages import Pages
from terraform_provider_ecgrid.callback.read import import_callback, read_callback
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.callback.update import update_callback
from terraform_provider_ecgrid.plugin.authoring import CreateContext, ImportContext, ReadContext, State, UpdateContext
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.callback.scripted_access import OwnSession, after_first_reads, held, planned, said

URLS = ("https://app.example.com/a", "https://app.example.com/b", "https://app.example.com/c")
LIVES, STEPS = 40, 12
HAPPENINGS: list[str] = []
# Half of what happens is answered by an apply, a quarter by a refresh, the rest by nothing yet.
COMMANDS = ("apply", "apply", "refresh", "check")
STRANGERS = (
    httpx.Response(404, html="<h1>Not Found</h1>"),
    httpx.Response(200, html="<h1>Welcome</h1>"),
    httpx.Response(200, json={"message": "x"}),
    httpx.Response(404, json={"message": "no Route matched"}),
    httpx.Response(200),
    httpx.Response(204),
)


def happening(method: Callable[[Life], None]) -> Callable[[Life], None]:
    HAPPENINGS.append(method.__name__)
    return method


class Life(OwnSession):
    """A callback that a configuration registers or takes over, with the state that Terraform keeps of it.

    `other` is another account's ECGrid. `in_pages`: it is read among many.
    """

    def __init__(self, sandbox: Sandbox, other: Sandbox, *, takes_over: bool, in_pages: bool) -> None:
        self.sandbox = sandbox
        self.other = other
        self.in_pages = in_pages
        self.takes_over = takes_over
        self.config: dict[str, Any] = {"url": URLS[0], "event": "Parcel", "status": "Active", "on_destroy": "delete"}
        if takes_over:
            self.config["callback_id"] = 7001
        self.state: State | None = None
        self.private = b""
        self.removed = 0
        self.warned: list[str] = []
        self.stranger: httpx.Response | None = None
        self.foreign = False
        self.begin()

    def begin(self) -> None:
        """Start a process of the provider: it remembers nothing of the one before."""
        self.ledger = RunLedger()
        self.pages = after_first_reads() if self.in_pages else Pages()
        api = self.other if self.foreign else self.sandbox
        answer = self.stranger
        transport = httpx.MockTransport(lambda _: _copy(answer)) if answer is not None else None
        key = ApiKey(SecretStr(api.api_key))
        self._client = Client(api.url, key, max_retries=0, transport=transport, on_write=lambda: self.pages.end())
        self.registrations = Registrations(self._client)

    def client(self) -> Client:
        return self._client

    def read(self) -> tuple[State | None, bytes] | None:
        """Read as a refresh does; None for an error, with which Terraform goes no further."""
        if self.state is None:
            return None, b""
        writes = len(self.sandbox.writes())
        ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=self.private)
        state = read_callback(self, ctx, dict(self.state))
        self.warned = [summary for severity, summary, _ in said(ctx.diagnostics) if severity == "warning"]
        assert len(self.sandbox.writes()) == writes, "a refresh must not write"
        if self.stranger is not None:
            assert ctx.diagnostics.has_errors(), "what is not ECGrid must not read as no changes"
        if state is None:
            assert self.warned == [f"Callback {self.state['callback_id']} is gone"]
        return None if ctx.diagnostics.has_errors() else (state, ctx.private)

    def refresh(self) -> bool:
        read = self.read()
        if read is not None:
            self.state, self.private = read
        return read is not None

    def apply(self) -> None:
        if not self.refresh():
            return
        if self.foreign:
            # Somebody who read the warning, or saw a plan to register, does not apply.
            return
        config = held(**self.config)
        diags = Diagnostics()
        before = len(self.sandbox.writes())
        if self.state is None:
            if self.stranger is not None:
                return
            create = CreateContext(diags, "ecgrid_callback", config=config)
            self.state = create_callback(self, create, planned(**self.config))
            self.private = create.private
            shown = [("update", self.config.keys() - {"callback_id", "on_destroy"})]
            if not self.takes_over:
                shown = [("create", {"url", "event"})]
                shown += [("update", {"status"})] if self.config["status"] != "Active" else []
        else:
            changed = {name for name, value in self.config.items() if self.state[name] != value}
            shown = [("update", changed - {"on_destroy"})] if changed - {"on_destroy"} else []
            if changed:
                update = UpdateContext(diags, "ecgrid_callback", config=config, private=self.private)
                self.state = update_callback(self, update, self.state, self.state | self.config)
                self.private = update.private
        wrote = [(one.call, (one.body or {}).keys() - {"callbackId"}) for one in self.sandbox.writes()[before:]]
        assert wrote == shown[: len(wrote)], "a write that the plan did not show"
        if not diags.diagnostics and (read := self.read()) is not None:
            again, _ = read
            if again is None:
                assert not self.living(), "the second plan must not drop it"
            else:
                assert again | self.config == again, "the second plan must be empty"

    def run(self, command: str) -> None:
        self.begin()
        getattr(self, command)()
        if command != "check":
            hidden = self.sandbox.faults.hide_suspended
            self.sandbox.faults.reset()
            self.sandbox.faults.hide_suspended = hidden
            self.stranger = None
            if self.foreign:
                self.foreign = False
                self.adopt()
        self._client.close()
        self.check()

    def adopt(self) -> None:
        """Import again what another account's key made leave the state, as the warning says."""
        if self.state is not None or not (living := self.living()):
            return
        self.begin()
        ctx = ImportContext(Diagnostics(), "ecgrid_callback")
        self.state, self.private = import_callback(self, ctx, str(living[0])), ctx.private

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
        for call in ("get-queue-by-id", "get-event-by-id"):
            self.sandbox.faults.add(call, status=500)

    @happening
    def refuse_a_list(self) -> None:
        for call in ("queue-list", "event-list"):
            self.sandbox.faults.add(call, error_code="AccessDenied")

    @happening
    def refuse_every_lookup(self) -> None:
        for call in ("get-queue-by-id", "get-event-by-id", "queue-list", "event-list"):
            self.sandbox.faults.add(call, times=None, error_code="AccessDenied")

    @happening
    def fire(self) -> None:
        if living := self.living():
            self.sandbox.store.fire(living[0], delivered=False, http_status=503)

    @happening
    def change_the_model(self) -> None:
        if not self.sandbox.faults.hide_suspended:
            self.sandbox.lookups = "events" if self.sandbox.lookups == "registrations" else "registrations"

    @happening
    def mistake_the_base_url(self) -> None:
        self.stranger = STRANGERS[len(self.sandbox.requests) % len(STRANGERS)]

    @happening
    def take_another_accounts_key(self) -> None:
        self.foreign = True

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
        """The ids of the callback that this life is about, of those that ECGrid holds."""
        held = [one["callbackId"] for one in self.sandbox.store.all()]
        return [one for one in held if (one == 7001) == self.takes_over]

    def check(self) -> None:
        registered = sum(write.call == "create" for write in self.sandbox.writes())
        assert registered <= (0 if self.takes_over else 1 + self.removed), "registered twice"
        assert self.other.writes() == []
        if living := self.living():
            assert self.state is not None, "dropped while it lives"
            assert [self.state["callback_id"]] == living


def _copy(answer: httpx.Response) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def other() -> Iterator[Sandbox]:
    """Another account's ECGrid, which holds nothing."""
    with Sandbox() as running:
        running.store.remove(7001)
        yield running


@pytest.mark.parametrize("takes_over", [False, True], ids=["registers", "takes over"])
@pytest.mark.parametrize(
    ("lookups", "hidden"),
    [("registrations", False), ("registrations", True), ("events", False)],
    ids=["model Q", "model Q, suspended ones are hidden", "model E"],
)
def test_no_life_registers_twice_or_loses_a_callback(
    other: Sandbox, lookups: str, hidden: bool, takes_over: bool
) -> None:
    with Sandbox() as sandbox:
        for seed in range(LIVES):
            # Even chances instead of a search for small examples: only long and mixed lives meet what this is after.
            chance = random.Random(seed)  # noqa: S311 -- no secret is made of it
            steps = [(chance.choice(HAPPENINGS), chance.choice(COMMANDS)) for _ in range(STEPS)]
            sandbox.reset()
            for api in (sandbox, other):
                api.lookups = "events" if lookups == "events" else "registrations"
            sandbox.store.change(7001, status="Active")
            sandbox.faults.hide_suspended = hidden
            life = Life(sandbox, other, takes_over=takes_over, in_pages=seed % 2 == 1)
            life.run("apply")
            for number, (happens, command) in enumerate(steps, start=1):
                try:
                    getattr(life, happens)()
                    life.run(command)
                except AssertionError as broken:
                    broken.add_note(f"life {seed}: {steps[:number]}")
                    raise
