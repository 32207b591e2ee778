"""Laws of completion: what is offered, and what becomes of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.checking.completion import complete
from filterlang.checking.parse import parse_filter
from filterlang.checking.report import check
from filterlang.diagnostics.diagnostic import apply_edits
from filterlang.schema.schema import TYPES, Dimension, Schema
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import escape, escape_expression
from filterlang.syntax.operators import OPERATORS, Operator
from filterlang.syntax.split import split_clauses

# --- Strategies -----------------------------------------------------------------------------------

PIECES = [
    *OPERATORS,
    *"=!<>~@;,\\. aAbciCİσ*|\n\x00\u2028≥＝\ud800𝒳",
    "\\;",
    "\\,",
    "filter=",
    "tr",
]
any_text = st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=20)

# Words without look-alikes of operators, which make a name that is half typed read otherwise.
words = st.text("abcABCİσΣ𝒳", min_size=1, max_size=4)
segments = st.lists(words, min_size=1, max_size=2).map(" ".join)
keys = st.lists(segments, min_size=1, max_size=2).map(".".join)
odd_segments = segments | st.text("ab.=;, \n\\", max_size=4)
values = st.text("abC ,;\\=*?~'\"İ𝒳", min_size=1, max_size=5)
short_text = st.none() | st.text(max_size=3)


@st.composite
def dimensions(draw, names, depth=2):
    element = draw(st.sampled_from([*TYPES, "map"] if depth else TYPES[:-1]))
    has_fields = element in {"object", "map"}
    return Dimension(
        draw(st.sampled_from(["", "list of "])) + element,
        values=draw(st.lists(values, min_size=1, max_size=4)) if element == "enum" else (),
        fields=draw(fields(names, names, depth - 1)) if has_fields else None,
        operators=draw(st.none() | st.lists(st.sampled_from(Operator), max_size=4)),
        deprecated=draw(short_text),
        filterable=draw(st.integers(0, 4)) > 0,
        detail=draw(short_text),
    )


def fields(names, inner, depth):
    return st.dictionaries(names, dimensions(inner, depth), max_size=4)


@st.composite
def schemas(draw, names=segments):
    """Schemas with dotted keys, which hide names; those of fields are `names`, unchecked."""
    named = draw(fields(keys, names, 2))
    is_open = draw(st.booleans())
    bare = Schema(named, is_open=is_open)
    targets = [name for name, _ in bare.walk() if bare.find(name) is not None]
    # An alias has to be one of what can be found under the name as it is stored.
    targets = [name for name in targets if writable(name)]
    if not targets:
        return bare
    drawn = draw(st.dictionaries(keys, st.sampled_from(targets), max_size=3))
    # No alias stands for an alias.
    aliases = {alias: target for alias, target in drawn.items() if target not in drawn}
    return Schema(named, aliases=aliases, is_open=is_open)


any_schema = st.none() | schemas() | schemas(odd_segments)


def writable(name):
    try:
        return str(parse_filter(f"{name}==x")) == f"{name}==x"
    except ValueError:
        return False


def fitting(dimension):
    """Give the text of an expression that a dimension takes after any operator."""
    if dimension is not None and dimension.type == "enum":
        return escape(dimension.values[0])
    samples = {
        "integer": "10",
        "number": "0.5",
        "boolean": "true",
        "datetime": "2024-01-31T12:00:00Z",
    }
    return samples.get("text" if dimension is None else dimension.type, "x")


def offered(text, schema, cursor=None):
    return complete(text, len(text) if cursor is None else cursor, schema, limit=None)


def names_offered(schema):
    return [one.label for one in offered("", schema) if not one.label.endswith(".")]


# --- Any text -------------------------------------------------------------------------------------


@given(any_text, any_schema, st.data())
def test_any_text_is_completed_within_its_clause(text, schema, data):
    """Nothing is raised, no label is offered twice, and no other clause is touched."""
    cursor = data.draw(st.integers(0, len(text)))
    clauses = list(split_clauses(text))
    index = next(index for index, one in enumerate(clauses) if cursor <= one.end)
    everything = offered(text, schema, cursor)
    assert len({one.label for one in everything}) == len(everything)
    for one in everything:
        assert len(one.detail.splitlines()) == 1
        span = one.edit.span
        assert clauses[index].start <= span.start <= span.end <= clauses[index].end
        after = one.apply(text)
        assert after == text[: span.start] + one.edit.text + text[span.end :]
        others = [text[clause.start : clause.end] for clause in clauses]
        kept = [after[clause.start : clause.end] for clause in split_clauses(after)]
        del others[index], kept[index]
        assert kept == others


@given(any_text, any_schema, st.data())
def test_the_same_is_offered_every_time(text, schema, data):
    """The order depends on nothing but the arguments, and a limit keeps what comes first."""
    cursor = data.draw(st.integers(0, len(text)))
    limit = data.draw(st.integers(0, 12))
    everything = offered(text, schema, cursor)
    assert complete(text, cursor, schema, limit=limit) == everything[:limit]
    if schema is not None:
        again = Schema(
            dict(schema.dimensions), aliases=dict(schema.aliases), is_open=schema.is_open
        )
        assert offered(text, again, cursor) == everything


@given(any_text, any_schema, st.integers())
def test_only_the_cursor_can_be_wrong(text, schema, cursor):
    """A cursor is refused if, and only if, it lies outside of the text."""
    if 0 <= cursor <= len(text):
        assert isinstance(complete(text, cursor, schema), list)
    else:
        with pytest.raises(ValueError, match=f"^the cursor must be from 0 to {len(text)}, "):
            complete(text, cursor, schema)


# --- Names ----------------------------------------------------------------------------------------


@given(schemas() | schemas(odd_segments))
def test_the_names_offered_are_those_that_a_check_takes(schema):
    """A name is offered if, and only if, there is a clause with it that has no error.

    Left out are names that only the openness of a map or schema takes, as it takes any other.
    """
    taken = set()
    for name in [*(name for name, _ in schema.walk()), *(alias for alias, _ in schema.aliases)]:
        found = schema.find(name)
        if found is None or not writable(name):
            continue
        texts = [f"{name}{operator}{fitting(found.dimension)}" for operator in Operator]
        is_known = found.dimension is not None or found.name != name
        if is_known and any(check(text, schema).ok for text in texts):
            taken.add(name)
    assert set(names_offered(schema)) == taken


@given(schemas())
def test_a_name_is_offered_while_it_is_typed(schema):
    """From its first character to the last but one, in any case, with clauses around it."""
    for label in [one.label for one in offered("", schema)]:
        for end in range(len(label)):
            for typed in (label[:end], fold(label[:end])):
                assert label in [
                    one.label for one in offered(f"a==\\;;{typed};b~x", schema, 6 + end)
                ]


@given(schemas(), st.data())
def test_a_name_is_offered_for_its_abbreviation(schema, data):
    """Characters may be left out, though not the first one."""
    for label in names_offered(schema):
        kept = data.draw(st.lists(st.booleans(), min_size=len(label), max_size=len(label)))
        typed = "".join(c for c, keep in zip(label, [True, *kept[1:]], strict=True) if keep)
        assert label in [*(one.label for one in offered(typed, schema)), typed]


@given(schemas())
def test_deprecated_names_stand_last(schema):
    """A name that is deprecated follows every name that isn't."""
    deprecated = [
        (found := schema.find(label.removesuffix("."))).dimension is not None
        and found.dimension.deprecated is not None
        for label in (one.label for one in offered("", schema))
    ]
    assert deprecated == sorted(deprecated)


# --- Operators and values -------------------------------------------------------------------------


@given(schemas())
def test_a_check_takes_every_operator_offered(schema):
    """With a value that fits, what is offered parses, and nothing is wrong with it."""
    for label in names_offered(schema):
        dimension = schema.find(label).dimension
        operators = [one for one in offered(label, schema) if one.kind == "operator"]
        assert operators
        for one in operators:
            text = one.apply(label) + fitting(dimension)
            assert [str(clause.operator) for clause in parse_filter(text)] == [one.label]
            report = check(text, schema)
            assert report.ok
            # A schema can ask for operators that are warned of; by itself nothing offers them.
            if dimension is None or dimension.operators is None:
                codes = {one.code for one in report.diagnostics if one.code.startswith("FL5")}
                assert codes <= {"FL502"}  # the name is deprecated, as its completion says


@given(st.none() | schemas())
def test_an_operator_is_offered_while_it_is_typed(schema):
    """Each operator that may follow a name is offered for its first character as well."""
    names = ["some.name"] if schema is None else names_offered(schema)
    for name in names:
        operators = [one.label for one in offered(name, schema) if one.kind == "operator"]
        for operator in operators:
            typed = operator[:-1]
            text = f"a==1;{name}{typed};b==2"
            cursor = len(f"a==1;{name}{typed}")
            [found] = [
                one
                for one in offered(text, schema, cursor)
                if one.label == operator and one.kind == "operator"
            ]
            assert found.apply(text) == f"a==1;{name}{operator};b==2"


@given(schemas(), st.sampled_from([Operator.EQ, Operator.NE]))
def test_a_value_is_offered_while_it_is_typed(schema, operator):
    """Also where only half of an escape was typed; and what is put in means the value."""
    for name in names_offered(schema):
        dimension = schema.find(name).dimension
        if dimension is None or dimension.type != "enum":
            continue
        if operator not in [one.label for one in offered(name, schema)]:
            continue
        start = f"{name}{operator}"
        for value in dimension.values:
            raw = escape_expression(value)
            for end in range(len(raw) + 1):
                text = f"{start}{raw}"
                cursor = len(start) + end
                [found] = [one for one in offered(text, schema, cursor) if one.label == value]
                after = apply_edits(text, [found.edit])
                [clause] = parse_filter(after)
                assert (clause.name, clause.operator, clause.expression) == (name, operator, value)
