"""The corpus on each engine: the matcher's rows, and how much of it is pushed down."""

from __future__ import annotations

import polars as pl
import pytest

import filterlang as fl
from filterlang import Schema
from filterlang.backends.frames import Outcome, explain_plan, to_polars, where
from filterlang.testing import assert_same_rows
from tests.backends.frames.corpus import FILTERS, RECORDS
from tests.backends.frames.engines import FRAMES, IN_MEMORY, LAZY, ids

# pandas holds a map as a list of pairs, and only a schema tells it from one.
SCHEMA = Schema({"attrs": {"type": "map"}})
TEXTS_OF_DOUBLES = {"ratio~1*", "ratio~*e*", "ratio~inf*", "ratio~0", "ratio~*.125"}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("engine", IN_MEMORY)
def test_frames_in_memory_give_the_rows_of_the_matcher(engine):
    for text in FILTERS:
        assert_same_rows(
            ids(where(FRAMES[engine], text, SCHEMA, strict=False)), RECORDS, text, SCHEMA
        )


@pytest.mark.parametrize("engine", LAZY)
@pytest.mark.slow
def test_lazy_frames_give_the_rows_of_the_matcher_or_a_superset_if_asked(engine):
    frame = FRAMES[engine]
    for text in FILTERS:
        if text in TEXTS_OF_DOUBLES:
            with pytest.raises(fl.UnsupportedError):
                where(frame, text, strict=False)
            matching = [record["id"] for record in RECORDS if fl.matches(text, record)]
            assert set(matching) <= set(ids(where(frame, text, superset=True, strict=False)))
        else:
            assert_same_rows(ids(where(frame, text, strict=False)), RECORDS, text)


@pytest.mark.parametrize("engine", ["polars", *LAZY])
def test_nearly_all_of_the_corpus_is_pushed_down_whole(engine):
    left = [
        text for text in FILTERS if not explain_plan(FRAMES[engine], text, strict=False).is_whole
    ]
    assert set(left) == TEXTS_OF_DOUBLES
    assert len(FILTERS) - len(left) == 263


@pytest.mark.parametrize(
    ("engine", "pushed"),
    [
        ("pyarrow", 208),
        ("pandas", 250),
        ("pandas on Arrow", 268),
        pytest.param("dask", 250, marks=pytest.mark.slow),
    ],
)
def test_of_other_frames_in_memory_what_they_can_say_is_pushed_down(engine, pushed):
    whole = [
        text
        for text in FILTERS
        if explain_plan(FRAMES[engine], text, SCHEMA, strict=False).is_whole
    ]
    assert len(whole) == pushed


@pytest.mark.slow
def test_an_expression_is_never_null_and_its_negation_is_the_rest():
    frame = FRAMES["polars"]
    texts = [text for text in FILTERS if text not in TEXTS_OF_DOUBLES]
    found = frame.select(
        to_polars(text, frame, strict=False).alias(str(index)) for index, text in enumerate(texts)
    )
    for index, text in enumerate(texts):
        column = found[str(index)]
        # What is constant has one row.
        values = column.to_list() if len(column) == len(frame) else column.to_list() * len(frame)
        assert values == [fl.matches(text, record) for record in RECORDS], text
    rest = frame.filter(~to_polars("score>1;name!=bonn", frame))
    assert_same_rows(set(range(30)) - set(ids(rest)), RECORDS, "score>1;name!=bonn")


def test_filters_are_joined_with_or_and_clauses_with_and():
    texts = ["score>1;name!=bonn;tags==new", "items.browser==firefox;items.product==AP-2", "day=="]
    for frame in FRAMES.values():
        assert_same_rows(ids(where(frame, texts)), RECORDS, texts)


def test_what_is_left_out_of_one_filter_leaves_the_others_as_they_are():
    texts = ["ratio~1*;score>1", "name==bonn;kind==lead"]
    for engine, frame in FRAMES.items():
        if engine in IN_MEMORY:
            assert_same_rows(ids(where(frame, texts)), RECORDS, texts)
        else:
            expected = ["score>1", "name==bonn;kind==lead"]
            assert_same_rows(ids(where(frame, texts, superset=True)), RECORDS, expected)


def test_constants_are_folded():
    outcomes = {
        text: explain_plan(FRAMES["lazy polars"], text, strict=False).parts[0]
        for text in ("small>1000", "small<1000", "unknown==", "unknown==1", "score==x", "score!=x")
    }
    assert {text: (part.outcome, part.reason) for text, part in outcomes.items()} == {
        "small>1000": (Outcome.FOLDED, "never: 'small' holds integers"),
        "small<1000": (Outcome.PUSHED, ""),
        "unknown==": (Outcome.FOLDED, "always: there is no column 'unknown'"),
        "unknown==1": (Outcome.FOLDED, "never: there is no column 'unknown'"),
        "score==x": (Outcome.FOLDED, "never: 'score' holds integers"),
        "score!=x": (Outcome.FOLDED, "always: 'score' holds integers"),
    }
    assert isinstance(where(FRAMES["lazy polars"], "unknown==", strict=False), pl.LazyFrame)
