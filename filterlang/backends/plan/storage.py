"""How the values of a column are stored, whatever engine holds them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Scalar(Enum):
    """Kinds that have no parameters; the value is their name in messages."""

    TEXT = "text"
    CATEGORY = "categories"
    """Texts, of which the engine keeps each one once."""
    BOOLEAN = "booleans"
    DOUBLE = "floating point numbers"
    SINGLE = "floating point numbers of less than 64 bits"
    DECIMAL = "decimal numbers"
    """Of any number of digits."""
    DATE = "dates"
    WIDE_DATE = "dates of any 32-bit count of days"
    ENDLESS_DATE = "dates, of which the outermost are infinite"
    UUID = "UUIDs"
    UNORDINARY = "values that the language doesn't know"
    """Bytes, times of day and the like: they equal nothing and aren't empty."""


class Whole(NamedTuple):
    """Integers, between and including two bounds."""

    least: int
    most: int


class Fixed(NamedTuple):
    """Decimal numbers of so many digits, some of them behind the point."""

    digits: int
    scale: int


class Reach(Enum):
    """Which instants a column can hold."""

    CALENDAR = "the years 1 to 9999"
    WIDE = "any 64-bit count of its unit"
    ENDLESS = "any 64-bit count of its unit, of which the outermost are infinite"


class Moment(NamedTuple):
    """Dates and times: `unit` is `"s"`, `"ms"`, `"us"` or `"ns"`; without a zone they are UTC."""

    unit: str
    zone: str | None
    reach: Reach = Reach.CALENDAR


class ListOf(NamedTuple):
    """Lists of one kind; some engines have others of a fixed length."""

    element: Storage
    is_fixed: bool = False


class StructOf(NamedTuple):
    """Records whose fields are known; open ones are documents, of which others may have more."""

    fields: Mapping[str, Storage]
    is_open: bool = False


class MapOf(NamedTuple):
    """Records with whatever keys, and values of one kind."""

    value: Storage


class Unknown(NamedTuple):
    """Values of which nothing is known but what the engine calls them.

    `why` is the reason where there is a better one, for messages.
    """

    name: str
    why: str = ""

    @property
    def reason(self) -> str:
        """Why nothing can be asked of them."""
        return self.why or f"nothing is known of the values of a column of type {self.name}"


Storage = Scalar | Whole | Fixed | Moment | ListOf | StructOf | MapOf | Unknown
Storages = dict[str, Storage]
"""The kind of each column."""


def told_apart(engine: str, fields: Storages) -> Storages:
    """Return fields of an engine that doesn't tell names apart that differ by case alone.

    Example:
        >>> told_apart("Spark", {"a": Scalar.TEXT, "b": Scalar.DATE, "A": Scalar.TEXT})["A"].reason
        "Spark doesn't tell the names 'a' and 'A' apart; rename one of them"
    """
    together: dict[str, list[str]] = {}
    for name in fields:
        # Java compares names letter by letter in upper case, then in lower case.
        together.setdefault(fold(name.upper()), []).append(name)
    found = dict(fields)
    for names in together.values():
        if len(names) > 1:
            why = f"{engine} doesn't tell the names {', '.join(map(quoted, names[:-1]))}"
            why += f" and {quoted(names[-1])} apart; rename one of them"
            found |= {name: Unknown("", why) for name in names}
    return found


def words_of(storage: Storage) -> str:
    """Return what values are called in messages; nothing where it isn't known.

    Example:
        >>> words_of(integers(64)), words_of(ListOf(Scalar.DATE))
        ('integers', 'dates')
    """
    match storage:
        # As booleans are held columns without a type, too, of which all values are null.
        case Scalar.UNORDINARY | Scalar.BOOLEAN | Unknown():
            return ""
        case Scalar():
            return storage.value
        case Whole():
            return "integers"
        case Fixed():
            return Scalar.DECIMAL.value
        case Moment():
            return "dates and times"
        case ListOf(element):
            return words_of(element)
        case StructOf(fields):
            # Without any field nothing of pandas was there.
            return "objects" if fields else ""
        case MapOf():
            return "objects"
        case _:
            assert_never(storage)


TEXTS = (Scalar.TEXT, Scalar.CATEGORY)
DATES = (Scalar.DATE, Scalar.WIDE_DATE, Scalar.ENDLESS_DATE)
FLOATS = (Scalar.DOUBLE, Scalar.SINGLE)


def integers(bits: int, *, signed: bool = True) -> Whole:
    """Return the kind of integers of so many bits.

    Example:
        >>> integers(8), integers(8, signed=False)
        (Whole(least=-128, most=127), Whole(least=0, most=255))
    """
    return Whole(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else Whole(0, 2**bits - 1)


def leads_on(path: Sequence[str], storage: Storage) -> bool:
    """Return whether a path leads to something in what is stored so, as rule 1 follows it."""
    path = tuple(path)
    while path:
        match storage:
            case MapOf() | Unknown() | StructOf(is_open=True):
                return True
            case StructOf(fields):
                whole = ".".join(path)
                if whole in fields:
                    return True
                first, *rest = path
                if first not in fields:
                    return False
                path, storage = tuple(rest), fields[first]
            case ListOf(element):
                storage = element
            case Scalar() | Whole() | Fixed() | Moment():
                return False
            case _:
                assert_never(storage)
    return True
