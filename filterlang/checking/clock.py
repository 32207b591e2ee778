"""What time it is for what is said of `today` and `now-7d`: a clock that can be set."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_SET: ContextVar[datetime | None] = ContextVar("now", default=None)


def now() -> datetime:
    """Return the instant that counts as now, in UTC: the one that is set, or that of the machine.

    Example:
        >>> with clock_at(datetime(2024, 1, 31, 12, tzinfo=UTC)):
        ...     print(now())
        2024-01-31 12:00:00+00:00
    """
    return _SET.get() or datetime.now(UTC)


@contextmanager
def clock_at(instant: datetime) -> Generator[None]:
    """Let an instant be now within a `with` block, in this thread or task alone.

    Hints then say the same at any time, as tests and recorded answers want it.

    Args:
        instant: When it is; without a time zone it is taken to be UTC.

    Example:
        >>> import filterlang as fl
        >>> schema = fl.Schema.from_dict({"name": "users", "dimensions": {"seen": "datetime"}})
        >>> with clock_at(datetime(2024, 1, 31)):
        ...     print(fl.check("seen>=today", schema).diagnostics[0].hint)
        dates are written out, not computed; counted from now it is '2024-01-31'
    """
    is_naive = instant.tzinfo is None
    token = _SET.set(instant.replace(tzinfo=UTC) if is_naive else instant.astimezone(UTC))
    try:
        yield
    finally:
        _SET.reset(token)
