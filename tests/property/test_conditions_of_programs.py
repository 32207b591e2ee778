"""What is written for a condition of a program is true of the records that it is true of."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.checking.other_notations.program_clauses import of_program

RECORDS = [
    {key: value for key, value in zip(("score", "role", "title"), values, strict=True) if value}
    for values in product((None, 1, 5, 9), (None, "a", "b", "c"), (None, "abc", "xab"))
]


def is_there(name, holds):
    return lambda record: name in record and holds(record[name])


TERMS = {
    "score gt 5": is_there("score", lambda score: score > 5),
    "lt(score,5)": is_there("score", lambda score: score < 5),
    "score.ge(5)": is_there("score", lambda score: score >= 5),
    "score.between(2,8)": is_there("score", lambda score: 2 <= score <= 8),
    "role === 'a'": is_there("role", lambda role: role == "a"),
    "role ne 'b'": lambda record: record.get("role") != "b",
    "role.isin(['a','b'])": is_there("role", lambda role: role in "ab"),
    "['a','c'].includes(role)": is_there("role", lambda role: role in "ac"),
    'role %in% c("b")': is_there("role", lambda role: role == "b"),
    "role not in ['a','c']": lambda record: record.get("role") not in {"a", "c"},
    "startswith(title,'a')": is_there("title", lambda title: title.startswith("a")),
    "contains(title,'x') eq false": lambda record: "x" not in record.get("title", ""),
    "substringof('x',title)": is_there("title", lambda title: "x" in title),
    "title.isna()": lambda record: "title" not in record,
    "title.notna()": lambda record: "title" in record,
    "Q(score__lte=5, role='a')": lambda record: (
        record.get("score", 9) <= 5 and record.get("role") == "a"
    ),
    "exclude(score__gt=5)": lambda record: record.get("score", 0) <= 5,
}


def joined(inner):
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(st.sampled_from(["and", "&&", "&"]), two).map(both),
        st.tuples(st.sampled_from(["or", "||", "|"]), two).map(either),
        st.tuples(st.sampled_from(["not ", "!", "~"]), inner).map(negated),
    )


def both(drawn):
    sign, ((first, is_first), (second, is_second)) = drawn
    return f"({first}) {sign} ({second})", lambda one: is_first(one) and is_second(one)


def either(drawn):
    sign, ((first, is_first), (second, is_second)) = drawn
    return f"({first}) {sign} ({second})", lambda one: is_first(one) or is_second(one)


def negated(drawn):
    sign, (inner, is_inner) = drawn
    return f"{sign}({inner})", lambda one: not is_inner(one)


conditions = st.recursive(st.sampled_from(list(TERMS.items())), joined, max_leaves=5)


@given(conditions)
def test_what_is_written_for_a_condition_means_the_same(condition):
    written, is_true = condition
    program = of_program(written)
    if program is not None:
        filters = fl.parse(list(program.filters))
        assert [fl.matches(filters, one) for one in RECORDS] == [bool(is_true(r)) for r in RECORDS]


@given(st.sampled_from(list(TERMS)))
def test_each_term_is_known(written):
    program = of_program(f"({written}) and role.notna()")
    assert program is not None
