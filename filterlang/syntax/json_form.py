"""Nodes ⇄ plain JSON data, for programs that keep or exchange filters without parsing their text.

`grammar/filter.schema.json` describes the form to other languages; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from filterlang.diagnostics.diagnostic import Span, class_name, quoted
from filterlang.diagnostics.errors import FilterSyntaxError, diagnose
from filterlang.diagnostics.hints import WORDS
from filterlang.syntax.escaping import check_expression, normal_name
from filterlang.syntax.nodes import Clause, Filter, FilterSet, filters_of
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Literal, NotRequired, TypedDict

    from filterlang.diagnostics.diagnostic import Diagnostic

    class JsonClause(TypedDict):
        """A clause: with a `pattern` after `~` and `!~`, with an `expression` after all others."""

        name: str
        operator: str
        expression: NotRequired[str]
        pattern: NotRequired[str]

    class JsonFilters(TypedDict):
        """A set of filters (OR), each of them a list of clauses (AND)."""

        version: Literal[1]
        filters: list[list[JsonClause]]


VERSION: Literal[1] = 1
"""The version of the form that is written, and the only one that is read."""

_T = TypeVar("_T")

_TWINS = {"expression": "pattern", "pattern": "expression"}
_CONSTANTS = {None: "null", True: "true", False: "false"}
_LONGEST_NUMBER = 10**18
"""Numbers from here on are not quoted in messages."""


def to_json_obj(filters: FilterSet | Filter | Clause) -> JsonFilters:
    r"""Return filters as plain data for `json.dumps` and its like.

    A set is a list of filters, a filter is a list of clauses. What follows `~` and `!~` stands
    under `pattern`, escapes included, so that a wildcard and a plain `*` differ; what follows the
    other operators stands under `expression`, as it is meant, without escapes.

    Example:
        >>> from filterlang import parse
        >>> to_json_obj(parse("name==Smith\\, J.;city~Clev*"))["filters"][0]  # doctest: +ELLIPSIS
        [{'name': 'name', 'operator': '==', 'expression': 'Smith, J.'}, {..., 'pattern': 'Clev*'}]
    """
    return {
        "version": VERSION,
        "filters": [[_clause_to_obj(clause) for clause in one] for one in filters_of(filters)],
    }


def from_json_obj(obj: object) -> FilterSet:
    """Build filters of what `json.loads` gives; the exact inverse of `to_json_obj`.

    Names and patterns are brought to their canonical text, as the nodes do it.

    Args:
        obj: objects as dict, arrays as list: nothing but what `json.loads` makes.

    Raises:
        FilterSyntaxError: for an unknown version, and for whatever else isn't the form: all
            mistakes at once, each with its place as a JSON pointer (RFC 6901). A key that the form
            doesn't have is a mistake, since it might have restricted the filter.

    Example:
        >>> clause = {"name": "score", "operator": ">=", "expression": "10"}
        >>> from_json_obj({"version": 1, "filters": [[clause]]}).filters[0]
        Filter((Clause('score', '>=', '10'),))
    """
    return _Reader().read(obj)


def _clause_to_obj(clause: Clause) -> JsonClause:
    name, operator, expression = clause.name, clause.operator.value, clause.expression
    if isinstance(expression, Pattern):
        return {"name": name, "operator": operator, "pattern": expression.text}
    return {"name": name, "operator": operator, "expression": expression}


class _Reader:
    """One reading of a form; what is wrong with it is collected on the way."""

    def __init__(self) -> None:
        self.wrong: list[Diagnostic] = []

    def read(self, obj: object) -> FilterSet:
        filters = self._whole(obj)
        if self.wrong:
            raise FilterSyntaxError(self.wrong)
        return FilterSet(filters)

    def _whole(self, obj: object) -> list[Filter]:
        if not isinstance(obj, dict):
            case = "text" if isinstance(obj, str | bytes | bytearray) else None
            self._expected(WORDS["an object"], _found(obj), "", case=case)
            return []
        version = obj.get("version", VERSION)
        # JSON has one kind of number, so 1.0 is 1; but True, which Python takes for 1, is not.
        if isinstance(version, bool) or version != VERSION:
            # Nobody here can judge what else an unknown version holds.
            self._expected(str(VERSION), _found(version), "/version", case="version")
            return []
        self._keys(obj, "", ["version", "filters"])
        return self._array(obj.get("filters", []), "/filters", self._filter)

    def _filter(self, obj: object, place: str) -> Filter | None:
        known = len(self.wrong)
        clauses = self._array(obj, place, self._clause)
        if not clauses and len(self.wrong) == known:
            self._expected(WORDS["a clause"], WORDS["an empty array"], place)
        return None if len(self.wrong) > known else Filter(clauses)

    def _clause(self, obj: object, place: str) -> Clause | None:
        if not isinstance(obj, dict):
            self._expected(WORDS["an object"], _found(obj), place)
            return None
        operator = self._operator(obj, place)
        if operator is None:
            # It would have said which of the two belongs here; without it, either may stand.
            self._keys(obj, place, ["name", "operator"], {"expression", "pattern"})
        else:
            meant = "pattern" if operator.matches_pattern else "expression"
            self._keys(obj, place, ["name", "operator", meant])
        name = self._text(obj, "name", place, normal_name)
        value: str | Pattern | None = None
        if operator is None or not operator.matches_pattern:
            value = self._text(obj, "expression", place, lambda text: _expression(text, operator))
        if operator is None or operator.matches_pattern:
            value = self._text(obj, "pattern", place, Pattern)
        if name is None or operator is None or value is None:
            return None
        return Clause(name, operator, value)

    def _operator(self, obj: dict[str, object], place: str) -> Operator | None:
        if "operator" not in obj:
            return None
        # `=@`, the second spelling of `~`, belongs to texts: data needs one way to say a thing.
        for operator in Operator:
            if operator.value == obj["operator"]:
                return operator
        spellings = WORDS["one of"].format(values=" ".join(Operator))
        self._expected(spellings, _found(obj["operator"]), f"{place}/operator")
        return None

    def _keys(
        self,
        obj: dict[str, object],
        place: str,
        required: list[str],
        optional: Iterable[str] = (),
    ) -> None:
        """Report the keys that are missing, and those that the form doesn't have."""
        known = [*required, *sorted(optional)]
        names = WORDS["one of the keys"].format(names=", ".join(map(quoted, known)))
        unknown = [key for key in obj if key not in known]
        # The place is that of the object: it is there whatever the keys are, and a key may hold
        # anything, line feeds too.
        for key in unknown:
            self._expected(names, _found(key), place, case="key")
        for key in required:
            # Who wrote the one for the other has been told so already.
            if key not in obj and _TWINS.get(key) not in unknown:
                self._expected(WORDS["the key"].format(name=quoted(key)), WORDS["none"], place)

    def _array(
        self, value: object, place: str, read: Callable[[object, str], _T | None]
    ) -> list[_T]:
        if not isinstance(value, list):
            self._expected(WORDS["an array"], _found(value), place)
            return []
        made = [read(element, f"{place}/{index}") for index, element in enumerate(value)]
        return [one for one in made if one is not None]

    def _text(
        self, obj: dict[str, object], key: str, place: str, make: Callable[[str], _T]
    ) -> _T | None:
        """Build of a member, if it is there, what it stands for."""
        if key not in obj:
            return None
        value, place = obj[key], f"{place}/{key}"
        if not isinstance(value, str):
            self._expected(WORDS["a string"], _found(value), place)
            return None
        try:
            return make(value)
        except ValueError as error:
            reason = str(error)
            found = diagnose("FL212", Span(0, 0), source_index=None, place=place, reason=reason)
            self.wrong.append(found)
            return None

    def _expected(self, expected: str, found: str, place: str, case: str | None = None) -> None:
        self.wrong.append(
            diagnose(
                "FL211",
                Span(0, 0),
                source_index=None,
                case=case,
                # The pointer to the whole form is empty, which nobody would see in a message.
                place=place or WORDS["the form"],
                expected=expected,
                found=found,
            )
        )


def _expression(text: str, operator: Operator | None) -> str:
    check_expression(text)
    if operator is not None:
        # Whether it may be empty is the clause's to say.
        Clause("x", operator, text)
    return text


def _found(value: object) -> str:
    """Return what a JSON value is; texts and numbers are quoted as they stand."""
    match value:
        case str():
            return quoted(value)
        case None | bool():
            return _CONSTANTS[value]
        case int() | float() if abs(value) < _LONGEST_NUMBER:
            return repr(value)
        case int() | float():
            return WORDS["a number"]
        case dict() | list():
            return WORDS["an object" if isinstance(value, dict) else "an array"]
        case _:
            # Nothing that comes of JSON: a tuple, a date …
            return class_name(value)
