"""The lists of the API: where each is, what filters and sorts of it may use, and how it pages.

From the vendor's Swagger description, like the schemas. What may be filtered differs from list to
list, so each has a schema of its own; a name of its records that no filter may use stands there
too, as one that isn't `filterable`, so that `check` can say so.

Example:
    >>> LISTS["events/custom"].records_key
    'customEvents'
    >>> LISTS["events/segment_match"].schema.find("identifyId").dimension.operators
    (<Operator.EQ: '=='>,)
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from filterlang.diagnostics.diagnostic import shown
from filterlang.px.schemas import ACCOUNT, USER
from filterlang.schema.schema import Dimension, Schema

if TYPE_CHECKING:
    from collections.abc import Mapping


class ListEndpoint(NamedTuple):
    """One list of the API; `LISTS` has them all.

    One that differs from what is known here is built of it, as with the schema of your attributes:
    `LISTS["users"]._replace(schema=schema_from_attributes(attributes, base=USER))`.

    Fields: `path` behind the base path; `records_key`, under which an answer has the records;
    `key`, the name in them that is their own; `schema`, what filters may use, None where none may
    be sent; `sortable`, the names that a sort may use, None for any of the schema; `is_scrolled`,
    whether pages are asked for by `scrollId`, else by `pageNumber`; `has_window`, whether a filter
    without a date asks for the last day, as it is with events.

    Example:
        >>> LISTS["events/email"].records_key, LISTS["events/email"].sortable
        ('results', ('date',))
    """

    path: str
    records_key: str
    key: str
    schema: Schema | None
    sortable: tuple[str, ...] | None = ()
    is_scrolled: bool = True
    has_window: bool = False


_EVENT: dict[str, str] = {
    **dict.fromkeys(
        ("eventId", "identifyId", "propertyKey", "eventType", "sessionId", "userType", "accountId"),
        "text",
    ),
    "date": "datetime",
    "globalContext": "map",
}
"""What records of every kind of event have."""

_CUSTOM = {
    **_EVENT,
    **dict.fromkeys(("eventName", "url", "referrer", "remoteHost"), "text"),
    "attributes": "map",
}
_PAGE_VIEW = {
    **_EVENT,
    **dict.fromkeys(
        ("scheme", "host", "path", "queryString", "hash", "remoteHost", "referrer", "pageTitle"),
        "text",
    ),
    **dict.fromkeys(("screenHeight", "screenWidth"), "integer"),
    "queryParams": "map",
    "languages": "list of text",
}


def _schema(
    name: str, fields: dict[str, str], filterable: tuple[str, ...], equality: tuple[str, ...]
) -> Schema:
    """Build the schema of a list; names that aren't described otherwise are texts or dates."""
    types = {one: "datetime" if one in _DATES else "text" for one in filterable}
    return Schema(
        {
            one: Dimension(
                type_,
                filterable=one in filterable,
                operators=("==",) if one in equality else None,
            )
            for one, type_ in {**fields, **types}.items()
        },
        name=name,
    )


_DATES = ("date", "executionDate")


def _event(
    path: str,
    records_key: str,
    filterable: tuple[str, ...],
    sortable: tuple[str, ...] = ("accountId", "date"),
    *,
    fields: dict[str, str] = _EVENT,
    equality: tuple[str, ...] = (),
) -> ListEndpoint:
    return ListEndpoint(
        path,
        records_key,
        "eventId",
        _schema(path, fields, filterable, equality),
        sortable,
        has_window=path.startswith("events/"),
    )


def _paged(path: str, records_key: str) -> ListEndpoint:
    return ListEndpoint(path, records_key, "id", None, is_scrolled=False)


_WHOSE = ("identifyId", "accountId", "date")

LISTS: dict[str, ListEndpoint] = {
    one.path: one
    for one in (
        ListEndpoint("users", "users", "identifyId", USER, None),
        ListEndpoint("accounts", "accounts", "id", ACCOUNT, None),
        _event("survey/responses", "results", (*_WHOSE, "contentType")),
        _event(
            "events/custom", "customEvents", ("identifyId", "eventName", "date"), fields=_CUSTOM
        ),
        _event(
            "events/email",
            "results",
            ("identifyId", "date", "email", "engagementId", "emailTrackType", "executionDate"),
            ("date",),
        ),
        _event(
            "events/engagementView",
            "results",
            (*_WHOSE, "contentType", "carouselState", "guideState", "surveyState"),
        ),
        _event(
            "events/feature_match",
            "featureMatchEvents",
            ("featureId", *_WHOSE),
            equality=("identifyId",),
        ),
        _event("events/formSubmit", "results", _WHOSE, ("date",)),
        _event("events/identify", "identifyEvents", ("identifyId", "email", "date")),
        _event("events/lead", "results", ("identifyId", "email", "date")),
        _event(
            "events/pageView",
            "results",
            (*_WHOSE, "path", "queryString", "pageTitle", "host"),
            fields=_PAGE_VIEW,
        ),
        _event(
            "events/segment_match",
            "featureMatchEvents",
            ("segmentId", *_WHOSE),
            equality=("identifyId",),
        ),
        _event("events/session", "sessionInitializedEvents", _WHOSE),
        _paged("segment", "segments"),
        _paged("feature", "features"),
        _paged("engagement", "engagements"),
        _paged("articles", "articleExternalViewList"),
        _paged("kcbot", "kcList"),
    )
}
"""Path → the list there."""

EVENTS: Mapping[str, Schema] = MappingProxyType(
    {
        path: one.schema
        for path, one in LISTS.items()
        if path.startswith("events/") and one.schema is not None
    }
)
"""Path of a list of events → what its filters may use; what sorts may use is in `LISTS`."""


def list_endpoint(path: ListEndpoint | str) -> ListEndpoint:
    """Return the list at a path, whose `/` at the beginning is left; a list is returned as it is.

    Raises:
        ValueError: for anything else; it names the paths of all lists.

    Example:
        >>> list_endpoint("/events/custom").records_key
        'customEvents'
    """
    if isinstance(path, ListEndpoint):
        return path
    found = None
    if isinstance(path, str):  # callers may be untyped
        found = LISTS.get(path.removeprefix("/"))
    if found is None:
        message = f"expected the path of a list, found {shown(path)}; they are {', '.join(LISTS)}"
        raise ValueError(message)
    return found


def schema_of(path: ListEndpoint | str) -> Schema:
    """Return what filters of a list may use; unlike `LISTS[path].schema` it is never None.

    Raises:
        ValueError: for a list that takes no filters, as `segment`, and for what is none.

    Example:
        >>> schema_of("events/custom").find("eventName").dimension
        Dimension('text')
    """
    endpoint = list_endpoint(path)
    if endpoint.schema is None:
        message = f"{endpoint.path} takes no filters; fetch all, and choose here"
        raise ValueError(message)
    return endpoint.schema


READ_ONLY: dict[str, frozenset[str]] = {
    "users": frozenset(
        {
            "aptrinsicId",
            "lastSeenDate",
            "numberOfVisits",
            "createDate",
            "lastModifiedDate",
            "id",
            "lastInferredLocation",
            "globalId",
        }
    ),
    "accounts": frozenset({"numberOfUsers", "createDate", "lastModifiedDate"}),
}
"""The fields of users and accounts that the API alone writes."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "users": ("identifyId", "propertyKeys"),
    "accounts": ("id", "name", "propertyKeys"),
}
"""The fields without which the API makes no user and no account."""
