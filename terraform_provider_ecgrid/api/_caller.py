"""One connection and all that its calls share: credential, pauses, what is to be hidden."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pydantic import SecretStr

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api import _retry as retry
from terraform_provider_ecgrid.api._connection import AccessToken, ApiKey, connect
from terraform_provider_ecgrid.api._failures import Exchange
from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._pause import Pause
from terraform_provider_ecgrid.api._proxy import with_port
from terraform_provider_ecgrid.api._scrub import Scrubber
from terraform_provider_ecgrid.api.credential import Source, Sources
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS
from terraform_provider_ecgrid.api.requests import CreateCallback, Request, UpdateCallback
from terraform_provider_ecgrid.api.shapes import Shape, shape_of


class Caller:
    """Sends requests with one credential. Threads may share it.

    Args:
        base_url: scheme and host, such as `https://rest.ecgrid.io`.
        credential: an `ApiKey` or an `AccessToken`.
        request_timeout: the limit of one HTTP attempt in seconds, more than 0.
        max_retries: further attempts after the first, from 0; see _retry.py for what is sent again.
        user_agent: the header of this name.
        stop: once set, nothing is sent again and every wait ends.
        on_write: called before each create, update and delete.
        base_url_source: where `base_url` was taken from; None for the default.
        transport: replaces the network in tests.

    Raises:
        UnsendableCredential, NotConnected: one of the arguments, or a proxy or certificate variable, cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        credential: ApiKey | AccessToken,
        *,
        request_timeout: float = 30.0,
        max_retries: int = 4,
        user_agent: str = f"terraform-provider-ecgrid/{__version__}",
        stop: threading.Event | None = None,
        on_write: Callable[[], None] = lambda: None,
        base_url_source: Source | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http, self._proxy = connect(
            base_url, credential, request_timeout=request_timeout, user_agent=user_agent, transport=transport
        )
        self._sources = Sources(credential.name, credential.source, base_url_source)
        # One for all calls: an error may quote another callback's password than that of its request.
        self._scrub = Scrubber()
        self._scrub.hide(credential.value)
        if self._proxy and self._proxy.url.password:
            self._scrub.hide(SecretStr(self._proxy.url.password))
        self._pause = Pause()
        self._timeout = request_timeout
        self._max_retries = max_retries
        self._stop = stop or threading.Event()
        self._on_write = on_write
        self._on_answer: Callable[[Shape], None] | None = None

    @property
    def base_url(self) -> str:
        """Where the API is called, with its port and path."""
        url = self._http.base_url
        return with_port(url) + url.path.rstrip("/")

    @property
    def proxy(self) -> str | None:
        """The proxy that requests go through, in words without its credentials; None if there is none."""
        return str(self._proxy) if self._proxy else None

    def note_shapes(self, note: Callable[[Shape], None]) -> None:
        """Hand the shape of every later answer to `note`, that of an attempt that is repeated too."""
        self._on_answer = note

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._http.close()

    def _attempt(self, method: str, path: str, request: Request | None, *, repeatable: bool = True) -> Exchange:
        fields = request.body() if request else {}
        http_request = (
            self._http.build_request(method, path, params={name: str(value) for name, value in fields.items()})
            if method == "GET"
            else self._http.build_request(method, path, json=fields)
        )
        if isinstance(request, CreateCallback | UpdateCallback):
            if request.url:
                HIDDEN_URLS.add(request.url)
            if request.password:
                self._scrub.hide(request.password)
        attempts = retry.send(
            self._http,
            http_request,
            max_retries=self._max_retries,
            repeatable=repeatable,
            stop=self._stop,
            pause=self._pause,
            scrub=self._scrub,
        )
        if self._on_answer is not None:
            for outcome in attempts.outcomes:
                if isinstance(outcome, httpx.Response):
                    self._on_answer(shape_of(f"{method} {path}", outcome))
        return Exchange(
            base_url=self.base_url,
            proxy=self._proxy,
            timeout=self._timeout,
            scrub=self._scrub,
            sources=self._sources,
            attempts=attempts,
        )
