"""What names filters may use, and where each leads: `Schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from filterlang._immutable import Immutable
from filterlang.diagnostics.diagnostic import shown
from filterlang.schema.dimension import (
    TYPES,
    Dimension,
    Found,
    as_mapping,
    dimension_from_dict,
    normal_names,
)
from filterlang.schema.left_out import checked_names, left_out
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["TYPES", "Dimension", "Found", "Inference", "Schema", "dimension_from_dict"]

_set = object.__setattr__


class Schema(Immutable):
    """The names that the filters of one kind of record may use.

    Args:
        dimensions: name → `Dimension`, or its type as text, or its plain data (`Schema.from_dict`).
        aliases: other names → the names they stand for. An alias is a whole name: that of an object
            doesn't lead to its fields. It hides a dimension that is called the same.
        is_open: whether any other name may be used as well.
        name: what the records are called, for messages.
        unknown: names that there aren't, or not any more → what to tell who uses them.

    Raises:
        ValueError: for a name that no filter can hold, an unknown type, an alias of nothing, an
            alias of another alias, and a name in `unknown` that there is.

    Example:
        >>> schema = Schema({"score": "integer", "location": Dimension("object", fields={
        ...     "city": Dimension("text")})}, aliases={"cityName": "location.city"})
        >>> schema.find("cityName").name
        'location.city'
        >>> schema.names()
        ['score', 'location.city']
    """

    __slots__ = (
        "_by_alias",
        "_by_name",
        "_found",
        "_unknown",
        "aliases",
        "dimensions",
        "is_open",
        "name",
        "unknown",
    )
    __match_args__ = ("dimensions", "aliases", "is_open", "name", "unknown")
    dimensions: tuple[tuple[str, Dimension], ...]
    aliases: tuple[tuple[str, str], ...]
    is_open: bool
    name: str | None
    unknown: tuple[tuple[str, str], ...]
    # No fields: they say the same as those above, ready to be looked up in. What was found is kept
    # only where it has a dimension, of which there are as many as names, however many are asked.
    _by_name: dict[str, Dimension]
    _by_alias: dict[str, str]
    _found: dict[str, Found]
    _unknown: dict[str, str]

    def __init__(
        self,
        dimensions: Mapping[str, Dimension | str | Mapping[str, Any]],
        *,
        aliases: Mapping[str, str] | None = None,
        is_open: bool = False,
        name: str | None = None,
        unknown: Mapping[str, str] | None = None,
    ) -> None:
        made = {
            key: value if isinstance(value, Dimension) else dimension_from_dict(value, key)
            for key, value in normal_names("dimensions", dimensions).items()
        }
        _set(self, "_by_name", made)
        _set(self, "_found", {})
        _set(self, "dimensions", tuple(made.items()))
        if not isinstance(is_open, bool):
            message = f"expected true or false for 'open', found {shown(is_open)}"
            raise ValueError(message)
        if name is not None and not isinstance(name, str):
            message = f"expected a text for the name of a schema, found {shown(name)}"
            raise ValueError(message)
        _set(self, "is_open", is_open)
        _set(self, "name", name)
        targets = self._targets({} if aliases is None else aliases)
        _set(self, "_by_alias", targets)
        _set(self, "aliases", tuple(targets.items()))
        _set(self, "_unknown", self._hints({} if unknown is None else unknown))
        _set(self, "unknown", tuple(self._unknown.items()))

    def _hints(self, unknown: Mapping[str, str]) -> dict[str, str]:
        """Check the names that there aren't, and give them as they are stored."""
        hints = normal_names("unknown", unknown)
        for name, hint in hints.items():
            if not isinstance(hint, str):
                message = f"expected a text as the hint of {shown(name)}, found {shown(hint)}"
                raise ValueError(message)
            if self.find(name) is not None:
                message = f"{shown(name)} is unknown and a name of the schema; leave one out"
                raise ValueError(message)
        return hints

    def _targets(self, aliases: Mapping[str, str]) -> dict[str, str]:
        """Check the aliases, and give them as they are stored."""
        named = normal_names("aliases", aliases)
        targets: dict[str, str] = {}
        for alias, target in named.items():
            if not isinstance(target, str):
                message = f"the alias {shown(alias)} stands for a name, not for {shown(target)}"
                raise ValueError(message)
            targets[alias] = normal_name(target)
        for alias, target in targets.items():
            if target == alias:
                problem = "itself; leave the alias out"
            elif target in targets:
                problem = (
                    f"{shown(target)}, which is an alias too; write the name that it stands for"
                )
            elif self._search(target) is None:
                problem = f"{shown(target)}, which the schema doesn't have"
            else:
                continue
            message = f"the alias {shown(alias)} stands for {problem}"
            raise ValueError(message)
        return targets

    # --- Other descriptions of records ------------------------------------------------------------

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a schema of plain data, as a JSON file holds it; inverse of `to_dict`.

        `{"name": …, "dimensions": {name: type or {"type": …, …}}, "aliases": {…}, "open": bool,
        "unknown": {…}}`, of which only `dimensions` is needed. The keys beside `type` are the
        arguments of `Dimension`; an object's fields have the same form as `dimensions`.

        Raises:
            ValueError: for anything else; the message names the place.

        Example:
            >>> Schema.from_dict({"dimensions": {"tags": "list of text"}}).names()
            ['tags']
        """
        keys = ("dimensions", "aliases", "open", "name", "unknown")
        unknown = [key for key in as_mapping("a schema", data) if key not in keys]
        if unknown or "dimensions" not in data:
            message = (
                f"unknown key {shown(unknown[0])} in a schema; its keys are dimensions,"
                " aliases, open, name and unknown"
                if unknown
                else "a schema needs the key 'dimensions'"
            )
            raise ValueError(message)
        return cls(
            data["dimensions"],
            aliases=data.get("aliases"),
            is_open=data.get("open", False),
            name=data.get("name"),
            unknown=data.get("unknown"),
        )

    @classmethod
    def from_json_schema(
        cls, document: Mapping[str, Any], ref: str | None = None, *, name: str | None = None
    ) -> Self:
        """Build a schema of a JSON Schema, or of one in an OpenAPI 3 or Swagger 2 document.

        Args:
            document: the parsed document.
            ref: which part of it describes a record: the name of one of its schemas, or a pointer
                as `$ref` has it; None for the whole document, or the only schema in it.
            name: what the records are called; by default as the document calls them.

        What describes an array describes its elements. Text of the format `date`, `date-time` or
        `int64` is a datetime or an integer; so is an integer of 64 bits a datetime whose name ends
        in Date, At or Timestamp. A dimension has one type: what may be of several is text, and its
        `detail` says so. A type that contains itself is a map where it comes again.

        Raises:
            ValueError: where the document isn't such a description, or a reference leads nowhere
                or out of the document; the message names the place.

        Example:
            >>> document = {"definitions": {"User": {"properties": {
            ...     "score": {"type": "integer"},
            ...     "tags": {"type": "array", "items": {"type": "string"}}}}}}
            >>> Schema.from_json_schema(document, "User")
            Schema({'score': Dimension('integer'), 'tags': Dimension('list of text')}, \
name='User')
        """
        # Only who needs another description pays for its reader; so below.
        from filterlang.schema import json_schema

        return cls.from_dict(json_schema.read(document, ref, name))

    @classmethod
    def from_type(cls, type_: Any, *, by_alias: bool = True, name: str | None = None) -> Self:
        """Build a schema of a dataclass, TypedDict, NamedTuple or pydantic model.

        Args:
            type_: the class; a generic one may have its arguments.
            by_alias: where pydantic serializes a field under another name, whether that is the name
                and the field's own an alias, as fits records in JSON; or else the other way round,
                as fits the objects themselves.
            name: what the records are called; by default as the class is.

        Raises:
            ValueError: for another class, and for annotations that can't be resolved.

        Example:
            >>> from typing import TypedDict
            >>> class Account(TypedDict):
            ...     plan: str
            ...     nps: float | None
            >>> Schema.from_type(Account)
            Schema({'plan': Dimension('text'), 'nps': Dimension('number')}, name='Account')
        """
        from filterlang.schema import classes

        return cls.from_dict(classes.read(type_, by_alias=by_alias, name=name))

    @classmethod
    def infer(
        cls,
        records: Iterable[Mapping[str, Any]],
        *,
        enums_up_to: int = 0,
        name: str | None = None,
    ) -> Inference:
        """Infer a schema from sample records, for a person to correct.

        Args:
            records: mappings; read once, and not kept.
            enums_up_to: a text with at most so many different values, each seen twice on average,
                is an enum; by default none is.
            name: what the records are called.

        A text that is always an ISO date is a datetime, and so is an integer that always looks like
        epoch milliseconds and whose name ends in Date, Time, At or Timestamp. Numbers and booleans
        may also be held as text, but text alone stays text. What is of several types is text. An
        object with very many names is a map, and so is one of whose names half are missing in half
        of its records; in a map what is of several types is left to be any name.

        Raises:
            ValueError: for a record that is no mapping, and if there are none.

        Example:
            >>> inference = Schema.infer([{"score": 7, "seen": "2024-01-31"}, {"score": 1.5}])
            >>> inference.schema.find("seen").dimension
            Dimension('datetime', detail='in 1 of 2: 1 date text')
            >>> inference.counts["score"]
            {'present': 2, 'missing': 0, 'types': {'integer': 1, 'number': 1}}
        """
        from filterlang.schema import samples

        found = samples.read(records, enums_up_to=enums_up_to, name=name)
        return Inference(cls.from_dict(found.data), found.counts, found.records, found.left_out)

    def without(self, *names: str, why: str | None = None) -> Self:
        """Return the schema without names, for who may not filter by them.

        They are unknown names then, and so is what is inside them, and the aliases that lead there;
        nothing offers them.

        Args:
            names: dotted ones, too; an alias stands for the name that it leads to.
            why: the hint that who uses one of them is told.

        Raises:
            ValueError: for a name that the schema doesn't have, and for one that could be used all
                the same, since it is in a map or the schema is open.

        Example:
            >>> from filterlang import check, px
            >>> users = px.USER.without("email", "location", why="private")
            >>> check("location.city==Bonn", users).diagnostics[0].hint
            'private'
        """
        asked = [self.resolve(name) for name in checked_names(names)]
        if missing := [name for name in asked if self.find(name) is None]:
            message = f"the schema has no name {shown(missing[0])} that could be left out"
            raise ValueError(message)
        data, gone = left_out(self.to_dict(), asked)
        left = type(self).from_dict(data)
        if kept := [name for name in asked if left.find(name) is not None]:
            message = (
                f"{shown(kept[0])} can't be left out, since any name may be used there: leave out"
                " the map that it is in, or close the schema"
            )
            raise ValueError(message)
        if why is None:
            return left
        hints = {name: why for name in gone if left.find(name) is None}
        return type(self).from_dict({**data, "unknown": {**dict(self.unknown), **hints}})

    def to_dict(self) -> dict[str, Any]:
        """Return the plain data that `from_dict` reads.

        Example:
            >>> Schema({"score": "integer"}).to_dict()
            {'dimensions': {'score': {'type': 'integer'}}}
        """
        data: dict[str, Any] = {} if self.name is None else {"name": self.name}
        data["dimensions"] = {name: dimension.to_dict() for name, dimension in self.dimensions}
        if self.aliases:
            data["aliases"] = dict(self.aliases)
        if self.is_open:
            data["open"] = True
        if self.unknown:
            data["unknown"] = dict(self.unknown)
        return data

    def __repr__(self) -> str:
        options = {"aliases": dict(self.aliases), "is_open": self.is_open, "name": self.name}
        options["unknown"] = dict(self.unknown)
        given = [f", {key}={value!r}" for key, value in options.items() if value or value == ""]
        return f"{type(self).__name__}({dict(self.dimensions)!r}{''.join(given)})"

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        arguments = (dict(self.dimensions), dict(self.aliases), self.is_open, self.name)
        return _remade, (type(self), *arguments, dict(self.unknown))

    # --- Names ------------------------------------------------------------------------------------

    def resolve(self, name: str) -> str:
        """Return the name that an alias stands for; any other name unchanged.

        Example:
            >>> from filterlang import px
            >>> px.USER.resolve("countryCode"), px.USER.resolve("score")
            ('location.countryCode', 'score')
        """
        return self._by_alias.get(name, name)

    def unknown_hint(self, name: str) -> str | None:
        """Return what to tell who uses a name that there isn't; None where nothing is known of it.

        What is known of a name is known of all that would be inside it.

        Example:
            >>> Schema({"score": "integer"}, unknown={"rank": "see 'score'"}).unknown_hint("rank")
            "see 'score'"
        """
        while name not in self._unknown and "." in name:
            name = name.rpartition(".")[0]
        return self._unknown.get(name)

    def find(self, name: str) -> Found | None:
        """Find where a name leads; None where the schema has no such name.

        Example:
            >>> from filterlang import px
            >>> px.USER.find("countryCode").name
            'location.countryCode'
            >>> px.USER.find("no.such.name") is None
            True
        """
        found = self._found.get(name)
        if found is None:
            found = self._search(self.resolve(name))
            if found is not None and found.dimension is not None:
                self._found[name] = found
        return found

    def _search(self, name: str) -> Found | None:
        field: Callable[[str], Dimension | None] = self._by_name.get
        is_open, rest = self.is_open, name
        lists: list[str] = []
        while True:
            # Like a record, a schema may hold a dotted name as one key.
            dimension, dot, after = field(rest), "", ""
            if dimension is None:
                first, dot, after = rest.partition(".")
                dimension = field(first) if dot else None
            if dimension is None:
                return Found(name, None, tuple(lists)) if is_open else None
            if dimension.is_list:
                lists.append(name[: len(name) - len(dot) - len(after)])
            if not dot:
                return Found(name, dimension, tuple(lists))
            field, is_open, rest = dimension.field, dimension.is_open, after

    def names(self) -> list[str]:
        """Return the names of all dimensions that aren't objects, dotted, in their order.

        Example:
            >>> Schema({"score": "integer", "tags": "list of text"}).names()
            ['score', 'tags']
        """
        return [name for name, dimension in self.walk() if dimension.type != "object"]

    def walk(self) -> Iterator[tuple[str, Dimension]]:
        """Return all dimensions with their dotted names, each object before its fields.

        Example:
            >>> inner = Dimension("object", fields={"city": "text"})
            >>> [name for name, _ in Schema({"location": inner}).walk()]
            ['location', 'location.city']
        """
        rest = list(reversed(self.dimensions))
        while rest:
            name, dimension = rest.pop()
            yield name, dimension
            rest += [(f"{name}.{key}", field) for key, field in reversed(dimension.fields)]


def _remade(
    type_: type[Schema],
    dimensions: dict[str, Dimension],
    aliases: dict[str, str],
    is_open: bool,
    name: str | None,
    unknown: dict[str, str],
) -> Schema:
    return type_(dimensions, aliases=aliases, is_open=is_open, name=name, unknown=unknown)


class Inference(Immutable):
    """A schema inferred from samples, and what it rests on.

    Fields:
        schema: the `Schema`; the `detail` of each dimension says how often it was seen.
        counts: dotted name → `{"present": …, "missing": …, "types": {…: …}}`. Present is where
            there is a value that isn't null, of all records, or of all the objects that the name is
            in. The types count values, each element of a list by itself.
        records: how many records there were.
        left_out: keys of records that no filter can name, the first hundred of them.
    """

    __slots__ = ("counts", "left_out", "records", "schema")
    __match_args__ = ("schema", "counts", "records", "left_out")
    schema: Schema
    counts: Mapping[str, Mapping[str, Any]]
    records: int
    left_out: tuple[str, ...]

    def __init__(
        self,
        schema: Schema,
        counts: Mapping[str, Mapping[str, Any]],
        records: int,
        left_out: Iterable[str] = (),
    ) -> None:
        _set(self, "schema", schema)
        _set(self, "counts", counts)
        _set(self, "records", records)
        _set(self, "left_out", tuple(left_out))

    def to_dict(self) -> dict[str, Any]:
        """Give the schema's plain data, to be corrected by hand and read by `Schema.from_dict`."""
        return self.schema.to_dict()
