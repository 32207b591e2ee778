"""Names that lead nowhere are errors in tables, whoever reads them; the schema's are missing."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from filterlang import Dimension, Schema, SchemaError, px
from filterlang.backends.frames import explain_plan, to_polars, where
from tests.backends.frames.engines import ENGINES, LAZY, ids

TABLE = pa.table(
    {
        "id": [0, 1],
        "score": [90, 7],
        "tags": [["new"], []],
        "location": [
            {"city": "Bonn", "geo": {"lat": 50.7}},
            {"city": "Rome", "geo": {"lat": 41.9}},
        ],
        "visits": [[{"page": "home"}], [{"page": "faq"}]],
        "attrs": pa.array([[("plan", "gold")], []], pa.map_(pa.string(), pa.string())),
    }
)
# NumPy's columns hold structs as Python's objects, of which nothing is known.
TYPED_ENGINES = [engine for engine in ENGINES if engine not in {"pandas", "dask"}]
UNKNOWN = {
    "scroe!=90": "did you mean 'score'?",
    "Score!=90": "did you mean 'score'?",
    "city!=bonn": "did you mean 'location.city'?",
    "location.cty!=bonn": "did you mean 'location.city'?",
    "location.xyz!=bonn": "the names in 'location' are 'location.city', 'location.geo'",
    "location.geo.latt!=1": "did you mean 'location.geo.lat'?",
    "score.x!=1": "did you mean 'score'?",
    "tags.x!=1": "did you mean 'tags'?",
    "visits.pgae!=home": "did you mean 'visits.page'?",
    "qwertz!=1": "the names are 'id', 'score', 'tags', 'location', 'visits', 'attrs'",
}


@pytest.mark.parametrize("engine", TYPED_ENGINES)
@pytest.mark.parametrize("text", UNKNOWN)
def test_a_name_that_leads_nowhere_is_an_error(engine, text):
    frame = ENGINES[engine](TABLE)
    name = text.partition("!")[0]
    for options in ({}, {"superset": True}, {"strict": True}):
        with pytest.raises(SchemaError) as caught:
            where(frame, ["id==0", f"id==1;{text}"], **options)
        assert str(caught.value) == (
            f"error[FL501]: unknown name '{name}'\n"
            " --> filter 2, column 7\n"
            "  |\n"
            f"  | id==1;{text}\n"
            f"  |       {'^' * len(text)}\n"
            f"hint: {UNKNOWN[text]}"
        )
    assert ids(where(frame, text, strict=False)) == [0, 1]
    with pytest.raises(SchemaError):
        explain_plan(frame, text)
    assert explain_plan(frame, text, strict=False).is_whole


@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_table_or_the_schema_knows_is_none(engine):
    frame = ENGINES[engine](TABLE)
    for text, wanted in {
        "score>50": [0],
        "location.city==bonn": [0],
        "location.geo.lat>50": [0],
        "visits.page==faq": [1],
        "tags==new": [0],
        "attrs.plan==gold": [0],
        "attrs.no.such!=x": [0, 1],
    }.items():
        schema = Schema({"attrs": "map"})
        assert ids(where(frame, text, schema, superset=engine in LAZY)) == wanted, text


@pytest.mark.parametrize("engine", ENGINES)
def test_a_dimension_of_the_schema_that_the_table_lacks_is_missing(engine):
    frame = ENGINES[engine](TABLE)
    for text in ("email!=a", "countryCode!=us", "cityName!=x", "customAttributes.any.thing!=x"):
        assert ids(where(frame, text, px.USER)) == [0, 1], text
    with pytest.raises(SchemaError, match="did you mean 'email'"):
        where(frame, "emial!=a", px.USER)
    with pytest.raises(SchemaError, match="did you mean 'countryCode'"):
        where(frame, "cuontryCode!=us", px.USER)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_open_schema_knows_the_names_that_it_has_alone(engine):
    inner = Dimension("map", fields={"plan": "text"})
    schema = Schema({"email": "text", "more": inner}, is_open=True)
    frame = ENGINES[engine](TABLE)
    for text in ("email!=a", "more.plan!=a", "more.other!=a"):
        assert ids(where(frame, text, schema)) == [0, 1]
    with pytest.raises(SchemaError, match="unknown name 'scroe'"):
        where(frame, "scroe!=90", schema)
    with pytest.raises(SchemaError, match=r"unknown name 'scroe\.x'"):
        where(frame, "scroe.x!=90", schema)
    assert ids(where(frame, "scroe!=90", schema, strict=False)) == [0, 1]


def test_behind_documents_any_name_may_stand():
    objects = pd.DataFrame({"id": [0, 1], "doc": [{"a": 1}, None]})
    assert where(objects, "doc.a==1")["id"].tolist() == [0]
    assert where(objects, "doc.b.c!=1")["id"].tolist() == [0, 1]
    variants = pl.DataFrame({"id": [0], "doc": pl.Series([{"a": 1}], dtype=pl.Object)})
    assert ids(where(variants, "doc.b!=1")) == [0]
    for rows in ([], [1]):
        assert where(objects.iloc[rows], "doc.b.c!=1")["id"].tolist() == rows
        with pytest.raises(SchemaError, match="the names are 'id', 'doc'"):
            where(objects.iloc[rows], "dco.b!=1")


def test_names_that_no_filter_can_write_are_not_suggested():
    frame = pl.DataFrame({"a;b": [1], " c ": [1], "d=e": [1], "f": [1]})
    with pytest.raises(SchemaError, match=r"hint: the names are 'f'$"):
        where(frame, "qqqqqq!=1")
    with pytest.raises(SchemaError, match=r"hint: the names are none$"):
        to_polars("a==1", {})


def test_whole_dotted_columns_are_known_as_they_are():
    frame = pl.DataFrame({"location.city": ["Bonn"], "id": [0]})
    assert ids(where(frame, "location.city==bonn")) == [0]
    with pytest.raises(SchemaError, match=r"did you mean 'location\.city'"):
        where(frame, "location.ctiy==bonn")
    with pytest.raises(SchemaError):
        where(frame, "location!=bonn")


@pytest.mark.parametrize("engine", TYPED_ENGINES)
def test_names_that_end_at_structs_and_lists_are_known(engine):
    frame = ENGINES[engine](TABLE)
    for text in ("location!=", "location.geo!=", "visits!=", "visits.page==home;location!="):
        assert explain_plan(frame, text).parts
