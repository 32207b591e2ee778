"""Folders whose names say `key=value`, as Hive, Spark, polars and DuckDB write them: the columns.

The type of a key is told by all its values in a run, as Spark and polars tell it. Where the two
differ: `true` and `false` are booleans, as polars and cells of CSV have them; `+5`, `1d`, `inf` and
`nan`, which are numbers to one of them only, are text.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from filterlang.backends.plan.storage import Storages

_NULLS: Final = ("__HIVE_DEFAULT_PARTITION__", "")
_INTEGER = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DATE.pattern + r"([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?")
_BOOLEAN = re.compile("true|false", re.IGNORECASE)
DIGITS: Final = 38
"""As many as Arrow's decimal numbers have."""


class Keys(NamedTuple):
    """The columns that the folders of one file say: their `values`, and what Arrow calls these."""

    values: Mapping[str, object]
    types: Mapping[str, str]

    def storages(self) -> Storages:
        """Return how they are stored."""
        from filterlang.backends.plan.storage import Scalar

        return dict.fromkeys(self.values, Scalar.TEXT)


NO_KEYS: Final = Keys({}, {})


def texts_of(path: str) -> dict[str, str | None]:
    """Return the keys and values in the names of a file's folders; the innermost of each key.

    Example:
        >>> texts_of("sales/year=2024/city=K%C3%B6ln/x=/a.csv")
        {'year': '2024', 'city': 'Köln', 'x': None}
    """
    found: dict[str, str | None] = {}
    for part in PurePath(path).parts[:-1]:
        key, sign, value = part.partition("=")
        if sign and key:
            found[unquote(key)] = None if value in _NULLS else unquote(value)
    return found


def find_keys(paths: Iterable[str]) -> Callable[[str], Keys]:
    """Look at all paths of a run, and return what says of each of them what its folders say."""
    values: dict[str, set[str]] = {}
    for path in paths:
        for key, text in texts_of(path).items():
            values.setdefault(key, set()).update([] if text is None else [text])
    kinds = {key: _kind(texts) for key, texts in values.items()}

    def keys_of(path: str) -> Keys:
        texts = texts_of(path)
        if not texts:
            return NO_KEYS
        return Keys(
            {key: None if text is None else kinds[key].read(text) for key, text in texts.items()},
            {key: kinds[key].type for key in texts},
        )

    return keys_of


# --- Types ----------------------------------------------------------------------------------------


class _Kind(NamedTuple):
    type: str
    read: Callable[[str], Any]


def _kind(texts: set[str]) -> _Kind:
    """Tell the type of a key by all its values but null."""
    for is_so, kind in _KINDS:
        if texts and all(map(is_so, texts)):
            try:
                read = [kind.read(text) for text in texts]
            except ValueError:
                continue  # There is no such day.
            if kind is not _WHOLE or all(-(2**63) <= number < 2**63 for number in read):
                return kind
    return _TEXT


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _boolean(text: str) -> bool:
    return text.lower() == "true"


_TEXT: Final = _Kind("string", str)
_WHOLE: Final = _Kind("int64", int)
_WIDE = re.compile(rf"-?0*[0-9]{{1,{DIGITS}}}")
_KINDS: Final[list[tuple[Callable[[str], object], _Kind]]] = [
    (_BOOLEAN.fullmatch, _Kind("bool", _boolean)),
    (_INTEGER.fullmatch, _WHOLE),
    (_WIDE.fullmatch, _Kind("decimal128(38, 0)", int)),
    (_NUMBER.fullmatch, _Kind("double", float)),
    (_DATE.fullmatch, _Kind("date32", date.fromisoformat)),
    (_TIME.fullmatch, _Kind("timestamp[us, tz=UTC]", _moment)),
]
