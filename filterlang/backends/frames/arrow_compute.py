"""Conditions → expressions of `pyarrow.compute`, for tables and datasets, and its types → storages.

Elements of lists can't be asked by such expressions; the matcher looks into them.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from operator import and_, or_
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never
from uuid import UUID

from filterlang.backends.frames.literals import described, in_units
from filterlang.backends.frames.regular_expressions import (
    MOST_CHARACTERS,
    length_of,
    literals_of,
    spelled_regex,
)
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
    Relation,
    Some,
    TextCompared,
    TextLike,
    balanced,
    every,
    negated,
    some,
)
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.planner import Engine
from filterlang.backends.plan.storage import (
    FLOATS,
    TEXTS,
    Fixed,
    ListOf,
    MapOf,
    Moment,
    Reach,
    Scalar,
    StructOf,
    Unknown,
    Whole,
    integers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Storage, Storages
    from filterlang.semantics.wildcards import Fragments

    _Texts = tuple[Value, Storage, list[IsSpelled | TextCompared]]
    Expression = Any
    Schema = Any

# pyarrow has no types.
pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")
NAME = "pyarrow"

# --- Types ----------------------------------------------------------------------------------------


def engine_of(schema: Schema, *, of_files: bool = False) -> Engine:
    """Return what a plan has to know, with the columns of a schema.

    Args:
        schema: a schema of pyarrow.
        of_files: whether statistics of files may decide, in which NaN isn't seen.
    """

    def written(condition: Condition) -> Written:
        write(condition, of_files=of_files)  # raises for what can't be said
        return Written(condition, of_files)

    return Engine(NAME, storages_of(schema), written)


def storages_of(schema: Schema) -> Storages:
    """Return the storages of the columns of a schema; of several of one name nothing is known."""
    found: Storages = {}
    for field in schema:
        twice = field.name in found
        found[field.name] = Unknown("two of one name") if twice else _storage(field.type)
    return found


_INTEGERS = {
    integers(8): pa.int8(),
    integers(16): pa.int16(),
    integers(32): pa.int32(),
    integers(64): pa.int64(),
    integers(8, signed=False): pa.uint8(),
    integers(16, signed=False): pa.uint16(),
    integers(32, signed=False): pa.uint32(),
    integers(64, signed=False): pa.uint64(),
}
_STORAGES: dict[Any, Storage] = {
    **{type_: storage for storage, type_ in _INTEGERS.items()},
    pa.float16(): Scalar.SINGLE,
    pa.float32(): Scalar.SINGLE,
    pa.float64(): Scalar.DOUBLE,
    pa.bool_(): Scalar.BOOLEAN,
    # All values are null, whatever they are asked.
    pa.null(): Scalar.BOOLEAN,
    pa.string(): Scalar.TEXT,
    pa.large_string(): Scalar.TEXT,
    # There are no kernels for it; like categories it is cast to what has them.
    pa.string_view(): Scalar.CATEGORY,
    pa.date32(): Scalar.WIDE_DATE,
    pa.binary(): Scalar.UNORDINARY,
    pa.large_binary(): Scalar.UNORDINARY,
    pa.binary_view(): Scalar.UNORDINARY,
    pa.uuid(): Scalar.UUID,
}


def _storage(type_: Any) -> Storage:
    known = _STORAGES.get(type_)
    if known is not None:
        return known
    types = pa.types
    found: Storage = Unknown(str(type_))
    if types.is_timestamp(type_):
        found = Moment(type_.unit, type_.tz, Reach.WIDE)
    elif types.is_decimal128(type_) and 0 <= type_.scale <= type_.precision:
        found = Fixed(type_.precision, type_.scale)
    elif types.is_time(type_) or types.is_duration(type_) or types.is_fixed_size_binary(type_):
        found = Scalar.UNORDINARY
    elif types.is_dictionary(type_) and type_.value_type in {pa.string(), pa.large_string()}:
        found = Scalar.CATEGORY
    elif types.is_struct(type_):
        fields = storages_of(type_.fields)
        # Python has no value of a struct with two fields of one name.
        found = StructOf(fields) if len(fields) == type_.num_fields else found
    elif types.is_map(type_) and type_.key_type == pa.string():
        value = _storage(type_.item_type)
        # An entry can't be taken out of a map of these.
        found = MapOf(Unknown("UUID in a map") if value is Scalar.UUID else value)
    elif types.is_list(type_) or types.is_large_list(type_):
        found = ListOf(_storage(type_.value_type))
    elif types.is_fixed_size_list(type_):
        found = ListOf(_storage(type_.value_type), is_fixed=True)
    return found


# --- Conditions -----------------------------------------------------------------------------------


class Written(NamedTuple):
    """What can be written, and joined with thousands of others before it is."""

    condition: Condition
    of_files: bool

    def __and__(self, other: Written) -> Written:
        """Join two with AND."""
        return self._replace(condition=every([self.condition, other.condition]))

    def __or__(self, other: Written) -> Written:
        """Join two with OR."""
        return self._replace(condition=some([self.condition, other.condition]))

    @property
    def expression(self) -> Expression:
        """The expression, which is never null."""
        return write(self.condition, of_files=self.of_files)


def write(condition: Condition, *, of_files: bool = False, turned: bool = False) -> Expression:
    """Write a condition as an expression that is never null.

    Args:
        condition: the condition.
        of_files: as for `engine_of`.
        turned: whether what is written is negated by what it becomes a part of.

    Raises:
        InexactError: for what pyarrow can't say, or says otherwise than the language.
    """
    part_of = partial(write, of_files=of_files, turned=turned)
    match condition:
        case Constant(holds):
            return pc.scalar(holds)
        case Every(parts):
            others, texts = _texts_of([negated(part) for part in parts])
            asked = [negated(part) for part in others]
            return _joined(and_, [*map(part_of, asked), *(~_among(*one) for one in texts)])
        case Some(parts):
            others, texts = _texts_of(parts)
            return _joined(or_, [*map(part_of, others), *(_among(*one) for one in texts)])
        case Not(part):
            return ~write(part, of_files=of_files, turned=not turned)
        case IsMissing():
            return _is_missing(condition, of_files=of_files and not turned)
        case Compared():
            return _compared(condition, of_files=of_files and turned)
        case IsSpelled(value, storage, texts):
            text = _text(value, storage)
            if len(texts) == 1:
                return _there(_value(value), text == pa.scalar(texts[0]))
            return _there(_value(value), pc.is_in(text, value_set=pa.array(texts, pa.string())))
        case TextCompared():
            return _text_compared(condition)
        case TextLike(value, storage, fragments):
            return _there(_value(value), _like(_text(value, storage), fragments))
        case NumberWritten():
            return _number_written(condition)
        case HasKey(mapping, key):
            # All entries of a key that isn't there are null, not an empty list.
            return pc.map_lookup(_value(mapping), pa.scalar(key), "all").is_valid()
        case AnyElement():
            message = "lists are looked into by the matcher"
            raise InexactError(message)
        case _:
            assert_never(condition)


_FEW = 16


def _joined(join: Callable[[Any, Any], Any], parts: list[Expression]) -> Expression:
    """Join parts so that no chain of one operator becomes long.

    pyarrow works through such a chain in quadratic time, and of thousands of parts it overflows the
    stack. Of what is negated twice it makes no chain.
    """
    while len(parts) > _FEW:
        chunks = (parts[at : at + _FEW] for at in range(0, len(parts), _FEW))
        parts = [~~balanced(join, chunk) for chunk in chunks]
    return balanced(join, parts)


def _texts_of(parts: Iterable[Condition]) -> tuple[list[Condition], list[_Texts]]:
    """Take out what asks several times whether a text of a column is one of some.

    Expressions that differ by a pattern or a list alone take pyarrow quadratic time, too.
    """
    others: list[Condition] = []
    asked: dict[tuple[Value, Storage], list[IsSpelled | TextCompared]] = {}
    for part in parts:
        match part:
            case IsSpelled() | TextCompared(_, _, Relation.EQUAL) if part.storage in TEXTS:
                asked.setdefault((part.value, part.storage), []).append(part)
            case _:
                others.append(part)
    found: list[_Texts] = []
    for (value, storage), members in asked.items():
        if len(members) == 1:
            others += members
        else:
            found.append((value, storage, members))
    return others, found


def _among(value: Value, storage: Storage, members: list[IsSpelled | TextCompared]) -> Expression:
    """Write that one of these holds of a text."""
    text = _text(value, storage)
    spelled = [one for member in members if isinstance(member, IsSpelled) for one in member.texts]
    folded = [member.text for member in members if isinstance(member, TextCompared)]
    asked = []
    if spelled:
        asked.append(pc.is_in(text, value_set=pa.array(spelled, pa.string())))
    if folded:
        asked.append(pc.is_in(_folded(text), value_set=pa.array(folded, pa.string())))
    return _there(_value(value), balanced(or_, asked))


def _there(column: Expression, holds: Expression) -> Expression:
    """Make false of null: what isn't there makes AND false, whatever the other side says."""
    return column.is_valid() & holds


def _is_missing(condition: IsMissing, *, of_files: bool) -> Expression:
    value, storage = condition
    column = _value(value)
    if storage not in FLOATS:
        return column.is_null()
    # Files tell that nothing is null; of NaN that is no proof.
    return column.is_null() | _there(column, _number(column, of_files=of_files).is_nan())


def _compared(condition: Compared, *, of_files: bool) -> Expression:
    value, storage, relation, limit = condition
    column = compared = _value(value)
    if storage in FLOATS:
        # NaN is neither equal to anything nor less or greater here.
        compared = _number(column, of_files=of_files)
    return _there(column, relation.write(compared, _literal(limit, storage)))


def _number(column: Expression, *, of_files: bool) -> Expression:
    """Return floating point numbers as doubles, of which statistics of files prove nothing.

    They tell the least and the greatest number of a part of a file, and not whether there is a NaN:
    where the two are equal, pyarrow takes all values for this one, and leaves out the part. It
    knows nothing of what depends on a random number, which is less than 1.
    """
    double = column.cast(pa.float64())
    if not of_files:
        return double
    # There is no public way to a function without arguments.
    never = pc.Expression._call("random", [], pc.RandomOptions()) >= pa.scalar(1.0)  # noqa: SLF001 — as above
    return pc.if_else(never, pa.scalar(None, pa.float64()), double)


def _value(value: Value) -> Expression:
    match value:
        case Column(name):
            return pc.field(name)
        case Member(record, name):
            return pc.struct_field(_value(record), [name])
        case Entry(mapping, key):
            return pc.map_lookup(_value(mapping), pa.scalar(key), "last")
        case Element():  # pragma: no cover — its list was refused before
            raise NotImplementedError
        case _:
            assert_never(value)


def _literal(limit: Any, storage: Storage) -> Any:
    """Return a limit as a scalar of the column's very type, so that nothing is cast."""
    match storage:
        case Whole():
            return pa.scalar(int(limit), _INTEGERS[storage])
        case Fixed(digits, scale):
            return pa.scalar(limit, pa.decimal128(digits, scale))
        case Moment(unit, zone):
            return pa.scalar(in_units(limit, unit), pa.timestamp(unit, zone))
        case Scalar.WIDE_DATE:
            return pa.scalar(limit, pa.date32())
        case _ if storage in FLOATS:
            return pa.scalar(limit, pa.float64())
        case _:
            return pa.scalar(limit)


def _number_written(condition: NumberWritten) -> Expression:
    """Compare the number that a text is; what is written otherwise is none."""
    value, storage, form, limits = condition
    text = _text(value, storage)
    is_number = pc.match_substring_regex(text, f"^({form.value})$")
    # A cast fails at what is no number, and is asked of all rows.
    type_ = pa.float64() if form is Form.FLOAT else pa.int64()
    number = pc.if_else(is_number, text, "0").cast(type_)
    parts = [relation.write(number, pa.scalar(limit, type_)) for relation, limit in limits]
    return _there(_value(value), balanced(and_, [is_number, *parts]))


# --- Texts ----------------------------------------------------------------------------------------


def _folded(text: Expression) -> Expression:
    """Fold as the language does: lowering differs from it for İ and the sigmas alone."""
    for before, after in (("İ", "i"), ("Σ", "σ")):
        text = pc.replace_substring(text, before, after)
    return pc.replace_substring(pc.utf8_lower(text), "ς", "σ")


_MOST_PLAIN = 6
"""A decimal with more digits behind the point may be written with an exponent."""


def _text(value: Value, storage: Storage) -> Expression:
    """Return the text of a value, as patterns see it."""
    column = _value(value)
    match storage:
        case Scalar.TEXT:
            return column
        case Scalar.CATEGORY | Scalar.WIDE_DATE | Whole():
            return column.cast(pa.string())
        case Fixed(_, scale) if scale <= _MOST_PLAIN:
            return column.cast(pa.string())
        case Moment(unit, zone):
            moment = column if zone is None else column.cast(pa.timestamp(unit))
            if unit == "ns":
                # Fractions are cut to microseconds, also before 1970.
                moment = pc.floor_temporal(moment, unit="microsecond").cast(pa.timestamp("us"))
            text = pc.replace_substring(moment.cast(pa.string()), " ", "T")
            if unit != "s":
                text = pc.utf8_rtrim(pc.utf8_rtrim(text, "0"), ".")
            return pc.binary_join_element_wise(text, pa.scalar("Z"), pa.scalar(""))
        case _:
            message = f"{NAME} writes {described(storage)} in its own way"
            raise InexactError(message)


def _text_compared(condition: TextCompared) -> Expression:
    value, storage, relation, text = condition
    if storage is Scalar.UUID and relation is Relation.EQUAL:
        identifier = _value(value)
        sought = pa.scalar(UUID(text).bytes, pa.binary(16))
        return _there(identifier, identifier.cast(pa.binary(16)) == sought)
    column = _text(value, storage)
    if relation is Relation.EQUAL and len(text) <= MOST_CHARACTERS:
        asked = pc.match_substring_regex(column, spelled_regex(text))
    else:
        asked = relation.write(_folded(column), pa.scalar(text))
    return _there(_value(value), asked)


def _like(text: Expression, fragments: Fragments) -> Expression:
    """Match the text of a value with a pattern."""
    if length_of(fragments) > MOST_CHARACTERS:
        match literals_of(fragments):
            case [prefix, ""]:
                return pc.starts_with(_folded(text), prefix)
            case ["", suffix]:
                return pc.ends_with(_folded(text), suffix)
            case ["", inside, ""]:
                return pc.match_substring(_folded(text), inside)
            case _:
                pass
    return pc.match_substring_regex(text, spelled_regex(fragments))
