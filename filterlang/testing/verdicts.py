"""What those that give verdicts are asked, and what they hold of records in a way of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.used_names import names_of, wanted_columns
from filterlang.matching.matcher import compile
from filterlang.semantics.kinds import Kind, key_of, kind_of
from filterlang.semantics.values import is_list, is_missing, plain, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters

    # pyarrow has no types, and frames are of many engines.
    Array = Any
    Table = Any
    Frame = Any


class Reason(Enum):
    """Why an evaluator gives no verdicts; there are no other reasons.

    Example:
        >>> [reason.name for reason in Reason]
        ['NO_OBJECT', 'VALUES_NOT_HELD', 'UNSUPPORTED', 'NOT_CONNECTED', 'NOT_INSTALLED']
    """

    NO_OBJECT = "a record is no mapping of texts to values"
    VALUES_NOT_HELD = "it can't hold values that the filters look at as they are"
    UNSUPPORTED = "it refuses the filters, since it can't say them exactly"
    NOT_CONNECTED = "nobody said where its server is"
    NOT_INSTALLED = "a package that it requires is not installed"


class LeftOut(NamedTuple):
    """What takes the place of verdicts: the `reason`, and in words what it is about.

    Example:
        >>> LeftOut(Reason.VALUES_NOT_HELD, "score").reason.value
        "it can't hold values that the filters look at as they are"
    """

    reason: Reason
    detail: str = ""


if TYPE_CHECKING:
    Verdicts = list[bool] | LeftOut
    Ask = Callable[[Sequence[Filters], Sequence[object], Schema | None], list[Verdicts]]
    Judge = Callable[[object], bool]
    AskObjects = Callable[
        [list[Matcher], Sequence[Mapping[str, object]], Schema | None], list[Verdicts]
    ]
    AskServer = Callable[
        [Any, list[Matcher], Sequence[Mapping[str, object]], Schema | None], list[Verdicts]
    ]


# --- What holds values in a way of its own --------------------------------------------------------


class Held:
    """Records that are mappings, as an evaluator holds them: by key.

    `hold` makes what the evaluator takes of the values of one key; it gives None where it can't
    hold them as they are. In `columns` what a record lacks is null.
    """

    def __init__(
        self,
        records: Sequence[Mapping[str, object]],
        hold: Callable[[list[object]], Any],
        *,
        columns: bool = True,
    ) -> None:
        self.records = records
        self.keys: list[str] = list(dict.fromkeys(key for record in records for key in record))
        self._hold = hold
        self._columns: dict[str, Any] = {}
        if columns:
            # A key with a dot hides a nested value, even if it leads to null.
            hiding = [key for key in self.keys if "." in key]
            self._columns |= {
                key: None for key in hiding if not all(key in record for record in records)
            }

    def find(self, key: str) -> Any:
        """Return what stands for a key, or None."""
        if key not in self._columns:
            self._columns[key] = self._hold([record.get(key) for record in self.records])
        return self._columns[key]

    def lose(self, key: str) -> None:
        """Note that the values of a key aren't held."""
        self._columns[key] = None

    def compare(self, key: str, back: Sequence[object]) -> None:
        """Note whether the values of a key came back as others."""
        if not are_same([record.get(key) for record in self.records], back):
            self.lose(key)

    def wanted(self, matcher: Matcher) -> dict[str, Any] | LeftOut:
        """Return what stands for the keys that filters look at."""
        wanted = {key: self.find(key) for key in wanted_columns(self.keys, names_of(matcher))}
        for key, column in wanted.items():
            if column is None:
                return LeftOut(Reason.VALUES_NOT_HELD, key)
        return wanted

    def ask_each(
        self, matchers: list[Matcher], ask: Callable[[Matcher, dict[str, Any]], Verdicts]
    ) -> list[Verdicts]:
        """Ask filter by filter, with what stands for the keys that it looks at, if all is held."""
        found: list[Verdicts] = []
        for matcher in matchers:
            wanted = self.wanted(matcher)
            found.append(wanted if isinstance(wanted, LeftOut) else ask(matcher, wanted))
        return found


def is_object(record: object) -> bool:
    """Whether a record is a mapping whose keys are texts."""
    return isinstance(record, Mapping) and all(isinstance(key, str) for key in record)


def of_objects(ask: AskObjects) -> Ask:
    """Ask what takes mappings only."""

    def ask_objects(
        asked: Sequence[Filters], records: Sequence[object], schema: Schema | None
    ) -> list[Verdicts]:
        matchers = [compile(filters, schema=schema) for filters in asked]
        objects: Any = records
        if not all(map(is_object, objects)):
            return [LeftOut(Reason.NO_OBJECT)] * len(asked)
        return ask(matchers, objects, schema)

    return ask_objects


def are_same(values: Iterable[object], others: Iterable[object]) -> bool:
    """Whether values are the same as others, and of the same kinds."""
    left, right = list(values), list(others)
    return len(left) == len(right) and all(map(is_same, left, right))


def is_same(given: object, held: object) -> bool:
    """Return whether two values are the same to the language; what is held has to be."""
    value, other = plain(given), plain(held)
    if is_missing(value) or is_missing(other):
        return is_missing(value) and is_missing(other)
    if is_list(value) or is_list(other):
        return is_list(value) and is_list(other) and are_same(value, other)
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        # A key that is new leads to null, and hides nothing.
        return not any("." in key for key in other.keys() - value.keys()) and all(
            is_same(value.get(key), other.get(key)) for key in {**value, **other}
        )
    kind = kind_of(value)
    if kind is Kind.OPAQUE:
        return bool(value == other)
    return (
        kind is kind_of(other)
        and key_of(value, kind) == key_of(other, kind)
        and text_of(value) == text_of(other)
    )


def json_values(values: list[object]) -> list[object] | None:
    """Return values as JSON brings them, where it has them."""
    try:
        found: list[object] = json.loads(json.dumps(values, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return None
    return found if are_same(values, found) else None
