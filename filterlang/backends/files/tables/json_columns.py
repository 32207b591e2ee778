"""Batches of Arrow → lines of JSON, whole columns at once.

Byte for byte these are the lines that `JsonTexts` writes of the rows, in a fraction of the time: no
row is made into a mapping, and what joins the texts of values is Arrow. Columns of types that have
no quick way become values of Python; where anything is odd, all rows do, which says what it is.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.tables.columns import unique_names, values_of_column
from filterlang.backends.files.typed_texts.exact_times import made_of_texts, time_texts
from filterlang.backends.files.typed_texts.texts import ValueFormatError, escaped_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from filterlang.backends.files.typed_texts.texts import JsonTexts

_CONTROLS = r"[\x00-\x1f]"
"""What JSON escapes in texts, beside quotes and backslashes."""
_DAYS = -719_162, 2_932_896
_MICROSECONDS = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The dates and times that Python has."""


def lines_of_columns(batch: Any, texts: JsonTexts) -> str | None:
    """Return the rows of a batch as lines of JSON, each with its end; None for the plain way.

    Numbers for which null is written are counted by `texts`.
    """
    pyarrow = load_pyarrow()
    names = unique_names(batch.schema)
    if not names or not batch.num_rows:
        return None
    before = texts.nulled
    try:
        columns = _Columns(pyarrow, texts)
        members = [(name, columns.texts_of(batch.column(name))) for name in names]
        lines = columns.joined(members, end="\n")
        size = pyarrow.compute.sum(pyarrow.compute.binary_length(lines)).as_py()
        text = str(memoryview(lines.buffers()[2])[:size], "utf-8")
    except (
        *(pyarrow.ArrowException, AttributeError, KeyError, NotImplementedError, TypeError),
        *(ValueError, OverflowError, InputError, ValueFormatError),
    ):
        # Whatever it is, the plain way knows a word for it, or none is needed.
        texts.nulled = before
        return None
    if text.replace("\n", "").isprintable():
        return text
    return "".join([f"{escaped_json(line)}\n" for line in text.split("\n")[:-1]])


class _Columns:
    """Makes texts of columns."""

    def __init__(self, pyarrow: ModuleType, texts: JsonTexts) -> None:
        self._pyarrow = pyarrow
        self._compute: Any = pyarrow.compute
        self._types: Any = pyarrow.types
        self._text: Any = pyarrow.large_string()
        self._texts = texts

    def joined(self, members: list[tuple[str, Any]], end: str = "") -> Any:
        """Return objects with these members, of each of which there is the text of each row."""
        parts: list[Any] = []
        between = "{"
        for name, column in members:
            parts += [self._scalar(f"{between}{self._texts.raw(name)}:"), column]
            between = ","
        return self._compute.binary_join_element_wise(
            *parts, self._scalar(f"}}{end}"), self._scalar("")
        )

    def texts_of(self, column: Any) -> Any:
        """Return the text of each value of a column; what is missing is null, as JSON calls it."""
        found = self._texts_of_all(column)
        return self._encoded(values_of_column(column, "")) if found is None else found

    def _encoded(self, values: list[Any]) -> Any:
        return self._made(map(self._texts.raw, values))

    def _made(self, texts: Iterable[str]) -> Any:
        return made_of_texts(self._pyarrow, texts)

    def _texts_of_all(self, column: Any) -> Any:
        """Return the texts of a column of a type that has a quick way; None for another one."""
        types, type_ = self._types, column.type
        if isinstance(type_, self._pyarrow.BaseExtensionType):
            return None
        if types.is_integer(type_):
            return self._or_null(column.cast(self._text))
        if types.is_boolean(type_):
            texts = self._compute.if_else(column, self._scalar("true"), self._scalar("false"))
            return self._or_null(texts)
        if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
            return self._or_null(self._quoted(column.cast(self._text)))
        if types.is_float32(type_) or types.is_float64(type_):
            return self._numbers(column)
        if types.is_decimal(type_):
            texts = [None if one is None else f"{one:f}" for one in column.to_pylist()]
            return self._made(text or "null" for text in texts)
        if types.is_timestamp(type_) or types.is_date32(type_):
            return self._times(column)
        if types.is_struct(type_):
            return self._objects(column)
        if types.is_list(type_) or types.is_large_list(type_):
            return self._lists(column)
        if types.is_dictionary(type_):
            return self._texts_of_all(column.dictionary_decode())
        return None

    def _scalar(self, text: str) -> Any:
        return self._made([text])[0]

    def _or_null(self, texts: Any) -> Any:
        return self._compute.fill_null(texts, self._scalar("null"))

    def _or_null_of(self, column: Any, texts: Any) -> Any:
        """Return null where a column has no value, and else the texts."""
        if not column.null_count:
            return texts
        return self._compute.if_else(column.is_valid(), texts, self._scalar("null"))

    def _quoted(self, column: Any) -> Any:
        compute = self._compute
        if compute.any(compute.match_substring_regex(column, _CONTROLS)).as_py():
            return self._encoded(column.to_pylist())
        for character in '\\"':
            column = compute.replace_substring(column, character, f"\\{character}")
        quote = self._scalar('"')
        return compute.binary_join_element_wise(quote, column, quote, self._scalar(""))

    def _numbers(self, column: Any) -> Any:
        texts = self._made(map(repr, column.to_pylist()))
        finite = self._compute.is_finite(column)
        self._texts.nulled += len(column) - column.null_count - finite.true_count
        return self._or_null(self._compute.if_else(finite, texts, self._scalar("null")))

    def _times(self, column: Any) -> Any:
        pyarrow, compute = self._pyarrow, self._compute
        is_date = self._types.is_date32(column.type)
        if is_date:
            numbers, (least, most) = column.cast(pyarrow.int32()), _DAYS
        else:
            if column.type.unit == "ns":
                column = compute.floor_temporal(
                    column.cast(pyarrow.timestamp("ns")), unit="microsecond"
                )
            column = column.cast(pyarrow.timestamp("us"))
            numbers, (least, most) = column.cast(pyarrow.int64()), _MICROSECONDS
        ends = compute.min_max(numbers).as_py()
        if ends["min"] is not None and not least <= ends["min"] <= ends["max"] <= most:
            return None
        texts = time_texts(pyarrow, column)
        begin, end = self._scalar('"'), self._scalar('"' if is_date else 'Z"')
        quoted = compute.binary_join_element_wise(begin, texts, end, self._scalar(""))
        return self._or_null(quoted)

    def _objects(self, column: Any) -> Any:
        names = [field.name for field in column.type]
        if not names or len(set(names)) < len(names):
            return None
        members = [self.texts_of(part) for part in column.flatten()]
        return self._or_null_of(column, self.joined(list(zip(names, members, strict=True))))

    def _lists(self, column: Any) -> Any:
        pyarrow, compute = self._pyarrow, self._compute
        zero = pyarrow.Array.from_buffers(
            pyarrow.int64(), 1, [None, pyarrow.py_buffer(array("q", [0]))]
        )
        lengths = compute.list_value_length(column).cast(pyarrow.int64())
        lengths = compute.fill_null(lengths, zero[0])
        offsets = pyarrow.concat_arrays([zero, compute.cumulative_sum(lengths)])
        elements = self.texts_of(column.flatten())
        lists = pyarrow.LargeListArray.from_arrays(offsets, elements)
        inner = compute.binary_join(lists, self._scalar(","))
        texts = compute.binary_join_element_wise(
            self._scalar("["), inner, self._scalar("]"), self._scalar("")
        )
        return self._or_null_of(column, texts)
