"""The API's errors and the envelope of every answer (REST v2.6)."""

from typing import Any

STATUS_OF = {
    "InvalidParameter": 400,
    "DuplicateObject": 400,
    "InvalidAPIKey": 401,
    "InvalidSession": 401,
    "AccessDenied": 403,
    "ObjectNotFound": 404,
    "RateLimitExceeded": 429,
    "InternalError": 500,
}
# A 503 is documented without a code.
_CODE_OF = {status: code for code, status in reversed(STATUS_OF.items())}


class ApiError(Exception):
    """A refusal: `code` is one of `STATUS_OF`'s keys, `message` a sentence without secrets."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = STATUS_OF[code]


def success(data: Any) -> dict[str, Any]:
    """Wrap `data` as the API's successful answers do: without `errorCode` and `message`."""
    return {"success": True, "data": data}


def failure(code: str | None, message: str) -> dict[str, Any]:
    """Wrap a failure; `code` is None if the API documents none (503)."""
    return {"success": False, "data": None, "errorCode": code, "message": message}


def code_of(status: int) -> str | None:
    """Return the usual error code of an HTTP status, or None if the API documents none."""
    return _CODE_OF.get(status)
