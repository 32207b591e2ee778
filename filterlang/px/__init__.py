"""What belongs to the API of Gainsight PX, once Aptrinsic: its records and its list requests.

`USER` and `ACCOUNT` say what filters may use, and `schema_from_attributes` says it of your own
attributes, too. `LISTS` has every list of the API, `EVENTS` what filters of events may use, and
`schema_of` says it of any list.
`ListRequest` holds the parameters of a request for a list, `pages` and `async_pages` walk through
the answers, and tell their `Progress`; `split_by_window` splits filters of events that ask for too
long a time. Nothing is sent from here: any HTTP client will do. Each name is loaded when it is
first used.
"""

from __future__ import annotations

# Type checkers take this for true; `typing` itself would cost 3 ms to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from filterlang.px.attribute_schema import schema_from_attributes
    from filterlang.px.endpoints import EVENTS, LISTS, ListEndpoint, schema_of
    from filterlang.px.event_windows import split_by_window
    from filterlang.px.page_fields import PageError
    from filterlang.px.paging import MAX_PAGES, Progress, async_pages, pages
    from filterlang.px.requests import MAX_PAGE_SIZE, PAGE_SIZE, ListRequest
    from filterlang.px.schemas import ACCOUNT, USER

__all__ = [
    "ACCOUNT",
    "EVENTS",
    "LISTS",
    "MAX_PAGES",
    "MAX_PAGE_SIZE",
    "PAGE_SIZE",
    "USER",
    "ListEndpoint",
    "ListRequest",
    "PageError",
    "Progress",
    "async_pages",
    "pages",
    "schema_from_attributes",
    "schema_of",
    "split_by_window",
]

_HOMES = {
    "attribute_schema": ("schema_from_attributes",),
    "endpoints": ("EVENTS", "LISTS", "ListEndpoint", "schema_of"),
    "event_windows": ("split_by_window",),
    "page_fields": ("PageError",),
    "paging": ("MAX_PAGES", "Progress", "async_pages", "pages"),
    "requests": ("MAX_PAGE_SIZE", "PAGE_SIZE", "ListRequest"),
    "schemas": ("ACCOUNT", "USER"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # To type checkers, there are only the names above.

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(__import__(f"{__name__}.{_HOME[name]}", fromlist=[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
