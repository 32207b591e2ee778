"""What a test has a server do instead of answering: errors, waiting, lost connections."""

from __future__ import annotations

import re
from http import HTTPStatus
from math import isfinite
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import class_name, shown
from filterlang.px.endpoints import LISTS, READ_ONLY
from filterlang.px.server.access import BASE
from filterlang.px.server.attributes import MODELS

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOCUMENT = "/openapi.json"
_FEWEST, _MOST = 200, 599
_WITHOUT_BODY = frozenset({204, 205, 304})


class Fault:
    """What happens to some of the next requests; None as `times` is for all until a reset."""

    def __init__(self, path: str | None, times: int | None) -> None:
        self._path = None if path is None else _expect_path(path)
        self._left = None if times is None else _expect_times(times)

    def meets(self, path: str) -> bool:
        """Return whether it happens to a request, and count it then."""
        if self._left == 0 or (self._path is not None and self._path != path):
            return False
        if self._left is not None:
            self._left -= 1
        return True


class Delay(Fault):
    """Waiting before the answer."""

    def __init__(self, path: str | None, times: int | None, seconds: float) -> None:
        super().__init__(path, times)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            message = f"expected a number of seconds, not {class_name(seconds)}"
            raise TypeError(message)
        if not isfinite(seconds) or seconds < 0:
            message = f"expected seconds to wait, found {seconds}"
            raise ValueError(message)
        self.seconds = seconds


class Failure(Fault):
    """Another answer: an error in the shape of the API where it has no `body` of its own."""

    status: int
    headers: dict[str, str]
    body: bytes | None

    def __init__(
        self,
        path: str | None,
        times: int | None,
        status: int,
        headers: Mapping[str, str] | None,
        body: str | bytes | None,
    ) -> None:
        super().__init__(path, times)
        self.status = _expect_status(status, has_body=body is not None)
        self.headers = _expect_headers(headers or {})
        self.body = _expect_body(body)


class Disconnection(Fault):
    """A connection that is lost in the middle of the answer."""


# --- What is expected -----------------------------------------------------------------------------


def _expect_path(path: Any) -> str:
    """Return a path as requests have it behind the base path; it has to be one that is answered."""
    if not isinstance(path, str):
        message = f"expected a path such as '/users', not {class_name(path)}"
        raise TypeError(message)
    found = "/" + path.removeprefix(BASE + "/").removeprefix("/")
    first, _, rest = found[1:].partition("/")
    if (
        found[1:] in LISTS
        or (first in READ_ONLY and rest)
        or found in {_DOCUMENT, *(f"/admin/model/{model}/attributes" for model in MODELS)}
    ):
        return found
    message = (
        f"no request is answered at {shown(path)}, so that it would never happen; "
        f"expected the path of a list, a record or attributes: {', '.join(LISTS)}, users/…, "
        "accounts/…, admin/model/user/attributes, admin/model/account/attributes"
    )
    raise ValueError(message)


def _expect_times(times: Any) -> int:
    if isinstance(times, bool) or not isinstance(times, int):
        message = f"expected a number of times or None, not {class_name(times)}"
        raise TypeError(message)
    if times < 1:
        message = f"expected at least one time, found {times}"
        raise ValueError(message)
    return times


def _expect_status(status: Any, *, has_body: bool) -> int:
    if isinstance(status, bool) or not isinstance(status, int):
        message = f"expected a status such as 429, not {class_name(status)}"
        raise TypeError(message)
    if has_body:
        if not _FEWEST <= status <= _MOST or status in _WITHOUT_BODY:
            message = (
                f"expected a status from {_FEWEST} to {_MOST} that may have a body, found {status}"
            )
            raise ValueError(message)
    elif status < HTTPStatus.BAD_REQUEST or status not in {*HTTPStatus}:
        message = (
            f"expected the status of an error, such as 429 or 503, found {status}; "
            "give a body to answer with another one"
        )
        raise ValueError(message)
    return int(status)


def _expect_headers(headers: Mapping[Any, Any]) -> dict[str, str]:
    for part in (part for pair in headers.items() for part in pair):
        if not isinstance(part, str):
            message = f"expected headers of str, not {class_name(part)}: {shown(part)}"
            raise TypeError(message)
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            message = f"{shown(name)} can't be the name of a header"
            raise ValueError(message)
        if name.lower() in _OF_THE_BODY:
            message = f"the header {name} follows from the body; leave it out"
            raise ValueError(message)
        if not _HEADER_VALUE.fullmatch(value):
            message = (
                f"{shown(value)} can't be the value of the header {name}, which holds characters of"
                " Latin-1 and no ends of lines"
            )
            raise ValueError(message)
    return dict(headers)


_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_OF_THE_BODY = frozenset({"content-length", "transfer-encoding"})


def _expect_body(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        try:
            return body.encode()
        except UnicodeEncodeError as error:
            message = f"the body holds half of a pair at {error.start}; give bytes to send it so"
            raise ValueError(message) from None
    message = f"expected a body of str or bytes, not {class_name(body)}; write it as JSON before"
    raise TypeError(message)
