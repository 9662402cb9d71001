"""How a call ends: those of gRPC's codes that are used here (grpc's doc/statuscodes.md)."""

from __future__ import annotations

OK, UNIMPLEMENTED, INTERNAL, UNAVAILABLE = 0, 12, 13, 14


class StatusError(Exception):
    """Ends a call with a code that is not `OK`; the client shows the text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
