"""Whatever foreign text is in them, messages hold nothing that rules a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.diagnostics.diagnostic import quoted, showable, shown

HOSTILE = [
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\r",
    "\n",
    "\x00",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u061c",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\ud800",
    "\U000e0041",
]
WRITTEN = ["==", "!~", "score", "type", "null", "%3D", "–", "é", "😀", *"ab=!<>~;,\\*?.\"' "]
PIECES = [*HOSTILE, *WRITTEN]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def writable(text: str) -> bool:
    """Whether a name can be written in a filter: of what is hostile only some characters can."""
    try:
        fl.Clause(text, "==", "1")
    except ValueError:
        return False
    return True


names = texts.filter(writable)
classes = texts.map(lambda name: type(name.replace("\0", "").replace("\ud800", "") or "X", (), {}))


class Raises:
    def __repr__(self) -> str:
        raise RuntimeError


values = st.recursive(
    texts | st.none() | st.integers() | classes.map(lambda made: made()) | st.builds(Raises),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


def is_harmless(shown_text: str) -> bool:
    return all(character == "\n" or character.isprintable() for character in shown_text)


def error_of(function, *arguments, **options):
    """Return what is raised, both as people see it and as a log does; else what is returned."""
    try:
        return function(*arguments, **options)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        return f"{error}\n{error!r}"


@given(texts)
def test_a_text_is_made_showable_once_and_for_all(text):
    for made in (showable(text), quoted(text), shown(text)):
        assert "\n" not in made
        assert is_harmless(made)
        assert showable(made) == made


@given(texts, texts, st.lists(texts, min_size=1, max_size=3, unique=True), names)
def test_what_is_said_of_filters(text, other, enum, name):
    schema = error_of(
        lambda: fl.Schema({name: {"type": "enum", "values": enum}, "score": "integer"})
    )
    for asked in (None, schema):
        if isinstance(asked, str):
            assert is_harmless(asked)
            continue
        for one in (text, f"{text}==1", f"score={other}", f"{name}=={other}", f"type~{text}"):
            report = fl.check([one, other], asked)
            assert is_harmless(report.render()), one
            for diagnostic in report.diagnostics:
                assert is_harmless(diagnostic.message)
                assert is_harmless(diagnostic.hint or "")


@given(texts, texts)
def test_what_errors_say(text, other):
    for function, *arguments in (
        (fl.parse, text),
        (fl.parse_filter, text),
        (fl.from_query, f"filter={text}&{other}={text}"),
        (fl.from_params, [(text, other), ("filter", text)]),
        (fl.Clause, text, "==", other),
        (fl.Pattern, text),
        (fl.Schema, {text: other}),
        (fl.escape, text),
        (fl.from_json_obj, {text: other}),
    ):
        said = error_of(function, *arguments)
        assert not isinstance(said, str) or function is fl.escape or is_harmless(said), function


SCHEMA = fl.Schema(
    {"score": "integer", "seen": "datetime", "type": {"type": "enum", "values": ["A"]}}
)


@given(texts, texts, values)
def test_what_errors_of_every_kind_say(text, other, value):
    """Not of the classes of objects: Python tells their names in its own words."""
    for function, *arguments in (
        (fl.Clause, "a", text, other),
        (fl.Clause, "a", "==", text),
        (lambda: fl.field(text) == other,),
        (lambda: fl.field(text, schema=SCHEMA) == other,),
        (lambda: fl.field("score", schema=SCHEMA) >= other,),
        (lambda: fl.field("seen", schema=SCHEMA) < other,),
        (lambda: fl.field("type", schema=SCHEMA).in_([text, other]),),
        (lambda: fl.to_query(fl.F.a == 1, dialect=text),),
        (fl.resolve, f"{text}==1;{other}==2", SCHEMA),
        (fl.resolve, "a==1", SCHEMA),
        (fl.compile, text),
        (fl.rename, f"{text}==1", {text: other}),
        (lambda: fl.template("a=={x}").fill(**{text: 1, other: 2}),),
        (lambda: fl.template("a=={" + text + "}").fill(x=other),),
        (fl.FilterIndex, {text: f"score={other}"}, SCHEMA),
        (lambda: fl.FilterIndex({}).explain(text, {}),),
        (lambda: fl.FilterIndex({}).remove(text),),
        (fl.Schema, {"a": text}),
        (lambda: fl.Schema({"a": "text"}, aliases={text: other}),),
        (fl.Schema.from_dict, {text: 1}),
        (fl.Schema.from_dict, {"dimensions": {text: {"type": other}, "b": {text: 1}}}),
        (fl.Schema.from_json_schema, {"properties": {text: {"type": other}}}),
        (fl.Schema.from_json_schema, {"properties": {text: {"$ref": f"#/{other}"}}}),
        (lambda: fl.Schema.from_json_schema({"$defs": {text: {}}, "type": "string"}, other),),
        (lambda: fl.Schema.from_json_schema({"$defs": {text: {}}, "type": "string"}),),
        (fl.Schema.from_json_schema, {"properties": {text: {"allOf": other}}}),
        (fl.from_json_obj, {"version": text, "filters": other}),
        (fl.from_json_obj, {"version": 1, "filters": [[{"name": text, "operator": other}]]}),
        (fl.px.ListRequest, text),
        (lambda: fl.px.ListRequest("a==1", page_size=text),),
        (lambda: list(fl.px.pages(lambda _: {text: other, "users": other})),),
        (lambda: fl.check("a").to_dict(encoding=text),),
        (fl.parse, [text, other]),
        (fl.from_params, [text, other]),
        (fl.unparse, text),
    ):
        said = error_of(function, *arguments)
        assert not isinstance(said, str) or is_harmless(said), arguments


@given(names, values)
def test_what_an_explanation_is_written_as(name, value):
    explanation = fl.compile(fl.Clause(name, "!=", "1")).explain({name: value})
    assert is_harmless(error_of(repr, explanation))


@given(names, st.dictionaries(texts, values, max_size=3), values)
def test_what_is_explained_of_records(name, record, value):
    matcher = fl.compile(fl.Clause(name, "!=", "1") & fl.Clause("l.x", "~", fl.Pattern("*")))
    for one in (record, {**record, name: value, "l": [{"x": value}]}, value):
        assert is_harmless(str(matcher.explain(one)))
