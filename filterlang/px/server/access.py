"""Who may do what, and how often: keys with permissions, rates, and the names of the server."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, NamedTuple, Self

from filterlang.px.server.problems import Problem, bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BASE = "/v1"
"""What all paths of the API begin with."""

HEADER = "X-APTRINSIC-API-KEY"
"""The header that the key goes in."""

_FEWEST = 8
_LONGEST_WAIT = 86_400
"""The header Retry-After says at most this many seconds."""


class Key(NamedTuple):
    """A key and its permissions.

    Example:
        >>> Key.read("k-3f1b99a0:read")
        Key(secret='k-3f1b99a0', may_read=True, may_write=False)
    """

    secret: str
    may_read: bool = True
    may_write: bool = True

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a key as it is written: `KEY`, or with its permissions `KEY:read`, `KEY:write`.

        Raises:
            ValueError: for a key that no header could hold, or that is shorter than 8 characters.
        """
        secret, colon, permission = text.rpartition(":")
        if not colon or permission not in {"read", "write"}:
            secret, permission = text, ""
        is_plain = secret.isascii() and secret.isprintable() and " " not in secret
        if not is_plain or len(secret) < _FEWEST:
            message = f"expected a key of {_FEWEST} or more visible ASCII characters"
            raise ValueError(message)
        return cls(secret, permission != "write", permission != "read")

    @classmethod
    def made(cls) -> Self:
        """Make a new key that nobody can guess."""
        return cls(secrets.token_urlsafe(24))


class Keys:
    """The keys of a server; none of them is kept as it is written."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = [(_digest(key.secret), key.may_read, key.may_write) for key in keys]

    def admit(self, sent: str | None, *, writes: bool) -> bytes:
        """Return what tells a key from others.

        Args:
            sent: what the header holds, or None where there is none.
            writes: whether the request changes anything.

        Raises:
            Problem: without a key of this server (401), or without the permission (403).
        """
        digest = _digest(sent or "")
        for known, may_read, may_write in self._keys:
            if hmac.compare_digest(known, digest):
                if may_write if writes else may_read:
                    return known
                needed = "write" if writes else "read"
                message = f"the API key has no {needed} permission"
                raise Problem(HTTPStatus.FORBIDDEN, message)
        message = f"the header {HEADER} has no API key of this server"
        raise Problem(HTTPStatus.UNAUTHORIZED, message)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


class Rates:
    """Counts what each key asks for: a second's worth at once, and then at the rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[bytes, tuple[float, float]] = {}

    def count(self, key: bytes, rate: float) -> None:
        """Count a request.

        Raises:
            Problem: if there were too many (429).
        """
        most = max(1.0, rate)
        with self._lock:
            now = self._clock()
            left, since = self._left.get(key, (most, now))
            left = min(most, left + (now - since) * rate)
            is_allowed = left >= 1
            self._left[key] = (left - is_allowed, now)
        if not is_allowed:
            seconds = max(1, ceil(min(_LONGEST_WAIT, (1 - left) / rate)))
            message = f"too many requests: {rate:g} a second are answered"
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS, message, headers={"Retry-After": str(seconds)}
            )


class Hosts:
    """The names by which a server may be called, so that no web page reaches it by one of its own.

    Args:
        host: what the server listens on.
        others: names that somebody else gives it, such as a proxy.
    """

    def __init__(self, host: str, others: Iterable[str] = ()) -> None:
        self._is_any = host in {"0.0.0.0", "::", ""}  # noqa: S104 — it is asked, not bound
        self._names = {"localhost", host.lower(), *(one.lower() for one in others)}

    def check(self, header: str | None) -> None:
        """Check the header Host.

        Raises:
            Problem: if it doesn't name this server.
        """
        name = _name_in(header or "")
        if name in self._names or _is_loopback(name) or (self._is_any and _is_address(name)):
            return
        message = "the header Host names another server; --allow-host makes a name known"
        if not header:
            message = "the header Host is missing; it has a name of this server"
        raise bad_request(message)


def _name_in(header: str) -> str:
    """Return the name without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a host.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
        (True, True, False)
    """
    return host.lower() == "localhost" or _is_loopback(host)


def _is_loopback(name: str) -> bool:
    return _is_address(name) and ipaddress.ip_address(name).is_loopback


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
