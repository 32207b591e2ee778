"""Every regular expression of the package takes time linear in the text that it is used on.

They are found in the syntax trees of all modules, with the methods by which they are used, so that
none is forgotten; each is attacked with texts made of its own parts.
"""

from __future__ import annotations

import ast
import os
import re
from contextlib import suppress
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from re import _compiler
from re import _constants as codes
from re import _parser as parser
from typing import NamedTuple

import pytest
from lark import Lark

import filterlang as fl
from filterlang.backends.files.cells.delimited import cell_pattern
from filterlang.backends.files.cells.dialects import OTHERS as DELIMITERS
from filterlang.backends.files.cells.empty_rows import line_of_empty_cells
from filterlang.backends.files.watching.sought import key_pattern
from filterlang.backends.plan.conditions import Form
from filterlang.checking.completion import abbreviation
from filterlang.cli.painting import written_cell
from filterlang.semantics.wildcards import _Fragment
from filterlang.syntax._grammar import grammar_text
from filterlang.syntax.escaping import Wildcard
from tests.support.attacks import Run, grows, weakness

PACKAGE = Path(fl.__file__).parent
NAMES_RE = re.compile(r"^ *(?:import|from) +(?:\w+, *)*re\b", re.MULTILINE)
REQUIRE_ENGINES = "FILTERLANG_REQUIRE_ENGINES"
METHODS = {"match", "search", "fullmatch", "split", "findall", "finditer", "sub"}
"""What a regular expression is used by, as functions of `re` too."""
OTHERS = {"compile", "escape", "Match", "Pattern", "ASCII", "DOTALL", "IGNORECASE", "VERBOSE"}
"""What else the package takes from `re`."""


class Use(NamedTuple):
    """An expression and a method by which the package uses it."""

    pattern: re.Pattern[str]
    method: str


# --- Expressions that functions make --------------------------------------------------------------


def abbreviations():
    for typed in ("a", "ab", "a.b", "aaa", ".."):
        # The one of few dots isn't linear in their number, which is why it is for few of them.
        for before, is_deep in (("\n", False), ("\n", True), (".", True)):
            yield Use(abbreviation(before, typed, is_deep=is_deep), "search")


def fragments():
    for parts in (["a", Wildcard.ONE, "a"], [Wildcard.ONE, "ab"], [Wildcard.ONE]):
        for method in ("match", "search"):
            yield Use(_Fragment(parts)._regex, method)


def cells():
    for delimiter in DELIMITERS:
        yield Use(cell_pattern(delimiter), "findall")


def empty_lines():
    for delimiter in DELIMITERS:
        # As with keys, the expression is one of bytes.
        line = line_of_empty_cells(delimiter, 3)
        yield Use(re.compile(line.pattern.decode()), "finditer")


def written_cells():
    for delimiter in (*DELIMITERS, "]", "-"):
        yield Use(written_cell(delimiter), "finditer")


def keys():
    for path in (("a",), ("a", "b"), ("a/b",)):
        # The expression is one of bytes; here the same is asked of texts.
        yield Use(re.compile(key_pattern(path).pattern.decode()), "search")


def of_tables(module, name, method):
    """Give what is made of a closed table, which is the same at each call."""

    def made():
        yield Use(getattr(import_module(module), name)(), method)

    made.__name__ = name
    return made


def forms():
    for form in Form:
        yield Use(re.compile(form.value), "fullmatch")


LANGUAGES = "filterlang.checking.other_notations.other_languages"
IN_NAMES = "filterlang.checking.other_notations.operator_in_name"
KEYED = "filterlang.checking.other_notations.keyed_values"
OPERATORS = "filterlang.checking.grammar_errors.operator_errors"
WORDS = "filterlang.checking.other_notations.word_operators"
OF_TABLES = [
    ("filterlang.checking.doubts.name_mistakes", "_alike", "search"),
    ("filterlang.checking.doubts.wildcard_mistakes", "_other_wildcard", "search"),
    (LANGUAGES, "_rsql_operator", "match"),
    (WORDS, "_word_operator", "search"),
    (WORDS, "_join_of_words", "finditer"),
    ("filterlang.checking.other_notations.prose_clauses", "_twice", "fullmatch"),
    (LANGUAGES, "_method", "fullmatch"),
    (LANGUAGES, "_lookup", "fullmatch"),
    (LANGUAGES, "_word_ahead", "match"),
    (LANGUAGES, "_joining", "search"),
    (LANGUAGES, "_function", "fullmatch"),
    (IN_NAMES, "_held", "fullmatch"),
    (IN_NAMES, "_in_value", "fullmatch"),
    (IN_NAMES, "_parted", "fullmatch"),
    (KEYED, "_object", "fullmatch"),
    (KEYED, "_each", "finditer"),
    (KEYED, "_each_asked", "finditer"),
    (KEYED, "_triple", "fullmatch"),
    (OPERATORS, "_misspelled_operator", "match"),
    (OPERATORS, "_sign_alike", "search"),
    (OPERATORS, "_run_of_signs", "match"),
]
MADE = {
    **{(module, name): of_tables(module, name, method) for module, name, method in OF_TABLES},
    ("filterlang.backends.files.cells.delimited", "cell_pattern"): cells,
    ("filterlang.backends.files.cells.empty_rows", "line_of_empty_cells"): empty_lines,
    ("filterlang.backends.files.watching.sought", "key_pattern"): keys,
    ("filterlang.backends.frames.pandas_columns", "_written_as"): forms,
    ("filterlang.checking.completion", "abbreviation"): abbreviations,
    ("filterlang.cli.painting", "written_cell"): written_cells,
    ("filterlang.semantics.wildcards", "_Fragment"): fragments,
}


def terminals():
    """Lark makes regular expressions of the grammar, and asks them what stands at a place."""
    for terminal in Lark(grammar_text(), parser="lalr", start="filter").terminals:
        yield Use(re.compile(terminal.pattern.to_regexp()), "match")


# --- Those that stand in the source ---------------------------------------------------------------


def _is_of_re(node):
    match node:
        case ast.Attribute(ast.Name("re")):
            return True
    return False


class Source:
    """A module that takes something from `re`."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name = name
        self.tree = tree
        self.imports = imports(tree)
        self.names = vars(import_module(name))

    def of_re(self):
        """Give the names that are taken from `re`."""
        return [node.attr for node in ast.walk(self.tree) if _is_of_re(node)]

    def value_of(self, node):
        return eval(ast.unparse(node), self.names)  # noqa: S307 — it is the package's own source

    def uses(self):
        """Give the expressions with the methods that they are used by, as methods or functions."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), method), [pattern, *others]) if (
                    method in METHODS
                ):
                    flags = [one for one in others if ast.unparse(one).startswith("re.")]
                    made = re.compile(self.value_of(pattern), *map(self.value_of, flags))
                    yield Use(made, method)
                case ast.Attribute(ast.Name(name), method) if method in METHODS:
                    value = self.names.get(name)
                    if isinstance(value, re.Pattern):
                        yield Use(value, method)

    def made(self):
        """Give the expressions that the module makes when it is imported."""
        return {name: self.names[name] for name in names_of_made(self.tree)}

    def taken(self):
        """Give the expressions that the module takes from another one."""
        return {name: self.names[name] for _, name in self.imports & shared()}

    def makers(self):
        """Give the functions and classes that make expressions while the program runs."""
        return {
            (self.name, outer.name)
            for outer in self.tree.body
            if isinstance(outer, ast.FunctionDef | ast.ClassDef)
            and any(_is_of_re(node) and node.attr == "compile" for node in ast.walk(outer))
        }


@cache
def texts():
    """Give the texts of all modules."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


@cache
def shared():
    """Give the modules and names of the expressions that other modules may use."""
    return {
        (module, name)
        for module, text in texts().items()
        if "re.compile(" in text
        for name in names_of_made(ast.parse(text))
        if not name.startswith("_")
    }


@cache
def sources():
    found = []
    homes = {module for module, _ in shared()}
    for name, text in texts().items():
        # Only those that may be concerned are taken apart: this happens before any test.
        if not NAMES_RE.search(text) and not any(home in text for home in homes):
            continue
        tree = ast.parse(text)
        if imports_of_re(tree) or imports(tree) & shared():
            try:
                found.append(Source(name, tree))
            except ModuleNotFoundError as error:
                # Those of the engines can't be imported without them.
                if error.name.startswith("filterlang") or os.environ.get(REQUIRE_ENGINES):
                    raise
    return found


def names_of_made(tree):
    return [
        ast.unparse(node.targets[0])
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("re.compile(")
    ]


def imports(tree):
    return {
        (node.module, one.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }


def imports_of_re(tree):
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(one.name == "re" for one in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "re")
    ]


@cache
def uses():
    """Give every use of a regular expression, by the name that its test has."""
    found = {}
    for source in sources():
        taken = source.taken()
        names = {value: name for name, value in (source.made() | taken).items()}
        for use in source.uses():
            name = names.get(use.pattern, use.pattern.pattern[:20])
            # One that several modules use is tried once.
            home = "" if use.pattern in taken.values() else source.name
            found[f"{home} {name} {use.method}"] = use
    for maker in (*MADE.values(), terminals):
        for number, use in enumerate(maker()):
            found[f"{maker.__name__} {number} {use.method}"] = use
    return found


# --- The tests ------------------------------------------------------------------------------------


def test_there_is_no_other_way_to_a_regular_expression():
    for source in sources():
        assert set(source.of_re()) <= METHODS | OTHERS, source.name
        # It has one name, and isn't handed on.
        assert imports_of_re(source.tree) in ([], ["import re"]), source.name
        mentions = [node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)]
        assert mentions.count("re") == len(source.of_re()), source.name


def test_none_is_forgotten():
    # Those of engines that aren't installed can't be looked into.
    assert {module for module, _ in MADE} <= texts().keys()
    looked_into = {source.name for source in sources()}
    expected = {made for made in MADE if made[0] in looked_into}
    assert set().union(*[source.makers() for source in sources()]) == expected
    assert len(uses()) > 90
    taken = set().union(*[source.taken() for source in sources()])
    for source in sources():
        used_here = {use.pattern for use in source.uses()}
        # Each has a name at the top of its module, and is used in it or where it is imported by
        # that name, or else nobody knows how.
        known = {name for name, value in source.names.items() if isinstance(value, re.Pattern)}
        assert known == {*source.made(), *source.taken()}, source.name
        here = [name for name in known if name not in taken or name in source.taken()]
        assert {source.names[name] for name in here} <= used_here, source.name
        within = [
            value
            for one in source.names.values()
            if isinstance(one, type) and one.__module__ == source.name
            for value in vars(one).values()
            if isinstance(value, re.Pattern)
        ]
        assert within == [], source.name


@pytest.mark.sampled(40)
@pytest.mark.parametrize("name", uses())
def test_it_takes_linear_time(name):
    pattern, *rest = uses()[name]
    if isinstance(pattern.pattern, bytes):
        # The same is asked of texts.
        flags = pattern.flags & (re.IGNORECASE | re.DOTALL | re.MULTILINE)
        pattern = re.compile(pattern.pattern.decode("latin-1"), flags | re.ASCII)
    assert weakness(pattern, *rest) is None


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("pattern", "flags", "method"),
    [
        # Keys were looked at with these two, and calls of functions with the third.
        (r" *\?? *filters? *(?:\[[0-9]*\])? *", re.ASCII | re.IGNORECASE, "fullmatch"),
        (r" *\?? *filters? *(?:\[[0-9]*\])? *=", re.ASCII | re.IGNORECASE, "match"),
        (r"(contains|endswith) *\( *([\w./$]+) *, *(.*)\)", re.IGNORECASE | re.DOTALL, "fullmatch"),
        # Runs side by side, with an optional part between them, or inside of one another.
        (r" *\?? *x", 0, "match"),
        (r"[\w ]* *;", 0, "match"),
        (r"[0-9]+(?:\.[0-9]+)?e?[0-9]*z", 0, "match"),
        (r"(?:x+,?)+=", 0, "fullmatch"),
        (r"(?:a|a)*b", 0, "match"),
        (r"(a*)*b", 0, "match"),
        # Each place is a start.
        (r" *+\?? *+x", 0, "search"),
        (r"\s+$", 0, "sub"),
        (r"\(.*?\)", 0, "finditer"),
        (r"\.a[^b\n]*+b", 0, "search"),
        (r"(?=.*x) ", 0, "split"),
    ],
)
def test_slow_ones_are_found(pattern, flags, method):
    assert weakness(re.compile(pattern, flags), method) is not None


# --- Parts that never match -----------------------------------------------------------------------


def starved(pattern):
    """Give the possessive runs that take every character that has to follow them."""
    parsed = parser.parse(pattern.pattern, pattern.flags)
    found, ahead = [], [list(parsed)]
    while ahead:
        items = ahead.pop()
        for (code, run), follows in pairwise(items):
            if code is codes.POSSESSIVE_REPEAT and run[1] is codes.MAXREPEAT and len(run[2]) == 1:
                taken, wanted = taken_by(parsed, run[2][0]), taken_by(parsed, follows)
                if wanted and wanted <= taken:
                    found.append((run[2], follows))
        for _, value in items:
            for part in value if isinstance(value, tuple) else ():
                each = part if isinstance(part, list) else [part]
                ahead += [list(one) for one in each if isinstance(one, parser.SubPattern)]
    return found


def taken_by(parsed, item):
    """Give the characters that an item takes alone; none for one that isn't of one character."""
    if item[0] not in {codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY}:
        return set()
    one = _compiler.compile(parser.SubPattern(parsed.state, [item]), parsed.state.flags)
    return {character for character in map(chr, range(256)) if one.fullmatch(character)}


def test_no_run_takes_what_has_to_follow_it():
    texts_of = {name: use for name, use in uses().items() if isinstance(use.pattern.pattern, str)}
    assert [name for name, use in texts_of.items() if starved(use.pattern)] == []
    assert starved(re.compile(r"/[^ ]*+\?"))
    assert not starved(re.compile(r"/[^ ?]*+\?|(?:[a ]*+b)+"))


# --- Texts that took long -------------------------------------------------------------------------


def refused(function):
    def call(argument):
        with suppress(fl.FilterSyntaxError):
            function(argument)

    return call


@pytest.mark.parametrize(
    "attack",
    [
        (Run("+"), "filter", Run("++"), "x=1"),
        (Run("+"), "filter", Run("+"), "[1]", Run("+"), "x=x"),
        (Run("+"), "=x"),
        (Run("+"), "?", Run("+"), "=x"),
        (";filter", Run("+"), "x=1"),
        ("a", Run("?"), "filter=1"),
        (Run(";filter"), "=1"),
        # Many parameters and sequences.
        ("filter=", Run("%z")),
        ("filter=", Run("%ff%41")),
        (Run("%41"), "=1"),
        (Run("/u?filter=a==1&"),),
        (Run("a=1;filter=b==1&"),),
        ("a=1", Run(";filter=b==1")),
    ],
)
def test_a_query_is_read_in_linear_time(attack):
    function = refused(fl.from_query)
    assert not any(grows(function, attack, size) for size in (120, 2400))


@pytest.mark.parametrize(
    "attack",
    [
        (Run(" "), "filter", Run(" "), "[1]", Run(" "), "x"),
        (Run(" "),),
        (Run(" "), "filter", Run("  "), "x"),
    ],
)
def test_a_key_is_read_in_linear_time(attack):
    function = refused(lambda key: fl.from_params([(key, "x")]))
    assert not any(grows(function, attack, size) for size in (120, 2400))


def test_a_call_is_read_in_linear_time():
    attack = ("contains(a,", Run(" "), "x")
    assert not grows(refused(fl.parse), attack, 8000)


def test_keys_of_clauses_are_read_in_linear_time():
    assert not grows(refused(fl.parse), (Run("-filter=a==1;"),), 4000)
