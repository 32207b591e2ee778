"""Templates: parsed once, filled as the builder writes values, and nothing in a value is syntax."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import Enum
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import F, field
from filterlang.building.templates import _MARKS, _Place, _slot
from filterlang.testing import filter_sets

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


def t_string(*parts):
    """Give what Python 3.14 makes of a template string: texts and (expression, value) in turn."""
    return SimpleNamespace(
        strings=parts[::2],
        interpolations=[
            SimpleNamespace(expression=name, value=value, conversion=None, format_spec="")
            for name, value in parts[1::2]
        ],
    )


# --- Laws -----------------------------------------------------------------------------------------


@given(st.integers() | TEXTS.filter(bool) | st.booleans() | st.datetimes(timezones=st.just(UTC)))
def test_filling_is_building(value):
    """template("a=={x}").fill(x=value) == (field("a") == value), errors too."""
    try:
        built = field("a") == value
    except (TypeError, ValueError) as error:
        with pytest.raises(type(error), match=r".+"):
            fl.template("a=={x}").fill(x=value)
    else:
        assert fl.template("a=={x}").fill(x=value) == fl.FilterSet([fl.Filter([built])])
        assert fl.fill(t_string("a==", ("x", value), "")) == fl.FilterSet([fl.Filter([built])])


@given(TEXTS)
def test_nothing_in_a_value_is_syntax(text):
    clauses = fl.template("a~x{t}*;b==y {t}.").fill(t=text).filters[0].clauses
    assert clauses[0].expression == fl.Pattern.from_parts([f"x{text}", fl.Wildcard.RUN])
    assert clauses[1].expression == f"y {text}."


@given(filter_sets())
def test_a_template_without_places_is_its_filters(filters):
    texts = [text.replace("{", "{{").replace("}", "}}") for text in fl.unparse(filters)]
    found = fl.template(texts)
    assert found.names == ()
    assert found.fill() == filters


# --- Cases ----------------------------------------------------------------------------------------


def test_several_places_and_filters():
    found = fl.template(["score>={least};name~{part}*", "a=={{x}} {part}"])
    assert found.names == ("least", "part")
    assert repr(found) == "<Template names=('least', 'part')>"
    assert fl.unparse(found.fill(least=10, part="a*,;")) == [
        r"score>=10;name~a\*\,\;*",
        r"a=={x} a*\,\;",
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "no value for least, part; the template's names are least, part"),
        (
            {"least": 1, "part": "x", "more": 2},
            "no place for more; the template's names are least, part",
        ),
        (
            {"least": None, "part": "x"},
            (
                "{least} is None, which is no value; write 'score==' in the template if a missing"
                " one is meant"
            ),
        ),
        (
            {"least": [1, 2], "part": "x"},
            (
                "{least} takes one value, not list; several are several filters:"
                " field(name).in_(values)"
            ),
        ),
        (
            {"least": 1, "part": 2},
            "{part} is a part of an expression or of a pattern, which takes a str, not int",
        ),
        ({"least": True, "part": "x"}, "truth values have no order; compare 'score' with == or !="),
    ],
)
def test_values_that_cannot_be_filled_in(values, message):
    with pytest.raises(TypeError) as caught:
        fl.template("score>={least};name~{part}*").fill(**values)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "values", "start"),
    [
        ("name~{x}*", {"x": ""}, "{x} is an empty text, which leaves 'name~*'"),
        ("name!~*{x}{x}?", {"x": ""}, "{x} is an empty text, which leaves 'name!~*?'"),
        ("name~ {x}*", {"x": ""}, "{x} is an empty text, which leaves 'name~*'"),
        ("name=={x}", {"x": ""}, "{x} is an empty text, which leaves 'name=='"),
        ("name!={x}", {"x": Enum("Blank", {"OF": ""}).OF}, "{x} is an empty text, which leaves"),
        ("name=={x}{y}", {"x": "", "y": ""}, "{x} and {y} are empty texts, which leave 'name=='"),
    ],
)
def test_empty_texts_never_leave_a_filter_that_asks_for_nothing(text, values, start):
    """A blank input of a form would find everybody, or who has no value."""
    with pytest.raises(ValueError, match="^" + re.escape(start)) as caught:
        fl.template(["score>=1", text]).fill(**values)
    assert str(caught.value).endswith(
        "; fill a template without this clause if nothing is asked for, or write it so if it is"
        " meant"
    )


def test_empty_texts_beside_others_are_texts():
    template = fl.template("name~x{a}*;city=={a}{b};plan~*")
    assert fl.unparse(template.fill(a="", b="y")) == ["name~x*;city==y;plan~*"]


@pytest.mark.parametrize("text", ["a>={x}", "a<{x}{x}", "a~{x}", "a!~{x}"])
def test_empty_texts_where_none_can_stand_are_told_with_their_placeholder(text):
    left = text.partition("{")[0]
    with pytest.raises(ValueError, match=r".+") as caught:
        fl.template(["b=={y}", text]).fill(x="", y="fine")
    assert str(caught.value) == (
        f"{{x}} is an empty text, which leaves '{left}'; fill a template without this clause if"
        " nothing is asked for"
    )


@pytest.mark.parametrize("zone", ["Europe/Berlin", 1, ZoneInfo])
def test_what_is_no_zone_is_told_at_once(zone):
    for function in (
        lambda: fl.template("a>={x}", tz=zone),
        lambda: fl.field("a", tz=zone),
        lambda: fl.field("a").on(date(2024, 1, 1), tz=zone),
    ):
        with pytest.raises(TypeError) as caught:
            function()
        assert str(caught.value) == (
            f"tz is a zone, such as ZoneInfo('Europe/Berlin'), not {type(zone).__name__}"
        )


def test_integers_that_python_does_not_write_are_told():
    with pytest.raises(ValueError, match=r"^'a' can't be compared with an integer of so many"):
        fl.template("a=={x}").fill(x=10**5000)


def test_names_are_looked_through_in_linear_time():
    class Counting(dict):
        def __contains__(self, key):
            steps.append(key)
            return super().__contains__(key)

        def __iter__(self):
            for key in super().__iter__():
                steps.append(key)
                yield key

    steps = []
    places = Counting((chr(mark), _Place("x")) for mark in _MARKS[:1000])
    for clause in fl.Filter([fl.Clause("name", "==", "x")] * 1000):
        _slot(clause, places, None, None)
    assert len(steps) < 10_000


def test_there_are_so_many_placeholders_at_most():
    most = len(_MARKS)
    text = ";".join(f"a=={{x{number}}}" for number in range(most))
    assert len(fl.template(text).names) == most
    with pytest.raises(ValueError, match=r"^expected at most 20992 placeholders, found more$"):
        fl.template(f"{text};b=={{y}}")


def test_what_no_expression_can_hold_is_told_with_the_placeholder():
    for text in ("t=={x}", "t>={x}", "t==a{x}b", "t~{x}", "t~*{x}*{y}"):
        template = fl.template(text)
        values = dict.fromkeys(template.names, "fine")
        with pytest.raises(ValueError, match=r".+") as caught:
            template.fill(**{**values, "x": "a\nb"})
        assert str(caught.value) == (
            "{x}: an expression can't hold U+000A (character 2 of 'a\\nb')"
        )


@pytest.mark.parametrize("name", ["self", "values", "cls"])
def test_placeholders_may_be_called_as_python_calls_things(name):
    assert fl.unparse(fl.template(f"a=={{{name}}}").fill(**{name: 1})) == ["a==1"]


def test_a_template_without_places_takes_no_values():
    with pytest.raises(TypeError, match=r"^no place for x; the template has no names$"):
        fl.template("a==1").fill(x=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{a}==1",
            "a placeholder stands for an expression or a part of one, not for a name: '{a}'",
        ),
        ("score>={", "a lone '{' in column 8; write it twice if it is meant"),
        ("a==}", "a lone '}' in column 4; write it twice if it is meant"),
        (
            "a=={1}",
            (
                "expected a name between the braces in column 4, found '1'; write braces twice if"
                " they are meant"
            ),
        ),
    ],
)
def test_places_that_are_none(text, message):
    with pytest.raises(ValueError, match=r".+") as caught:
        fl.template(text)
    assert str(caught.value) == message


def test_mistakes_are_shown_as_they_are_written():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.template(["ok=={x}", "score{op}10"])
    assert str(caught.value) == (
        "error[FL103]: expected an operator after 'score{op}10', found the end of the filter\n"
        " --> filter 2, column 1\n  |\n  | score{op}10\n  | ^^^^^^^^^^^\n"
        "hint: a clause is 'name operator expression', with one of == != ~ !~ < <= > >="
    )
    assert all(one.fixes == () for one in caught.value.diagnostics)


@pytest.mark.parametrize("text", [1, [1], None])
def test_what_is_no_text(text):
    with pytest.raises(TypeError):
        fl.template(text)


def test_a_template_fits_a_schema():
    found = fl.template("countryCode=={c};score>{s}", schema=fl.px.USER)
    assert fl.unparse(found.fill(c="US", s=4)) == ["countryCode==US;score>4"]
    with pytest.raises(fl.SchemaError, match=r"'x' is not one"):
        found.fill(c="US", s="x")
    with pytest.raises(fl.SchemaError, match=r"unknown name 'cuntryCode'"):
        fl.template("cuntryCode=={c}", schema=fl.px.USER)


def test_letters_that_stand_for_places_elsewhere():
    """What marks a placeholder within is never taken for a letter of the text."""
    text = "".join(map(chr, range(0x4E00, 0x4E10)))
    assert fl.unparse(fl.template(f"a=={text}{{x}}{text}").fill(x="y")) == [f"a=={text}y{text}"]


# --- Template strings -----------------------------------------------------------------------------


def test_errors_of_template_strings_name_what_was_written():
    with pytest.raises(TypeError) as caught:
        fl.fill(t_string("a==", ("who.name", None), ""))
    assert str(caught.value) == (
        "{who.name} is None, which is no value; write 'a==' in the template if a missing one is"
        " meant"
    )
    assert fl.fill(t_string("a==1{}")) == fl.parse("a==1{}")


def test_errors_of_values_in_template_strings_do_so_too():
    with pytest.raises(ValueError, match=r"^\{who\.name\} is an empty text, which leaves 'a~\*'; "):
        fl.fill(t_string("a~*", ("who.name", ""), ""))
    with pytest.raises(fl.SchemaError, match="FL509"):
        fl.fill(t_string("score==", ("x", "y"), ""), schema=fl.px.USER)


@pytest.mark.parametrize("changed", [{"conversion": "r"}, {"format_spec": ".2f"}])
def test_values_are_converted_before(changed):
    wrong = t_string("a==", ("x", 1), "")
    vars(wrong.interpolations[0]).update(changed)
    with pytest.raises(ValueError, match=r"^\{x\} has a conversion or a format; convert the value"):
        fl.fill(wrong)


@pytest.mark.parametrize("wrong", ["a==1", None, b"a"])
def test_what_is_no_template_string(wrong):
    with pytest.raises(TypeError, match=r'^fill\(\) takes a template string, t"…", which Python'):
        fl.fill(wrong)


# --- Time -----------------------------------------------------------------------------------------

MOMENT = datetime(2024, 1, 1, 0, 0, 0, 1500, tzinfo=UTC)
BELOW, ABOVE = 1704067200001, 1704067200002


def test_bounds_between_milliseconds_are_rounded():
    clauses = [F.t >= MOMENT, F.t > MOMENT, F.t < MOMENT, F.t <= MOMENT]
    assert [str(one) for one in clauses] == [
        f"t>={ABOVE}",
        f"t>{BELOW}",
        f"t<{ABOVE}",
        f"t<={BELOW}",
    ]
    for compare in (F.t.__eq__, F.t.__ne__):
        with pytest.raises(ValueError, match=r"written in whole milliseconds"):
            compare(MOMENT)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-2, 2))
def test_rounding_changes_no_verdict_on_whole_milliseconds(moment, shift):
    from filterlang.semantics.instants import instant_of

    exact = instant_of(moment)
    milliseconds = exact // 1000 + shift
    record = {"t": milliseconds}
    schema = fl.Schema({"t": "datetime"})
    for clause, holds in (
        (F.t >= moment, milliseconds * 1000 >= exact),
        (F.t > moment, milliseconds * 1000 > exact),
        (F.t < moment, milliseconds * 1000 < exact),
        (F.t <= moment, milliseconds * 1000 <= exact),
    ):
        assert fl.compile(clause, schema=schema)(record) is holds


def test_a_day_is_half_open_in_its_zone():
    berlin = ZoneInfo("Europe/Berlin")
    # The night in which the clocks go forward: 23 hours.
    assert str(F.t.on(date(2024, 3, 31), tz=berlin)) == "t>=1711839600000;t<1711922400000"
    assert F.t.on(date(2024, 3, 31), tz=berlin) == field("t", tz=berlin).on(date(2024, 3, 31))
    assert str(F.t.on(date(2024, 3, 31))) == "t>=1711843200000;t<1711929600000"
    with pytest.raises(TypeError, match=r"^on\(\) takes a date, not datetime; take its .date\(\)$"):
        F.t.on(MOMENT)
    with pytest.raises(TypeError, match=r"^on\(\) takes a date, not str$"):
        F.t.on("2024-01-01")


def test_time_that_is_past():
    now = datetime(2024, 5, 8, tzinfo=ZoneInfo("Europe/Berlin"))
    assert fl.ago(weeks=1, hours=1, now=now) == datetime(2024, 4, 30, 21, tzinfo=UTC)
    assert fl.ago(seconds=1) < datetime.now(UTC)
    for wrong, error, message in [
        ({}, TypeError, r"^ago\(\) needs to know how long ago: ago\(days=7\)$"),
        ({"days": -1}, ValueError, "^expected a time that is past, found one 1 day, 0:00:00 from"),
        ({"days": 1, "now": datetime(2024, 1, 1)}, ValueError, "^now needs a zone"),  # noqa: DTZ001 — it is refused
        ({"days": 1, "now": "today"}, TypeError, "^now is a datetime, not str$"),
    ]:
        with pytest.raises(error, match=message):
            fl.ago(**wrong)
