"""What typing on at the cursor may mend; the cursor is the `|` in the texts here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.checking.report import check
from filterlang.checking.unfinished import unfinished
from filterlang.schema.schema import Dimension, Schema

SCHEMA = Schema(
    {
        "score": "integer",
        "ratio": "number",
        "seen": "datetime",
        "title": "text",
        "flag": "boolean",
        "type": Dimension("enum", values=["LEAD", "USER", "Fire, old"]),
        "attributes": "map",
    }
)


def judged(marked, schema=SCHEMA):
    """Give the codes of what is unfinished, and of what typing on can't mend."""
    before, after = marked.split("|")
    text = before + after
    found = check(text, schema).diagnostics
    held = unfinished(text, len(before), found, schema)
    return [one.code for one in held], [one.code for one in found if one not in held]


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        ("sco|", "FL103"),
        ("score|", "FL103"),
        ("score |", "FL103"),
        ("title==a;sco|", "FL103"),
        ("sco|;title==a", "FL103"),
        ("sco| ;title==a", "FL103"),
        ("attributes.|", "FL103"),
        # What is wrong with the name is told when its operator is there.
        ("scroe|", "FL103"),
        ("score i|", "FL103"),
        ("score in|", "FL119"),
        ("score=|", "FL104"),
        ("score!|", "FL106"),
        ("score>|", "FL110"),
        ("score>= |", "FL110"),
        ("title~|", "FL110"),
        ("title~eng|", "FL415"),
        ("title==a\\|", "FL113"),
        ("title==NULL|", "FL404"),
        # Numbers, of what numbers begin with.
        ("score>=-|", "FL509"),
        ("score>=1.|", "FL509"),
        ("ratio>=0.|", "FL509"),
        ("ratio>=1e|", "FL509"),
        ("ratio>=1e-|", "FL509"),
        # Values, of those that are offered.
        ("type==L|", "FL510"),
        ("type==le|", "FL510"),
        ("type==Fire|", "FL510"),
        ("flag==t|", "FL509"),
        # Dates, from their first character to their last one.
        ("seen>=2024|", "FL512"),
        ("seen>=2024-|", "FL509"),
        ("seen>=2024-0|", "FL509"),
        ("seen>=2024-1|", "FL509"),
        ("seen>=2024-01-|", "FL509"),
        ("seen>=2024-01-31T|", "FL509"),
        ("seen>=2024-01-31T1|", "FL509"),
        ("seen>=2024-01-31T10:3|", "FL509"),
        ("seen>=2024-01-31T10:30:0|", "FL509"),
        ("seen>=2024-01-31T10:30:00.|", "FL509"),
        ("seen>=2024-01-31T10:30:00+0|", "FL509"),
        ("seen>2024-01-31|", "FL516"),
        ("seen>=tod|", "FL509"),
        ("seen>=170000000|", "FL512"),
        ("seen>=1700000000|", "FL512"),
        ("seen>=17000000000|", "FL512"),
        # What two clauses say together, when they are written.
        ("score>5;score<1|", "FL513"),
        ("score>5;score>5|", "FL514"),
    ],
)
def test_what_is_unfinished(marked, code):
    assert judged(marked) == ([code], [])


@pytest.mark.parametrize(
    ("marked", "codes"),
    [
        ("scroe==|", ["FL501"]),
        ("scroe==a|", ["FL501"]),
        ("score==x|", ["FL509"]),
        ("score==1x|", ["FL509"]),
        ("ratio>=.|", ["FL509"]),
        ("type==X|", ["FL510"]),
        ("type==LEADX|", ["FL510"]),
        ("seen>=2024-3|", ["FL509"]),
        ("seen>=2024-02-3|", ["FL509"]),
        ("seen>=31.|", ["FL509"]),
        ("title==a,|", ["FL111"]),
        ('title=="a|', ["FL414"]),
        ("score=10|", ["FL104"]),
        ("score>1 or|", ["FL509"]),
        ("title==a*|", ["FL405"]),
        (";;|", ["FL102", "FL102"]),
    ],
)
def test_what_typing_on_cannot_mend(marked, codes):
    assert judged(marked) == ([], codes)


def test_what_is_unfinished_and_what_is_not_in_one_clause():
    assert judged("score=<|") == (["FL110"], ["FL105"])
    assert judged("title==a,b\\|") == (["FL113"], ["FL111"])
    assert judged("scroe=1;sco|") == (["FL103"], ["FL501", "FL104"])


@pytest.mark.parametrize(
    "marked", ["|sco", "sc|o", "|", " | sco", "sco;|", "sco;title|==a", "|sco "]
)
def test_elsewhere_nothing_is_unfinished(marked):
    assert judged(marked)[0] == []


def test_without_a_schema():
    assert judged("sco|", None) == (["FL103"], [])
    assert judged("score==1;a!|", None) == (["FL106"], [])
    assert judged("score==a,|", None) == ([], ["FL111"])


def test_of_very_long_clauses_nothing_is_unfinished():
    assert judged(f"title~{'x' * 990}|") == (["FL415"], [])
    assert judged(f"title~{'x' * 1000}|") == ([], ["FL415"])


WORDS = ["score", "title", "seen", "type", "and", "L"]


@given(
    st.lists(
        st.sampled_from(
            [*WORDS, "==", "=", "!", ">", "~", "1", "-", "20", *' a;\\,*"\n(≥', "2024-01"]
        ),
        max_size=9,
    ).map("".join),
    st.data(),
)
def test_any_text_is_judged_and_nothing_else_is_told(text, data):
    cursor = data.draw(st.integers(0, len(text)))
    found = check(text, SCHEMA).diagnostics
    held = unfinished(text, cursor, found, SCHEMA)
    assert [one for one in found if one in held] == held
