"""`check` and its `Report`: what is reported, mended, shown, and given as plain data."""

from __future__ import annotations

import pytest

import filterlang as fl
from filterlang import px
from tests.support.reports import USERS, codes

# --- Report ---------------------------------------------------------------------------------------


def test_a_right_filter():
    report = fl.check("score >= 10; location.city == Bonn")
    assert report.ok
    assert report.diagnostics == ()
    assert report.filters == fl.parse("score>=10;location.city==Bonn")
    assert report.fixed == ["score >= 10; location.city == Bonn"]
    assert report.render() == ""
    assert repr(report) == "<Report ok=True diagnostics=[]>"


def test_a_wrong_filter():
    report = fl.check("lastName=Doe")
    assert not report.ok
    assert report.filters is None
    assert report.fixed == ["lastName==Doe"]
    assert report.sources == ("lastName=Doe",)
    assert repr(report) == "<Report ok=False diagnostics=['FL104']>"


def test_warnings_and_hints_do_not_make_a_filter_wrong():
    report = fl.check("a==null;b==x*")
    assert [one.severity for one in report.diagnostics] == ["warning", "hint"]
    assert report.ok
    assert report.filters == fl.parse("a==null;b==x*")
    assert report.fixed == ["a==null;b==x*"]


@pytest.mark.parametrize("source", ["", "   ", [], [""], ["", "  "]])
def test_no_filter_at_all(source):
    report = fl.check(source)
    assert report.ok
    assert report.filters == fl.FilterSet()
    assert report.fixed == ([source] if isinstance(source, str) else source)


@pytest.mark.parametrize("source", [None, 5, b"a==1", ["a==1", 5], [b"a==1"]])
def test_what_is_not_text(source):
    with pytest.raises(TypeError):
        fl.check(source)


def test_each_text_has_its_index():
    report = fl.check(["a==1", "b=2", "", "c>="])
    assert [(one.code, one.source_index) for one in report.diagnostics] == [
        ("FL104", 1),
        ("FL110", 3),
    ]
    assert report.fixed is None


def test_an_iterator_is_read_once():
    report = fl.check(text for text in ("a==1", "b=2"))
    assert report.fixed == ["a==1", "b==2"]


def test_a_text_that_is_too_long():
    report = fl.check(["a=1", "abc==12345", "b=2"], max_length=5)
    assert [(one.code, one.source_index, *one.span) for one in report.diagnostics] == [
        ("FL104", 0, 1, 2),
        ("FL301", 1, 5, 10),
        ("FL104", 2, 1, 2),
    ]
    assert report.fixed is None
    assert fl.check("a==" + "x" * 2**20).diagnostics[0].code == "FL301"
    assert fl.check("a==" + "x" * 2**20, max_length=None).ok


def test_the_built_in_schemas():
    report = fl.check("lastName=Doe;score=<１０;countryCode==US", px.USER)
    assert [one.code for one in report.diagnostics] == ["FL104", "FL105", "FL509"]
    assert report.fixed == ["lastName==Doe;score<=10;countryCode==US"]
    assert codes("numberOfEmployees>many", px.ACCOUNT) == ["FL509"]


# --- Mending --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a=1;b=<2", "a==1;b<=2"),
        # Mending one mistake shows the next one.
        ("filter=a%3D1", "a==1"),
        ("filter=a%3D\tx", "a==x"),
        # What is decoded holds something that isn't mended safely.
        ("filter=name%3DDoe%5Cn", None),
        ("a%3D%3DSmith, John", None),
        # Only some of it can be mended, and so nothing is.
        ("a=1;b>=", None),
        # A filter that restricts never becomes one that doesn't.
        ("filter=", None),
        (";", None),
        ("\n", None),
        ("filter=%20%0A", None),
    ],
)
def test_mending(text, fixed):
    assert fl.check(text).fixed == (None if fixed is None else [fixed])


def test_mends_that_reach_into_each_other_take_turns():
    text = "\"Score>'5';Name==Doe\""
    assert fl.check(text, USERS).fixed is None
    assert fl.check("a%3D1\t").fixed == ["a==1"]


def test_mending_ends_after_some_rounds():
    text = "a==1"
    for _ in range(12):
        text = text.replace("%", "%25").replace("=", "%3D")
    assert fl.check(text).fixed is None


def test_only_so_many_fixes_are_tried():
    # Of what isn't tried, the fixes of mistakes stay, and those of warnings go.
    report = fl.check("a=1" + " and b==2" * 40)
    assert [len(one.fixes) for one in report.diagnostics] == [1] * 32 + [0] * 9
    report = fl.check("a==" + "x" * 20_000 + " and b==2 and c==3,d")
    assert [len(one.fixes) for one in report.diagnostics] == [1, 0, 1]


# --- For people -----------------------------------------------------------------------------------


def test_the_mended_texts_are_shown():
    assert fl.check("a=1").render().endswith("hint: write '=='\n\nfixed: a==1")
    several = fl.check(["a=1", "b==2", "c=3"]).render()
    assert several.endswith("\n\nfixed, filter 1: a==1\nfixed, filter 3: c==3")
    assert "\x1b[1;32mfixed\x1b[0m: a==1" in fl.check("a=1").render(color=True)


@pytest.mark.parametrize(
    "text",
    [
        "a==null",  # nothing to mend
        "a=1;b>=",  # no mend
        "a=" + "x" * 1000,  # too long to be copied from a terminal
        "a=\u202e",  # a person would see something else
    ],
)
def test_the_mended_texts_are_not_shown(text):
    assert "fixed" not in fl.check(text).render()


# --- For editors ----------------------------------------------------------------------------------


def test_plain_data():
    assert fl.check(["b==2", "😀\n=1"]).to_dict() == {
        "ok": False,
        "filters": None,
        "fixed": None,
        "diagnostics": [
            {
                "range": {
                    "start": {"line": 0, "character": 1},
                    "end": {"line": 1, "character": 0},
                },
                "severity": 1,
                "code": "FL114",
                "source": "filterlang",
                "message": "a filter can't hold the control character U+000A (a line feed)",
                "data": {
                    "source_index": 1,
                    "span": [1, 2],
                    "hint": "remove it; only spaces may stand around names, operators and"
                    " expressions",
                    "fixes": [
                        {
                            "safe": True,
                            "edits": [
                                {
                                    "range": {
                                        "start": {"line": 0, "character": 1},
                                        "end": {"line": 1, "character": 0},
                                    },
                                    "newText": "",
                                }
                            ],
                        }
                    ],
                },
            },
            {
                "range": {
                    "start": {"line": 1, "character": 0},
                    "end": {"line": 1, "character": 1},
                },
                "severity": 1,
                "code": "FL104",
                "source": "filterlang",
                "message": "expected '==', found a single '='",
                "data": {
                    "source_index": 1,
                    "span": [2, 3],
                    "hint": "write '=='",
                    "fixes": [
                        {
                            "safe": True,
                            "edits": [
                                {
                                    "range": {
                                        "start": {"line": 1, "character": 0},
                                        "end": {"line": 1, "character": 1},
                                    },
                                    "newText": "==",
                                }
                            ],
                        }
                    ],
                },
            },
        ],
    } | {"fixed": ["b==2", "😀==1"]}


def test_plain_data_of_a_right_filter():
    assert fl.check(" a == 1 ;").to_dict() == {
        "ok": True,
        "filters": ["a==1"],
        "fixed": [" a == 1 ;"],
        "diagnostics": [],
    }


def test_severities_are_those_of_the_protocol():
    data = fl.check("a=1;b==null;c==x*").to_dict()
    assert [one["severity"] for one in data["diagnostics"]] == [1, 2, 4]


@pytest.mark.parametrize(("encoding", "character"), [("utf-32", 4), ("utf-16", 5), ("utf-8", 11)])
def test_what_a_character_is(encoding, character):
    # One astral character, one of three bytes and one of two stand before the `=`.
    data = fl.check("x😀東é=1").to_dict(encoding=encoding)
    assert data["diagnostics"][0]["range"]["start"] == {
        "line": 0,
        "character": character - (encoding == "utf-8"),
    }


def test_lines_end_as_in_the_protocol():
    data = fl.check("a\r\nb\rc\nd=1").to_dict(encoding="utf-16")
    places = [(one["code"], *one["range"]["start"].values()) for one in data["diagnostics"]]
    assert places == [
        ("FL114", 0, 1),
        ("FL114", 0, 2),
        ("FL114", 1, 1),
        ("FL114", 2, 1),
        ("FL104", 3, 1),
    ]


# --- Large and hostile texts ----------------------------------------------------------------------

MANY = 40_000
HOSTILE = {
    "operators": "a" + "=" * MANY,
    "spaces in an expression": "a==b" + " " * MANY + "c",
    "spaces without an operator": "a" + " " * MANY + "b",
    "brackets": "a~" + "[" * MANY,
    "alternatives": "a~" + "(|" * MANY,
    "encoded over and over": "a%" + "25" * MANY + "3D",
    "backslashes": "a==b" + "\\" * MANY + "\t",
    "joins": "a==b" + " and b=1" * (MANY // 8),
    "half joins": "a==b" + " and" * MANY,
    "ampersands": "a==" + "&" * MANY,
    "parameters": "a?" + "b=c&" * (MANY // 4) + "x",
    "keys": "filter=" * MANY + "a==1",
    "parentheses": "a==" + "(" * MANY,
    "dots": "a" + ".b" * MANY,
    "bangs": "! " * MANY + "a==1",
    "words": "a" + " is not in" * (MANY // 4),
    "colons": "a" + " b" * MANY + ":c",
    "operators in an expression": "a" + "==b" * MANY,
    "look-alikes": "a" + "≥" * MANY + "=b",
    "percent": "a==" + "%41" * MANY,
    "quotes": "a==" + '"' * MANY,
    "or": "a==b" + " OR b" * MANY,
    "calls": "a." * MANY + "startsWith(x",
    "digits": "score==" + "1" * MANY,
    "grouped digits": "score==1" + ",000" * MANY,
    "exponent": "score==1e" + "9" * MANY,
    "zeros": "seen==" + "0" * MANY + "1",
    "commas": "a==" + "," * (MANY // 10),
    "controls": "a==x" + "\t" * (MANY // 10) + "y",
    "separators": ";" * (MANY // 10),
    "names": ";".join(f"name{index}==1" for index in range(MANY // 10)),
    "unknown values": ";".join(f"type==USR{index}" for index in range(MANY // 10)),
    "ranges": ";".join(f"score>={index}" for index in range(MANY // 10)),
}


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_reported(name):
    # Each takes less than a second; with anything quadratic in it, whoever waits here notices.
    text = HOSTILE[name]
    report = fl.check(text, USERS)
    assert len(report.to_dict(encoding="utf-16")["diagnostics"]) == len(report.diagnostics)


@pytest.mark.slow
def test_clauses_without_number():
    text = ";".join(f"name{index}==value {index}" for index in range(MANY // 5))
    report = fl.check(text, max_length=None)
    assert report.ok
    assert len(report.filters.filters[0].clauses) == MANY // 5


def test_so_many_rounds_of_mending_are_tried(monkeypatch):
    assert fl.check("nps%3D%3D.5", USERS).fixed == ["nps==0.5"]
    monkeypatch.setattr("filterlang.checking.report._MOST_ROUNDS", 1)
    assert fl.check("score=10").fixed == ["score==10"]
    # One round more would mend what the first one has shown.
    assert fl.check("nps%3D%3D.5", USERS).fixed is None
