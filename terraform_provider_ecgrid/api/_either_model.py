"""Lists of an API of which nobody knows yet which of the vendor's two models it follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from terraform_provider_ecgrid.api._sightings import Listed, shows_nothing
from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    NoAnswer,
    NotConnected,
    ProviderNotReady,
    RateLimited,
    Stopped,
    Unauthorized,
)

SAYS_NOTHING_OF_THE_MODEL = (NoAnswer, NotConnected, ProviderNotReady, RateLimited, Stopped, Unauthorized)
"""Errors in which a call of the other model would end as well."""

Pages = Callable[[], Iterator[Listed]]
"""Begins a list by one model."""


def pages_of_either(
    lists: Mapping[LookupModel, Pages], known: LookupModel | None
) -> Iterator[tuple[LookupModel, Listed]]:
    """Yield the pages of the model that the API follows, each with the model; of the other one if that shows nothing.

    Until the model is known, a list that is empty or fails counts only if the other one shows nothing either.

    Args:
        lists: the list of each model, in the order in which they are asked while none is known.
        known: the model that the API was seen to follow.

    Raises:
        EcgridError: no list was answered, or one of them failed and the other one shows nothing.
    """
    refused: EcgridError | None = None
    failed: EcgridError | None = None
    empty: list[tuple[LookupModel, Listed, Iterator[Listed]]] = []
    order = (known, known.other) if known else tuple(lists)
    for model in order:
        pages = lists[model]()
        try:
            page = next(pages, None)
        except EcgridError as error:
            if shows_nothing(error):
                refused = refused or error
            elif empty and not isinstance(error, SAYS_NOTHING_OF_THE_MODEL):
                pass  # the empty list was answered; that the other model's call does not work takes nothing from it
            elif known or model is not order[0] or isinstance(error, SAYS_NOTHING_OF_THE_MODEL):
                raise
            else:
                failed = error
            continue
        if page is None:
            continue
        if page.registrations or known:
            yield model, page
            yield from ((model, further) for further in pages)
            return
        empty.append((model, page, pages))
    if failed is not None:
        raise failed
    if empty:
        model, page, pages = empty[0]
        yield model, page
        yield from ((model, further) for further in pages)
    elif refused is not None:
        raise refused
