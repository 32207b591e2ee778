"""Copies and pickles: every public class stays what it is, in every protocol of pickle."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Annotated, NamedTuple

import pytest
from pydantic import TypeAdapter

import filterlang as fl
from filterlang import F, px, web
from filterlang.backends import files
from filterlang.integrations import pydantic as types
from tests.support.engines import need

need("narwhals", "frames")

from filterlang.backends import frames  # noqa: E402 — what it needs is asked for first

FILTERS = fl.parse(["score>=10;email~*@example.com", "plan==gold"])
FILTER = FILTERS.filters[0]
REPORT = fl.check(["score=10", "scroe>1"], px.USER)
EXPLANATION = fl.compile(FILTERS).explain({"score": [{"a": 1}, 12], "plan": "free"})
FAULT = files.Fault("users.jsonl", 3, "expected an object, found null")


class Sample(NamedTuple):
    """A value, and whatever equals the same of its copies where the value itself doesn't."""

    value: object
    view: object = lambda value: value


SAMPLES = [
    *map(
        Sample,
        [
            fl.Answer.UNKNOWN,
            FILTER.clauses[0],
            fl.complete("score>", 6, px.USER)[0],
            REPORT.diagnostics[0],
            px.USER.find("location").dimension,
            fl.Edit(fl.Span(0, 1), "=="),
            FILTER,
            FILTERS,
            REPORT.diagnostics[0].fixes[0],
            fl.Operator.LIKE,
            FILTER.clauses[1].expression,
            px.USER,
            fl.Span(0, 1),
            REPORT.clauses[0],
            px.LISTS["users"],
            fl.Wildcard.RUN,
            px.ListRequest(FILTERS, 10, "a", "score"),
            px.ListRequest(page_size=2, page_number=3, endpoint="segment", max_page_size=9),
            px.Progress(pages=2, records=200, total=None),
            fl.Schema({"a": "text"}, unknown={"b": "it is in 'a' now"}),
            EXPLANATION,
            web.Limits(filters=3),
            EXPLANATION.filters[0],
            EXPLANATION.filters[0].verdicts[0],
            px.USER.find("location.city"),
            fl.Schema.infer([{"a": 1, "b": [{"c": "x"}]}, {"a": None}]),
            FAULT,
            frames.Outcome.FOLDED,
            frames.PlanPart(0, FILTER.clauses, frames.Outcome.CHECKED, "why"),
            frames.Plan(
                "polars", (frames.PlanPart(0, FILTER.clauses, frames.Outcome.CHECKED, "why"),)
            ),
        ],
    ),
    Sample(REPORT, lambda report: (report.to_dict(), report.filters, report.sources)),
    Sample(fl.check("a==1"), lambda report: (report.to_dict(), report.filters, report.sources)),
    Sample(fl.field("a.b"), lambda field: (repr(field), field > 5)),
    Sample(fl.field("score", schema=px.USER), lambda field: (repr(field), field > 5)),
    Sample(F.a.b, lambda field: (repr(field), field.c > 5)),
    Sample(
        fl.template("a=={x}"),
        lambda template: (template.names, template.fill(x="1")),
    ),
    Sample(F, lambda paths: (repr(paths), paths.c > 5)),
    Sample(fl.compile(FILTERS, schema=px.USER), lambda matcher: (matcher.filters, matcher.schema)),
    Sample(
        fl.FilterIndex({"k": FILTERS}, schema=px.USER),
        lambda index: ([*index], index.schema, index.match({"plan": "gold"})),
    ),
    *(
        Sample(class_(REPORT.diagnostics, REPORT.sources), lambda error: (error.args, str(error)))
        for class_ in (
            fl.FilterError,
            fl.FilterSyntaxError,
            fl.LimitError,
            fl.SchemaError,
            fl.UnsupportedError,
        )
    ),
    *(
        Sample(error, lambda error: (error.args, str(error)))
        for error in (
            px.PageError("expected a page"),
            files.FileError(FAULT),
            web.PayloadError("expected an object"),
        )
    ),
    Sample(types.AsFilter(px.USER, max_length=9), lambda as_type: as_type.json_schema()),
    Sample(
        types.AsFilterSet(px.USER, max_length=9),
        lambda as_type: TypeAdapter(Annotated[fl.FilterSet, as_type]).json_schema(),
    ),
]


@pytest.mark.parametrize(
    "twin_of",
    [
        copy.copy,
        copy.deepcopy,
        *(
            lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol))
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    ],
    ids=["copy", "deepcopy", *map(str, range(pickle.HIGHEST_PROTOCOL + 1))],
)
@pytest.mark.parametrize("sample", SAMPLES, ids=[type(sample.value).__name__ for sample in SAMPLES])
def test_copies_and_pickles_are_whole(sample, twin_of):
    twin = twin_of(sample.value)
    assert type(twin) is type(sample.value)
    assert sample.view(twin) == sample.view(sample.value)


def test_every_public_class_has_a_sample():
    """Beside the public names, whatever is reached through them is among the samples by hand."""
    public = {
        value
        for module in (fl, px, files, frames, web)
        for value in (getattr(module, name) for name in module.__all__)
        if inspect.isclass(value)
    }
    assert public - {type(sample.value) for sample in SAMPLES} == set()
