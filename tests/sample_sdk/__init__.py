"""An SDK as others write them on this library: users and accounts, filters, and pages.

It uses the public names alone, and type checkers look at it as strictly as at the library. The
transport is whatever sends a GET request with decoded pairs and gives back the decoded JSON; with
httpx that is four lines (see `docs/how-to/send-filters.md`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypedDict, TypeVar, cast

import filterlang as fl
from filterlang import px

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class User(TypedDict, total=False):
    """What this SDK's users look at in a user; all else of the API is there as well."""

    identifyId: str
    email: str
    score: int
    customAttributes: dict[str, object] | None


class Account(TypedDict, total=False):
    """As `User`, for an account."""

    id: str
    name: str
    plan: str


class Transport(Protocol):
    """Sends a GET request and gives back the JSON of the answer, or raises."""

    def __call__(
        self, path: str, params: list[tuple[str, str]], headers: Mapping[str, str]
    ) -> Mapping[str, object]: ...


RecordT = TypeVar("RecordT", User, Account)


class Resource(Generic[RecordT]):
    """One kind of records: `client.users.list("score>=10")`."""

    def __init__(self, client: Client, name: str, schema: fl.Schema) -> None:
        self._client = client
        self._name = name
        self.schema = schema

    def field(self, name: str) -> fl.Field:
        """Name a dimension that clauses can be built on; a misspelled one is a SchemaError."""
        return fl.field(name, schema=self.schema)

    def list(self, wanted: fl.Filters = (), *, page_size: int = px.PAGE_SIZE) -> Iterator[RecordT]:
        """Iterate over the records that match, page after page."""
        request = px.ListRequest(self._checked(wanted), page_size)
        for page in px.pages(self._fetch, request):
            yield from cast("list[RecordT]", page[self._name] or ())

    def _checked(self, wanted: fl.Filters) -> fl.FilterSet:
        if isinstance(wanted, fl.FilterSet | fl.Filter | fl.Clause):
            wanted = fl.unparse(wanted)
        report = fl.check(wanted, schema=self.schema)
        if report.filters is None:
            raise fl.SchemaError(report.diagnostics, report.sources)
        return report.filters

    def _fetch(self, request: px.ListRequest) -> Mapping[str, object]:
        headers = {"X-APTRINSIC-API-KEY": self._client.key}
        return self._client.transport(f"/{self._name}", request.to_params(), headers)


class Client:
    """The way to the API: `Client(key, transport).users`, `.accounts`."""

    def __init__(self, key: str, transport: Transport) -> None:
        self.key = key
        self.transport = transport
        self.users = Resource[User](self, "users", px.USER)
        self.accounts = Resource[Account](self, "accounts", px.ACCOUNT)
