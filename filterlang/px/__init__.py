"""What belongs to the API of Gainsight PX, once Aptrinsic: its records and its list requests.

`USER` and `ACCOUNT` say what filters may use, `ListRequest` holds the parameters of `GET /users`
and `GET /accounts`, `pages` and `async_pages` walk through the answers. `LISTS` has
every list of the API, `EVENTS` what filters of events may use, and `split_by_window` splits those
that ask for too long a time. Nothing is sent from here:
any HTTP client will do. Each name is loaded when it is first used.
"""

from __future__ import annotations

# Type checkers take this for true; `typing` itself would cost 3 ms to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from filterlang.px.endpoints import EVENTS, LISTS, ListEndpoint
    from filterlang.px.event_windows import split_by_window
    from filterlang.px.paging import PageError, async_pages, pages
    from filterlang.px.requests import MAX_PAGE_SIZE, PAGE_SIZE, ListRequest
    from filterlang.px.schemas import ACCOUNT, USER

__all__ = [
    "ACCOUNT",
    "EVENTS",
    "LISTS",
    "MAX_PAGE_SIZE",
    "PAGE_SIZE",
    "USER",
    "ListEndpoint",
    "ListRequest",
    "PageError",
    "async_pages",
    "pages",
    "split_by_window",
]

_HOMES = {
    "endpoints": ("EVENTS", "LISTS", "ListEndpoint"),
    "event_windows": ("split_by_window",),
    "paging": ("PageError", "async_pages", "pages"),
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
