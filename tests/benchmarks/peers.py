"""The peers, each optional: how it writes a filter, what its parse call is, and how it matches.

`pip install 'filterlang[bench]'` brings all but lib-rql, which demands lark-parser 0.11: that
installs into the same folder as Lark, and breaks it. It runs with our Lark as well, so who wants to
see it measured does `pip install --no-deps lib-rql` after that.

None of them is used as it would rather not be: where a peer can parse once and match often, it
does; where it can convert records before, both ways are measured. What it has to remember texts it
can't make use of, since each text is new, as for us.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from filterlang import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from filterlang import Filter, Matcher

# --- What they all get ----------------------------------------------------------------------------


class Part(NamedTuple):
    """One clause, as a peer's writer needs it: values are ASCII without quotes and backslashes."""

    name: str
    test: str
    """An operator, or "prefix", "suffix", "infix"."""
    value: str | int


def parts_of(filter_: Filter, salt: str = "") -> list[Part]:
    """Take a filter apart; `salt` makes other values, for a text that hasn't been seen before."""
    parts = []
    for clause in filter_:
        if isinstance(clause.expression, Pattern):
            before, value, after = re.fullmatch(
                r"(\*?)([^*?\\]+)(\*?)", clause.expression.text
            ).groups()
            test = {"*": "suffix", "**": "infix"}[before + after] if before else "prefix"
            parts.append(Part(clause.name, test, value + salt))
        elif clause.operator.orders:
            parts.append(Part(clause.name, str(clause.operator), int(clause.expression + salt)))
        else:
            parts.append(Part(clause.name, str(clause.operator), clause.expression + salt))
    return parts


class Way(NamedTuple):
    """A way to match: `matches` takes what `prepare` makes of a record, untimed."""

    label: str
    description: str
    matches: Callable[[Any], object]
    prepare: Callable[[dict[str, Any]], Any]


def as_it_is(record: dict[str, Any]) -> dict[str, Any]:
    return record


class Peer:
    """What is asked of each peer; it imports its package when it is made."""

    label: ClassVar[str]
    distribution: ClassVar[str]
    parsing: ClassVar[str]
    """What its parse call gives."""
    first: ClassVar[str]
    """A program that imports the package and parses the text in `sys.argv[1]`."""

    def write(self, parts: Sequence[Part], *, folded: bool) -> str:
        """Write clauses in its language; `folded` if text is to be compared without case."""
        raise NotImplementedError

    def parse(self, source: str) -> object:
        raise NotImplementedError

    def ways(self, parts: Sequence[Part]) -> Iterator[Way]:
        """Give the ways in which it matches records; none if it only parses."""
        yield from ()


class Ours(Peer):
    """Ourselves, for new texts as the peers get them."""

    label = "filterlang"

    def write(self, parts, *, folded):
        return ";".join([self._part(part) for part in parts])

    def _part(self, part):
        match part.test:
            case "infix":
                return f"{part.name}~*{part.value}*"
            case "prefix":
                return f"{part.name}~{part.value}*"
            case test:
                return f"{part.name}{test}{part.value}"


# --- The peers ------------------------------------------------------------------------------------


class Datalogic(Peer):
    label, distribution = "datalogic", "datalogic-py"
    parsing = "JSONLogic in Rust: `Engine.compile`"
    first = "import datalogic_py, sys; datalogic_py.Engine().compile(sys.argv[1])"

    def __init__(self):
        import datalogic_py

        self._engine = datalogic_py.Engine()
        self._session = self._engine.session()
        self._handle = datalogic_py.DataHandle
        self.parse = self._engine.compile

    def write(self, parts, *, folded):
        return json.dumps({"and": [self._part(part, folded) for part in parts]})

    def _part(self, part, folded):
        value: Any = {"var": part.name}
        literal = part.value
        if folded and isinstance(literal, str):
            value, literal = {"lower": value}, literal.lower()
        match part.test:
            case "infix":
                return {"in": [literal, value]}
            case "prefix":
                return {"starts_with": [value, literal]}
            case _:
                return {part.test: [value, literal]}

    def ways(self, parts):
        rule = self._engine.compile(self.write(parts, folded=True))
        evaluate, truthy = self._session.evaluate, self._session.evaluate_truthy
        yield Way(
            self.label, "`session.evaluate(rule, record)`", lambda r: evaluate(rule, r), as_it_is
        )
        yield Way(
            f"{self.label}, converted",
            "`evaluate_truthy`, of records that were made a `DataHandle` before",
            lambda handle: truthy(rule, handle),
            self._handle,
        )


class Fiql(Peer):
    label, distribution = "fiql-parser", "fiql-parser"
    parsing = "FIQL: `parse_str_to_expression`"
    first = "import fiql_parser, sys; fiql_parser.parse_str_to_expression(sys.argv[1])"
    _orders: ClassVar = {"<": "=lt=", "<=": "=le=", ">": "=gt=", ">=": "=ge="}

    def __init__(self):
        from fiql_parser import parse_str_to_expression

        self.parse = parse_str_to_expression

    def write(self, parts, *, folded):
        return ";".join([self._part(part) for part in parts])

    def _part(self, part):
        match part.test:
            case "infix":
                return f"{part.name}==*{part.value}*"
            case "prefix":
                return f"{part.name}=={part.value}*"
            case test:
                return f"{part.name}{self._orders.get(test, test)}{part.value}"


class Jmespath(Peer):
    label, distribution = "jmespath", "jmespath"
    parsing = "JMESPath: `compile`"
    first = "import jmespath, sys; jmespath.compile(sys.argv[1])"

    def __init__(self):
        import jmespath
        from jmespath import functions

        class Lower(functions.Functions):
            @functions.signature({"types": ["string", "null"]})
            def _func_lower(self, text):
                return (text or "").lower()

        self.parse = jmespath.compile
        self._options = jmespath.Options(custom_functions=Lower())

    def write(self, parts, *, folded):
        return " && ".join([self._part(part, folded) for part in parts])

    def _part(self, part, folded):
        if isinstance(part.value, int):
            return f"{part.name} {part.test} `{part.value}`"
        name, value = part.name, part.value
        if folded:
            name, value = f"lower({name})", value.lower()
        match part.test:
            case "infix":
                return f"contains({name}, '{value}')"
            case "prefix":
                return f"starts_with({name}, '{value}')"
            case _:
                return f"{name} {part.test} '{value}'"

    def ways(self, parts):
        search, options = self.parse(self.write(parts, folded=True)).search, self._options
        yield Way(
            self.label,
            "`search`, with a function `lower` of our own",
            lambda record: search(record, options=options),
            as_it_is,
        )


class Pyrsql(Peer):
    label, distribution = "pyrsql", "pyrsql"
    parsing = "RSQL: `parse`"
    first = "import pyrsql, sys; pyrsql.parse(sys.argv[1])"

    def __init__(self):
        import pyrsql

        self.parse = pyrsql.parse

    def write(self, parts, *, folded):
        return ";".join([self._part(part) for part in parts])

    def _part(self, part):
        match part.test:
            case "infix":
                return f"{part.name}=like=*{part.value}*"
            case "prefix":
                return f"{part.name}=like={part.value}*"
            case test:
                return f"{part.name}{test}{part.value}"


class LibRql(Peer):
    label, distribution = "lib-rql", "lib-rql"
    parsing = "RQL with Lark: `parse`"
    first = "import py_rql, sys; py_rql.parse(sys.argv[1])"
    _comparisons: ClassVar = {"==": "eq", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}

    def __init__(self):
        import py_rql
        from py_rql.constants import FilterTypes
        from py_rql.filter_cls import FilterClass

        self.parse = py_rql.parse
        self._types = FilterTypes
        self._base = FilterClass

    def write(self, parts, *, folded):
        written = [self._part(part) for part in parts]
        return written[0] if len(written) == 1 else f"and({','.join(written)})"

    def _part(self, part):
        if isinstance(part.value, int):
            return f"{self._comparisons[part.test]}({part.name},{part.value})"
        match part.test:
            case "infix":
                return f'ilike({part.name},"*{part.value}*")'
            case "prefix":
                return f'ilike({part.name},"{part.value}*")'
            case "!=":
                return f'not(ilike({part.name},"{part.value}"))'
            case _:
                return f'ilike({part.name},"{part.value}")'

    def ways(self, parts):
        types, names = self._types, {part.name: type(part.value) for part in parts}

        class Users(self._base):
            FILTERS: ClassVar = [
                {"filter": name, "type": types.INT if kind is int else types.STRING}
                for name, kind in names.items()
            ]

        matches = Users().transform_query(self.write(parts, folded=True))
        yield Way(
            self.label, "the function that `FilterClass.filter` calls, `ilike`", matches, as_it_is
        )


class Luqum(Peer):
    label, distribution = "luqum", "luqum"
    parsing = "Lucene with PLY: `parser.parse`"
    first = "from luqum.parser import parser; import sys; parser.parse(sys.argv[1])"

    def __init__(self):
        from luqum.parser import parser

        self.parse = parser.parse

    def write(self, parts, *, folded):
        return " AND ".join([self._part(part) for part in parts])

    def _part(self, part):
        match part.test:
            case "infix":
                return f"{part.name}:*{part.value}*"
            case "prefix":
                return f"{part.name}:{part.value}*"
            case "==":
                return f"{part.name}:{part.value}"
            case "!=":
                return f"NOT {part.name}:{part.value}"
            case test:
                return f"{part.name}:{test}{part.value}"


class Odata(Peer):
    label, distribution = "odata-query", "odata-query"
    parsing = "OData with SLY: lexer and parser"
    first = (
        "from odata_query.grammar import ODataLexer, ODataParser; import sys;"
        " ODataParser().parse(ODataLexer().tokenize(sys.argv[1]))"
    )
    _comparisons: ClassVar = {
        "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
    }  # fmt: skip

    def __init__(self):
        from odata_query.grammar import ODataLexer, ODataParser

        self._tokenize = ODataLexer().tokenize
        self._parse = ODataParser().parse

    def parse(self, source):
        return self._parse(self._tokenize(source))

    def write(self, parts, *, folded):
        return " and ".join([self._part(part) for part in parts])

    def _part(self, part):
        name = part.name.replace(".", "/")
        literal = part.value if isinstance(part.value, int) else f"'{part.value}'"
        match part.test:
            case "infix":
                return f"contains({name}, {literal})"
            case "prefix":
                return f"startswith({name}, {literal})"
            case test:
                return f"{name} {self._comparisons[test]} {literal}"


def _write_cel(parts, *, folded):
    conditions = []
    for part in parts:
        name = f"r.{part.name}"
        if isinstance(part.value, int):
            conditions.append(f"{name} {part.test} {part.value}")
            continue
        begin = "" if part.test in {"infix", "suffix"} else "^"
        end = "" if part.test in {"infix", "prefix"} else "$"
        if folded:
            # The language has no function that lowers, but regular expressions.
            negation = "!" if part.test == "!=" else ""
            pattern = f"(?i){begin}{re.escape(part.value)}{end}".replace("\\", "\\\\")
            conditions.append(f"{negation}{name}.matches('{pattern}')")
        elif part.test in {"==", "!="}:
            conditions.append(f"{name} {part.test} '{part.value}'")
        else:
            method = {"infix": "contains", "prefix": "startsWith", "suffix": "endsWith"}[part.test]
            conditions.append(f"{name}.{method}('{part.value}')")
    return " && ".join(conditions)


class CelPython(Peer):
    label, distribution = "cel-python", "cel-python"
    parsing = "CEL with Lark: `Environment.compile`"
    first = "import celpy, sys; celpy.Environment().compile(sys.argv[1])"
    write = staticmethod(_write_cel)

    def __init__(self):
        import celpy

        self._environment = celpy.Environment()
        self._convert = celpy.json_to_cel
        self.parse = self._environment.compile

    def ways(self, parts):
        environment, convert = self._environment, self._convert
        program = environment.program(environment.compile(self.write(parts, folded=True)))
        yield Way(
            self.label,
            "`json_to_cel` and `evaluate`, `matches('(?i)…')`",
            lambda record: program.evaluate({"r": convert(record)}),
            as_it_is,
        )
        yield Way(
            f"{self.label}, converted",
            "`evaluate`, of records that `json_to_cel` has converted before",
            program.evaluate,
            lambda record: {"r": convert(record)},
        )


class CelRust(Peer):
    label, distribution = "cel (Rust)", "common-expression-language"
    parsing = "CEL in Rust: `compile`"
    first = "import cel, sys; cel.compile(sys.argv[1])"
    write = staticmethod(_write_cel)

    def __init__(self):
        import cel

        self.parse = cel.compile
        self._context = cel.Context

    def ways(self, parts):
        execute, context = self.parse(self.write(parts, folded=True)).execute, self._context
        yield Way(
            self.label,
            "`execute({'r': record})`, `matches('(?i)…')`",
            lambda record: execute({"r": record}),
            as_it_is,
        )
        yield Way(
            f"{self.label}, converted",
            "`execute`, of records that were made a `Context` before",
            execute,
            lambda record: context(variables={"r": record}),
        )


class RuleEngine(Peer):
    label, distribution = "rule-engine", "rule-engine"
    parsing = "its own language with PLY: `Rule`"
    first = "import rule_engine, sys; rule_engine.Rule(sys.argv[1])"

    def __init__(self):
        import rule_engine

        self._rule = rule_engine.Rule
        # A name that a record doesn't have is null, and no error.
        self._context = rule_engine.Context(default_value=None)

    def parse(self, source):
        return self._rule(source, context=self._context)

    def write(self, parts, *, folded):
        return " and ".join([self._part(part, folded) for part in parts])

    def _part(self, part, folded):
        first, *rest = part.name.split(".")
        name = first + "".join(f'["{segment}"]' for segment in rest)
        if isinstance(part.value, int):
            return f"{name} {part.test} {part.value}"
        value = part.value
        if folded:
            name, value = f"{name}.as_lower", value.lower()
        match part.test:
            case "infix":
                return f'"{value}" in {name}'
            case "prefix":
                return f'{name}.starts_with("{value}")'
            case test:
                return f'{name} {test} "{value}"'

    def ways(self, parts):
        yield Way(
            self.label,
            "`rule.matches`, `as_lower`",
            self.parse(self.write(parts, folded=True)).matches,
            as_it_is,
        )


_ALL = (
    Datalogic, Fiql, Jmespath, Pyrsql, LibRql, Luqum, Odata, CelPython, CelRust, RuleEngine,
)  # fmt: skip


_SAMPLE = [Part("type", "==", "user"), Part("title", "infix", "engineer"), Part("score", ">=", 10)]


@cache
def _tried() -> tuple[list[Peer], list[str]]:
    """Give the peers that are there and work, and why the others don't."""
    working: list[Peer] = []
    reasons = []
    for kind in _ALL:
        try:
            version(kind.distribution)
        except PackageNotFoundError:
            reasons.append(f"{kind.label} is not installed")
            continue
        try:
            peer = kind()
            peer.parse(peer.write(_SAMPLE, folded=False))
            list(peer.ways(_SAMPLE))
        except Exception as exc:  # noqa: BLE001 — whatever a newer version has changed
            reasons.append(f"{kind.label} doesn't work here ({type(exc).__name__})")
        else:
            working.append(peer)
    return working, reasons


def installed() -> list[Peer]:
    """Give the peers that are there and work, each made ready once."""
    return _tried()[0]


def only_parsing() -> list[str]:
    """Name those that match nothing."""
    return [peer.label for peer in installed() if not list(peer.ways(_SAMPLE))]


def versions() -> str:
    """Say which peers were compared, and why others were not."""
    working, reasons = _tried()
    there = ", ".join([f"{peer.label} {version(peer.distribution)}" for peer in working]) or "none"
    return f"Versions: {'; '.join([there, *reasons])}."


def new_texts(peer: Peer, filters: Sequence[Filter]) -> Callable[[], list[str]]:
    """Give a function that writes filters in a peer's language, with other values each time."""
    salts = count(10)
    return lambda: [
        peer.write(parts_of(filter_, str(next(salts))), folded=False) for filter_ in filters
    ]


class Judgement(NamedTuple):
    """How a way's verdicts on records compare with ours."""

    differing: int
    raising: int


def judge(way: Way, matcher: Matcher, records: Sequence[dict[str, Any]]) -> Judgement:
    """Compare verdicts with ours, also on records that a peer may refuse."""
    differing = raising = 0
    for record in records:
        try:
            verdict = bool(way.matches(way.prepare(record)))
        except Exception:  # noqa: BLE001 — each peer has exceptions of its own
            raising += 1
        else:
            differing += verdict is not matcher(record)
    return Judgement(differing, raising)
