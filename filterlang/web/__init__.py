"""An input for filters on web pages: what answers it, and what people see of it.

`filter_box` is the ASGI app to mount in a service; the extra `web` brings Starlette for it. It
serves the element `<filter-box>` (`static/`), and answers it by `check`, `complete` and `explain`,
which are pure functions of plain data, so that they work without a server too: in a worker of the
page itself, say. Each name is loaded when it is first used.
"""

from __future__ import annotations

# Type checkers take this for true; `typing` itself would cost 3 ms to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from filterlang.web.asgi import filter_box
    from filterlang.web.payloads import Limits, PayloadError, check, complete, explain

__all__ = ["Limits", "PayloadError", "check", "complete", "explain", "filter_box"]

_HOMES = {
    "payloads": ("Limits", "PayloadError", "check", "complete", "explain"),
    "asgi": ("filter_box",),
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
