"""All roads that answer for a filter: `python roads.py FILTER` asks each and says what came of it.

Writes, as JSON, two mappings of roads: to what they raised, and to what they answered. The records
note when they are looked at, and then it is written that they were.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import dask.dataframe as dd
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import sqlalchemy as sa

import filterlang as fl
from filterlang.backends import files, frames, sql
from filterlang.backends.files.scanning.prefilter import Prefilter

SCHEMA = fl.Schema({"name": "text", "score": "number"})
COLUMNS = {"name": ["Ada"], "score": [1.5]}
ARROW = pa.table(COLUMNS)
FRAMES = {
    "polars": pl.DataFrame(COLUMNS),
    "lazy polars": pl.LazyFrame(COLUMNS),
    "pandas": pd.DataFrame(COLUMNS),
    "dask": dd.from_pandas(pd.DataFrame(COLUMNS), npartitions=1),
    "pyarrow": ARROW,
    "duckdb": duckdb.from_arrow(ARROW),
}
USERS = sa.table("users", sa.column("name", sa.Text), sa.column("score", sa.Float))
DOCUMENTS = sa.table("documents", sa.column("record", sa.JSON))

looked_at = []


class Untouched:
    """A record of which nobody may look at anything."""

    def __getattribute__(self, name):
        looked_at.append(name)
        raise AssertionError(name)


RECORD = Untouched()


def roads(text, folder):
    """Give each road by its name, as a call without arguments."""
    parsed = fl.parse(text)
    path = folder / "records.jsonl"
    path.write_text('{"name": "Ada", "score": 1.5}\n', encoding="utf-8")
    for typed, schema in {"": None, ", typed": SCHEMA}.items():
        for kind, given in {"text": text, "nodes": parsed}.items():
            yield from {
                f"{road} of {kind}{typed}": ask
                for road, ask in of_filters(given, schema, path, folder / "copy.jsonl").items()
            }.items()
        yield f"check{typed}", lambda schema=schema: fl.check(text, schema)
        yield (
            f"prefilter{typed}",
            lambda schema=schema: Prefilter.of(SimpleNamespace(filters=parsed, schema=schema)),
        )


def of_filters(filters, schema, path, target):
    """Give the roads that take filters as text and as nodes."""
    typed = {"schema": schema}
    one = {
        "compile": lambda: fl.compile(filters, **typed),
        "matches": lambda: fl.matches(filters, RECORD, **typed),
        "filter": lambda: list(fl.compile(filters, **typed).filter([RECORD])),
        "explain": lambda: fl.compile(filters, **typed).explain(RECORD),
        "index": lambda: fl.FilterIndex({1: filters}, schema),
        "add": lambda: fl.FilterIndex({}, schema).add(1, filters),
        "implies": lambda: fl.implies(filters, "name==Ada", schema),
        "implied": lambda: fl.implies("name==Ada", filters, schema),
        "equivalent": lambda: fl.equivalent(filters, filters, schema),
        "simplify": lambda: fl.simplify(filters, schema),
        "read": lambda: next(files.read(path, filters, **typed)),
        "copy": lambda: files.copy(filters, path, target, **typed),
        "to_polars": lambda: frames.to_polars(filters, FRAMES["polars"].schema, schema),
        "sql of a table": lambda: sql.where(USERS, filters, schema),
        "sql of documents": lambda: sql.where(DOCUMENTS.c.record, filters, schema),
    }
    for engine, frame in FRAMES.items():
        one[f"where in {engine}"] = lambda frame=frame: frames.where(frame, filters, schema)
        one[f"plan in {engine}"] = lambda frame=frame: frames.explain_plan(frame, filters, schema)
    return one


def ask_all(text):
    """Go all roads, and say what came of it."""
    raised, answered = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for road, ask in roads(text, Path(folder)):
            try:
                answered[road] = repr(ask())
            except Exception as error:  # noqa: BLE001 — whatever it is, it is written
                raised[road] = f"{type(error).__name__}: {error}"
            if looked_at:
                answered[f"{road}, which looked at a record"] = looked_at.copy()
                looked_at.clear()
    return raised, answered


if __name__ == "__main__":
    print(json.dumps(ask_all(sys.argv[1])))  # noqa: T201 — its answer
