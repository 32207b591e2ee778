"""A value that an enum lists is what it is, and what completion offers is taken without a word."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang.diagnostics.diagnostic import apply_edits

ODD = [
    "None", "q", "A OR B", "e*f", "null", "'x'", "50%25", "^a.*$", "*", "?", "a and b==c", "x&y=z",
    "(a)", "=5", "~x", "NaN", "x,y", "x;y", "a\\b", "now", "1,000",
]  # fmt: skip
values = st.sampled_from(ODD) | st.text(
    st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=6
)


def schema_of(listed):
    """Give a schema with an enum of these values."""
    return fl.Schema.from_dict(
        {"name": "users", "dimensions": {"plan": {"type": "enum", "values": listed}}}
    )


@settings(max_examples=60, deadline=None)
@given(values, st.sampled_from(["==", "!="]))
def test_a_listed_value_is_never_suspected(value, operator):
    text = f"plan{operator}{fl.escape(value)}"
    assert fl.check(text, schema_of([value])).diagnostics == (), text


@settings(max_examples=40, deadline=None)
@given(st.lists(values, min_size=1, max_size=4, unique_by=str.casefold))
def test_what_is_offered_is_taken_without_a_word(listed):
    schema = schema_of(listed)
    for start in ("plan==", "plan!="):
        for offered in fl.complete(start, len(start), schema):
            text = apply_edits(start, [offered.edit])
            assert not fl.check(text, schema).diagnostics, text
