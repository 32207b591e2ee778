"""Conditions → questions to columns of pandas, each answered for all rows at once.

What pyarrow holds is asked by its own expressions, numbers and times by NumPy's comparisons, texts
and other objects one after the other, and categories once each. Lists are laid end to end; what
holds of an element holds of the row that it came from. No row is made into a record.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from narwhals import from_native

from filterlang.backends.frames.condition_roots import (
    NAME_OF_ELEMENTS,
    find_roots,
    moved,
    name_of,
    root_of,
)
from filterlang.backends.frames.literals import in_units
from filterlang.backends.frames.pandas_types import (
    arrow_array,
    flattened,
    members_of,
    storages_of,
)
from filterlang.backends.frames.python_rows import values_of
from filterlang.backends.plan.conditions import (
    AnyElement,
    Column,
    Compared,
    Constant,
    Element,
    Entry,
    Every,
    Form,
    HasKey,
    IsMissing,
    IsSpelled,
    Member,
    Not,
    NumberWritten,
    Some,
    TextCompared,
    TextLike,
)
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.planner import Engine
from filterlang.backends.plan.storage import FLOATS, Moment, Whole
from filterlang.semantics.instants import instant_of
from filterlang.semantics.values import fold, is_missing, plain, text_of
from filterlang.semantics.wildcards import Wildcards

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.backends.plan.conditions import Condition, Value

    Array = Any
    Frame = Any
    Series = Any
    Leaf = IsMissing | Compared | IsSpelled | TextCompared | TextLike | NumberWritten

# Their types are not known here.
np: Any = import_module("numpy")
pd: Any = import_module("pandas")
NAME = "pandas"


def engine_of(frame: Frame) -> Engine:
    """Return what a plan has to know of a frame, whose columns have names of their own."""
    # A frame without rows, of the same types, is asked the same.
    empty = Rows(0, frame.iloc[:0].__getitem__)

    def write(condition: Condition) -> Asked:
        empty.holds(condition)
        return Asked(condition)

    return Engine(NAME, storages_of(frame), write)


class Asked(NamedTuple):
    """What is asked of the rows of a frame."""

    condition: Condition

    def __and__(self, other: Asked) -> Asked:
        return Asked(Every((self.condition, other.condition)))

    def __or__(self, other: Asked) -> Asked:
        return Asked(Some((self.condition, other.condition)))

    def of(self, frame: Frame) -> Array:
        """Return for each row whether it holds."""
        return Rows(len(frame), frame.__getitem__).holds(self.condition)


class Rows:
    """The rows of a frame, or the elements of its lists; what is read of them is kept."""

    def __init__(self, count: int, column: Callable[[str], Series], element: Any = None) -> None:
        self._count = count
        self._column = column
        self._element = element
        self._series: dict[Value, Series] = {}
        self._arrays: dict[Value, Any] = {}
        self._texts: dict[Value, _Texts] = {}
        self._elements: dict[Value, tuple[Rows, Array]] = {}

    def holds(self, condition: Condition) -> Array:
        """Return for each of them whether a condition holds.

        Raises:
            InexactError: as `engine_of(…).write`.
        """
        found = self._of_arrow(condition)
        if found is not None:
            return found
        match condition:
            case Constant(holds):
                return np.full(self._count, holds)
            case Every(parts):
                return np.logical_and.reduce([self.holds(part) for part in parts])
            case Some(parts):
                return np.logical_or.reduce([self.holds(part) for part in parts])
            case Not(part):
                return ~self.holds(part)
            case AnyElement():
                return self._any(condition)
            case HasKey(mapping, key):
                entries = self._entries(mapping, key, "all")
                return entries.is_valid().to_numpy()
            case (
                IsMissing()
                | Compared()
                | IsSpelled()
                | TextCompared()
                | TextLike()
                | NumberWritten()
            ):
                return self._leaf(condition)
            case _:
                assert_never(condition)

    # --- Values ---------------------------------------------------------------------------------

    def _values(self, value: Value) -> Series:
        """Return the values that a condition is about."""
        found = self._series.get(value)
        if found is None:
            found = self._series[value] = self._read(value)
        return found

    def _read(self, value: Value) -> Series:
        match value:
            case Column(name):
                return self._column(name)
            case Element():
                return self._element
            case Member(record, name):
                held = self._values(record)
                array = arrow_array(held)
                if array is None:
                    return pd.Series(members_of(held.to_numpy(), name), dtype="object")
                return _series_of(_compute().struct_field(array, [name]))
            case Entry(mapping, key):
                return _series_of(self._entries(mapping, key, "last"))
            case _:
                assert_never(value)

    def _entries(self, mapping: Value, key: str, which: str) -> Any:
        """Return what maps have for a key; null, and no empty list, where they have none."""
        array = arrow_array(self._values(mapping))
        return _compute().map_lookup(array, _arrow().scalar(key), which)

    def _any(self, condition: AnyElement) -> Array:
        inner, parents = self._flat(condition.list)
        found = np.zeros(self._count, "bool")
        found[parents[inner.holds(condition.condition)]] = True
        return found

    def _flat(self, value: Value) -> tuple[Rows, Array]:
        """Return the elements of lists, and the number of the row of each."""
        found = self._elements.get(value)
        if found is not None:
            return found
        held = self._values(value)
        array = arrow_array(held)
        if array is None:
            flat = flattened(held.to_numpy())
            assert flat is not None  # its type was found so
            elements, parents = pd.Series(flat.values, dtype="object"), flat.parents
        else:
            there = np.flatnonzero(held.notna().to_numpy())
            try:
                array = array.take(_arrow().array(there))
            except NotImplementedError as error:
                message = f"pyarrow takes no elements of columns of type {array.type}"
                raise InexactError(message) from error
            chunks = getattr(array, "chunks", [array])
            array = _arrow().concat_arrays(chunks) if chunks else _arrow().array([], array.type)
            elements = _series_of(_compute().list_flatten(array))
            parents = there[_compute().list_parent_indices(array).to_numpy()]
        rows = Rows(len(elements), self._column, elements)
        found = self._elements[value] = (rows, parents)
        return found

    # --- Questions ------------------------------------------------------------------------------

    def _of_arrow(self, condition: Condition) -> Array | None:
        """Ask pyarrow about what it holds; None if it doesn't hold all, or can't say it."""
        roots: dict[Value, bool] = {}
        if not find_roots(condition, roots):
            return None
        arrays = {
            name_of(root): self._array(root, of_text=of_text) for root, of_text in roots.items()
        }
        if not arrays or any(array is None for array in arrays.values()):
            return None
        from filterlang.backends.frames import arrow_compute, arrow_frames

        try:
            expression = arrow_compute.write(moved(condition))
        except InexactError:
            return None
        if not self._count:
            return np.zeros(0, "bool")
        said = arrow_frames.asked(_arrow().table(arrays), expression)
        return said.to_numpy(zero_copy_only=False)

    def _array(self, root: Value, *, of_text: bool) -> Any | None:
        """Return what pyarrow holds of a column; None too if its texts can't be asked for."""
        if not of_text:
            return arrow_array(self._values(root))
        if root not in self._arrays:
            array = arrow_array(self._values(root))
            if array is not None:
                try:
                    array.validate(full=True)
                except _arrow().ArrowInvalid:  # some text is no UTF-8, which not all tests notice
                    array = None
            self._arrays[root] = array
        return self._arrays[root]

    def _leaf(self, leaf: Leaf) -> Array:
        held = self._values(root_of(leaf.value))
        if isinstance(held.dtype, pd.CategoricalDtype):
            return _of_categories(leaf, held)
        return self._of_values(leaf)

    def _of_values(self, leaf: Leaf) -> Array:
        match leaf:
            case IsMissing(value, storage):
                held = self._values(value)
                return np.isnan(_doubles(held)) if storage in FLOATS else held.isna().to_numpy()
            case Compared():
                return self._compared(leaf)
            case IsSpelled(value, _, texts):
                wanted = frozenset(texts)
                return self._texts_of(value).hold(wanted.__contains__)
            case TextCompared(value, _, relation, text):
                return self._texts_of(value).hold_folded(lambda one: relation.write(one, text))
            case TextLike(value, _, fragments):
                return self._texts_of(value).hold_folded(Wildcards(fragments).matches)
            case NumberWritten():
                return self._texts_of(leaf.value).hold(_written_as(leaf))
            case _:
                assert_never(leaf)

    def _compared(self, condition: Compared) -> Array:
        value, storage, relation, limit = condition
        held = self._values(value)
        if storage in FLOATS:
            # NaN is neither equal to anything nor less or greater.
            return relation.write(_doubles(held), limit)
        there = held.notna().to_numpy()
        kept = held[there]
        known: Any = limit
        if not isinstance(storage, Moment):
            numbers = kept.to_numpy()
            known = int(known) if isinstance(storage, Whole) else known
        elif held.dtype.kind == "M":
            # Instants are compared as what they are stored as: another unit may be too small, and
            # a value of Python would be made of each.
            numbers = kept.astype("int64").to_numpy()
            known = in_units(known, storage.unit)
        else:
            numbers = np.array([instant_of(plain(one)) for one in kept.to_numpy()], "int64")
        found = np.zeros(self._count, "bool")
        found[there] = relation.write(numbers, known)
        return found

    def _texts_of(self, value: Value) -> _Texts:
        found = self._texts.get(value)
        if found is None:
            found = self._texts[value] = _Texts(self._values(value))
        return found


class _Texts:
    """The texts of values, as patterns see them, each of them once."""

    def __init__(self, series: Series) -> None:
        if series.dtype.kind in "fiuM" and arrow_array(series) is None:
            codes, each = pd.factorize(series)
            values = values_of(from_native(pd.Series(each), series_only=True))
        else:
            there = series.notna().to_numpy()
            values = _objects_of(series[there])
            codes = np.full(len(series), -1)
            if any(type(one) is Decimal for one in values):
                # Those that are equal may be written with more or less zeros.
                codes[there] = range(len(values))
            else:
                # pandas doesn't tell texts apart that differ behind a null character only.
                numbers: dict[object, int] = {}
                codes[there] = [numbers.setdefault(one, len(numbers)) for one in values]
                values = list(numbers)
        self._codes = codes
        self._texts = [_text(one) for one in values]

    def hold(self, test: Callable[[str], bool]) -> Array:
        """Return for each value whether a test holds of its text; what has none passes none."""
        return self._said(test, self._texts)

    def hold_folded(self, test: Callable[[str], bool]) -> Array:
        """Return for each value whether a test holds of its folded text."""
        return self._said(test, self._folded)

    @cached_property
    def _folded(self) -> list[str | None]:
        return [one if one is None else fold(one) for one in self._texts]

    def _said(self, test: Callable[[str], bool], texts: list[str | None]) -> Array:
        said = [one is not None and test(one) for one in texts]
        # The code of what is missing is -1, which is the last.
        return np.array([*said, False])[self._codes]


def _objects_of(series: Series) -> list[Any]:
    if series.dtype.kind == "O" and arrow_array(series) is None:
        values: list[Any] = series.to_numpy().tolist()
        if set(map(type, values)) == {str}:
            return values
    return values_of(from_native(series, series_only=True))


def _text(value: object) -> str | None:
    if type(value) is str:
        return value
    value = plain(value)
    return None if is_missing(value) else text_of(value)


def _doubles(series: Series) -> Array:
    """Return floating point numbers, of which those that are missing are NaN."""
    if series.dtype.kind == "O":
        numbers = np.full(len(series), np.nan)
        there = series.notna().to_numpy()
        numbers[there] = series[there].to_numpy()
        return numbers
    return series.to_numpy("float64", na_value=np.nan)


def _of_categories(leaf: Leaf, series: Series) -> Array:
    """Ask each category once; what has none is missing."""
    categories = pd.Series(series.dtype.categories)
    is_missing = isinstance(leaf, IsMissing)
    asked = leaf._replace(value=Column(NAME_OF_ELEMENTS))
    said = Rows(len(categories), lambda _: categories).holds(asked)
    # The code of what is missing is -1, which is the last.
    return np.append(said, is_missing)[series.cat.codes.to_numpy()]


def _written_as(condition: NumberWritten) -> Callable[[str], bool]:
    """Return what says whether a text is a number of a form within some limits."""
    written = re.compile(condition.form.value).fullmatch
    read: Callable[[str], float] = float if condition.form is Form.FLOAT else int
    limits = condition.limits

    def test(text: str) -> bool:
        if written(text) is None:
            return False
        return all(relation.write(read(text), limit) for relation, limit in limits)

    return test


# --- What pyarrow holds ---------------------------------------------------------------------------


def _arrow() -> Any:
    return import_module("pyarrow")


def _compute() -> Any:
    return import_module("pyarrow.compute")


def _series_of(array: Any) -> Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(array))
