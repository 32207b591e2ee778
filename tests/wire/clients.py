"""HTTP clients, each with its way to send decoded pairs and its way to send an encoded query.

A client is a function that, used in a `with` statement, gives its two ways: `(pairs, encoded)`,
where `pairs(url, params)` and `encoded(url, query)` return the body of the answer. No client looks
at the environment for a proxy, since everything stays on loopback.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from tests.support.engines import need

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT = 10  # seconds; only what hangs takes so long


class Ways(NamedTuple):
    pairs: Callable[[str, list[tuple[str, str]]], bytes]
    encoded: Callable[[str, str], bytes]


def with_query(url, query):
    """Put an encoded query behind a URL that has none."""
    return f"{url}?{query}" if query else url


def _like_httpx(module):
    def send(client, url, **options):
        return client.get(url, **options).raise_for_status().content

    @contextmanager
    def ways():
        # No certificates are read: it takes long, and nothing here is encrypted.
        with module.Client(timeout=TIMEOUT, trust_env=False, verify=False) as client:
            yield Ways(
                lambda url, params: send(client, url, params=params),
                lambda url, query: send(client, with_query(url, query)),
            )

    return ways()


def httpx():
    return _like_httpx(need("httpx", "test"))


def httpx2():
    return _like_httpx(need("httpx2", "test"))


@contextmanager
def requests():
    module = need("requests", "test")

    def send(url, **options):
        answer = session.get(url, timeout=TIMEOUT, **options)
        answer.raise_for_status()
        return answer.content

    with module.Session() as session:
        session.trust_env = False
        yield Ways(
            lambda url, params: send(url, params=params),
            lambda url, query: send(with_query(url, query)),
        )


@contextmanager
def aiohttp():
    module = need("aiohttp", "test")
    yarl = need("yarl", "test")

    async def send(url, **options):
        async with session.get(url, **options) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def start():
        return module.ClientSession(timeout=module.ClientTimeout(total=TIMEOUT))

    with asyncio.Runner() as runner:
        session = runner.run(start())
        try:
            yield Ways(
                lambda url, params: runner.run(send(url, params=params)),
                # A URL that is a str would be encoded anew.
                lambda url, query: runner.run(
                    send(yarl.URL(with_query(url, query), encoded=True)),
                ),
            )
        finally:
            runner.run(session.close())


@contextmanager
def urllib3():
    module = need("urllib3", "test")

    def send(url, **options):
        answer = pool.request("GET", url, **options)
        assert answer.status == 200, answer.status
        return answer.data

    with module.PoolManager(timeout=TIMEOUT, retries=False) as pool:
        yield Ways(
            lambda url, params: send(url, fields=params),
            lambda url, query: send(with_query(url, query)),
        )


@contextmanager
def standard_library():
    from urllib.request import ProxyHandler, build_opener

    opener = build_opener(ProxyHandler({}))

    def send(url):
        with opener.open(url, timeout=TIMEOUT) as answer:
            return answer.read()

    yield Ways(
        lambda url, params: send(with_query(url, urlencode(params))),
        lambda url, query: send(with_query(url, query)),
    )


CLIENTS = {
    "httpx": httpx,
    "httpx2": httpx2,
    "requests": requests,
    "aiohttp": aiohttp,
    "urllib3": urllib3,
    "standard library": standard_library,
}
"""Name → how to open it."""

FORM = "-._~"
"""What all clients but one leave as it is in a pair, beside ASCII letters and digits."""

LEFT_AS_IT_IS = dict.fromkeys(CLIENTS, FORM) | {"aiohttp": FORM + "!$'()*,/:?@"}
"""Name → what the client does not encode in a pair; a space becomes `+` with all of them."""


def encoded_by(client, pairs):
    """State what a client makes of decoded pairs, as bytes, by a rule of our own."""
    kept = LEFT_AS_IT_IS[client]
    return "&".join(
        f"{_encoded(key, kept)}={_encoded(value, kept)}" for key, value in pairs
    ).encode()


@cache
def _encoded(text, kept):
    return "".join(_encoded_character(character, kept) for character in text)


def _encoded_character(character, kept):
    if character in kept or (character.isascii() and character.isalnum()):
        return character
    if character == " ":
        return "+"
    return "".join(f"%{byte:02X}" for byte in character.encode())
