"""What type checkers make of filters that HTTP clients send; read by them, and never run.

niquests takes them too. It isn't installed with the others, since it puts another urllib3 in the
place of that one.
"""

from __future__ import annotations

from urllib.parse import urlencode

import aiohttp  # noqa: TC002 — as people import it, beside the others
import httpx
import httpx2
import requests
import urllib3

import filterlang as fl
from filterlang import px

URL = "http://127.0.0.1/users"
FILTERS = fl.parse(["score>=10", "role==admin"])
PAIRS = fl.to_params(FILTERS)
REQUEST = px.ListRequest(FILTERS, page_size=100)
REQUESTS: list[px.ListRequest] = [
    px.ListRequest(endpoint="segment", page_number=2),
    px.ListRequest(endpoint=px.LISTS["events/custom"], sort="-date", max_page_size=200),
    px.ListRequest(endpoint="segment").at_page(3),
    px.ListRequest.from_params(PAIRS, endpoint="users"),
]
SCHEMA: fl.Schema = px.schema_from_attributes([{"apiName": "plan"}], base=px.USER)
RESOLVED: fl.FilterSet = fl.resolve(FILTERS, px.schema_of("survey/responses"))

urlencode(fl.to_params(FILTERS))
urlencode(REQUEST.to_params())


def with_httpx(client: httpx.Client) -> None:
    client.get(URL, params=PAIRS)
    client.get(URL, params=fl.to_params(FILTERS))
    client.get(URL, params=REQUEST.to_params())
    client.get(URL, params=[*fl.to_params(FILTERS), ("pageSize", 100)])
    httpx.get(URL, params=fl.to_params(FILTERS))
    httpx.get(httpx.URL(URL).copy_merge_params(fl.to_params(FILTERS)))
    for request in REQUESTS:
        client.get(URL, params=request.to_params())

    def fetch(request: px.ListRequest) -> dict[str, list[int]]:
        return client.get(f"/{request.path}", params=request.to_params()).json()  # type: ignore[no-any-return]  # as httpx has it

    for page in px.pages(fetch, REQUEST, progress=print, max_pages=9):
        page["users"].append(5)


async def with_httpx_async(client: httpx.AsyncClient) -> None:
    await client.get(URL, params=fl.to_params(FILTERS))
    await client.get(URL, params=REQUEST.to_params())


def with_httpx2(client: httpx2.Client) -> None:
    client.get(URL, params=fl.to_params(FILTERS))
    client.get(URL, params=REQUEST.to_params())
    httpx2.get(URL, params=fl.to_params(FILTERS))


def with_requests(session: requests.Session) -> None:
    session.get(URL, params=fl.to_params(FILTERS), timeout=10)
    session.get(URL, params=REQUEST.to_params(), timeout=10)
    requests.get(URL, params=fl.to_params(FILTERS), timeout=10)


async def with_aiohttp(session: aiohttp.ClientSession) -> None:
    await session.get(URL, params=fl.to_params(FILTERS))
    await session.get(URL, params=REQUEST.to_params())


def with_urllib3(pool: urllib3.PoolManager) -> None:
    pool.request("GET", URL, fields=fl.to_params(FILTERS))
    pool.request("GET", URL, fields=REQUEST.to_params())
    urllib3.request("GET", URL, fields=fl.to_params(FILTERS))
