"""Hypothesis strategies for nodes and for texts, nasty ones before all."""

from __future__ import annotations

from hypothesis import strategies as st

from filterlang import Clause, Filter, FilterSet, Operator, Pattern, Wildcard

NASTY = "=!<>~;,\\.*?@ \"'&%+#/()[]{}|^$`:-_0aAzZéßİıΣςσ€\u00a0\u0301\u200b\u3000😀𐐀"
"""What has a meaning in filters, query strings, shells and regular expressions; and far letters."""

# No filter can hold controls and surrogates.
_printable = st.characters(exclude_categories=["Cc", "Cs"])
_character = st.sampled_from(NASTY) | _printable

expressions = st.text(_character, max_size=12)
segments = (
    st.text(_character.filter(lambda c: c not in "=!<>~;,\\."), min_size=1, max_size=8)
    .map(lambda text: text.strip(" "))
    .filter(bool)
)
names = st.lists(segments, min_size=1, max_size=3).map(".".join)
patterns = (
    st.lists(st.sampled_from(list(Wildcard)) | expressions, min_size=1, max_size=5)
    .filter(lambda parts: any(part != "" for part in parts))
    .map(Pattern.from_parts)
)


@st.composite
def clauses(draw):
    operator = draw(st.sampled_from(Operator))
    if operator.matches_pattern:
        return Clause(draw(names), operator, draw(patterns))
    text = expressions if operator.allows_empty else expressions.filter(bool)
    return Clause(draw(names), operator, draw(text))


filters = st.lists(clauses(), min_size=1, max_size=4).map(Filter)
filter_sets = st.lists(filters, max_size=4).map(FilterSet)
nodes = clauses() | filters | filter_sets

texts = st.text() | st.text(st.sampled_from(NASTY + "\t\n\x00\x85\ud800\udfff"), max_size=20)
"""Any text, controls and surrogates included."""


@st.composite
def damaged_texts(draw):
    """A filter's text in which a few characters were deleted, doubled, swapped or put in."""
    text = str(draw(filters))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["delete", "double", "swap", "insert"]))
        before, at, after = text[:place], text[place : place + 1], text[place + 1 :]
        match kind:
            case "delete":
                text = before + after
            case "double":
                text = before + at + at + after
            case "swap":
                text = before + after[:1] + at + after[1:]
            case _:
                text = before + draw(st.sampled_from(NASTY)) + at + after
    return text
