"""The `scrollId`: a place in a walk through a list, which only this server can make and read.

It holds the walk itself, so that the server has nothing to keep, and a walk goes on after a
restart. Where the position is to be kept by the server, as the vendor's may do, `ScrollBook` does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from collections import OrderedDict
from typing import Any, NamedTuple

from filterlang.px.server.problems import Problem, wrong_parameter

_SIGNED = 16
"""So many bytes of the signature are kept."""
_MOST_HELD = 2000
"""So many characters of filters a `scrollId` holds; longer ones have to be sent with it again."""


class Walk(NamedTuple):
    """A walk through a list, and how far it has come.

    Fields: `path` of the list; `filters` as canonical texts; `sort` as it was sent; `page_size` as
    it was asked for; `began` is when, in epoch milliseconds; `place` is the last record's in the
    order of the list, None before the first.
    """

    path: str
    filters: tuple[str, ...]
    sort: str
    page_size: int
    began: int
    place: tuple[Any, ...] | None = None


class Scrolls:
    """Writes and reads the ids.

    Args:
        secret: signs them.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def written(self, walk: Walk) -> str:
        """Return the id of a walk.

        Example:
            >>> scrolls = Scrolls(b"secret")
            >>> walk = Walk("users", ("score>=10",), "", 25, 0, (12,))
            >>> scrolls.read(scrolls.written(walk), "users", None) == walk
            True
        """
        held: dict[str, Any] = walk._asdict()
        if sum(map(len, walk.filters)) > _MOST_HELD:
            held["filters"] = _digest(walk.filters)
        data = zlib.compress(json.dumps(list(held.values())).encode())
        return base64.urlsafe_b64encode(self._sign(data) + data).decode().rstrip("=")

    def read(self, text: str, path: str, filters: tuple[str, ...] | None) -> Walk:
        """Return the walk of an id; `filters` are those that were sent with it.

        Raises:
            Problem: for an id that isn't one of this server and list, and where long filters
                weren't sent again.
        """
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise _unknown() from None
        signature, data = raw[:_SIGNED], raw[_SIGNED:]
        if not hmac.compare_digest(signature, self._sign(data)):
            raise _unknown()
        # What is signed was written here, so it can be read.
        of_path, asked, sort, size, began, place = json.loads(zlib.decompress(data))
        if isinstance(asked, str):
            if filters is None or _digest(filters) != asked:
                message = "filters as long as these have to be sent again with each scrollId"
                raise wrong_parameter(message, "scrollId")
            asked = filters
        came = None if place is None else tuple(place)
        walk = Walk(of_path, tuple(asked), sort, size, began, came)
        return checked(walk, path, filters)

    def _sign(self, data: bytes) -> bytes:
        return hmac.digest(self._secret, data, "sha256")[:_SIGNED]


def checked(walk: Walk, path: str, filters: tuple[str, ...] | None) -> Walk:
    """Return a walk if it is one through this list, with the filters that were sent, if any were.

    Raises:
        Problem: if it isn't.
    """
    if walk.path != path:
        message = f"the scrollId belongs to /{walk.path}, not to /{path}"
        raise wrong_parameter(message, "scrollId")
    if filters is not None and filters != walk.filters:
        message = "the scrollId belongs to a request with another filter"
        raise wrong_parameter(message, "scrollId")
    return walk


def _digest(filters: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(filters).encode()).hexdigest()


def _unknown() -> Problem:
    return wrong_parameter("the scrollId isn't one that this server has given", "scrollId")


class ScrollBook:
    """Walks whose position the server keeps, so that their `scrollId` never changes.

    Args:
        most: so many walks are kept; then the one that was asked for longest ago is forgotten.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._walks: OrderedDict[str, Walk] = OrderedDict()

    def begin(self, walk: Walk) -> str:
        """Keep a new walk, and return its id."""
        text = secrets.token_urlsafe(24)
        self.keep(text, walk)
        return text

    def keep(self, text: str, walk: Walk) -> None:
        """Keep how far a walk has come."""
        self._walks[text] = walk
        self._walks.move_to_end(text)
        if len(self._walks) > self._most:
            self._walks.popitem(last=False)

    def find(self, text: str) -> Walk:
        """Return the walk of an id.

        Raises:
            Problem: for an id that isn't kept.
        """
        walk = self._walks.get(text)
        if walk is None:
            raise _unknown()
        return walk
