"""This library's answers to the conformance vectors, by the door that other programs use.

`python -m filterlang.testing.conformance.own_answers` reads a question a line, and writes an answer
a line. It is an example, too, of what such a program is.
"""

from __future__ import annotations

import json
import sys
from typing import IO, TYPE_CHECKING, Any

import filterlang as fl
from filterlang.testing.conformance import value_of
from filterlang.testing.conformance.questions import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Question = dict[str, Any]
    Answer = dict[str, Any]


def _hello(_: Question) -> Answer:
    return {"implementation": "filterlang", "version": fl.__version__, "levels": LEVELS}


def _filters(question: Question) -> fl.FilterSet:
    """Read the filters of a question, however they are given."""
    if "query" in question:
        return fl.from_query(question["query"])
    if "params" in question:
        return fl.from_params([(key, value) for key, value in question["params"]])
    if "one" in question:
        return fl.FilterSet([fl.parse_filter(question["texts"][0])])
    return fl.parse(question["texts"])


def _clauses(filter_: fl.Filter) -> list[dict[str, object]]:
    return [dict(clause) for clause in fl.to_json_obj(filter_)["filters"][0]]


def _parse(question: Question) -> Answer:
    if "text" in question:
        return {"filter": _clauses(fl.parse_filter(question["text"]))}
    return {"filters": [_clauses(filter_) for filter_ in fl.parse(question["texts"])]}


def _canonical(question: Question) -> Answer:
    return {"canonical": str(fl.parse_filter(question["text"]))}


def _encode(question: Question) -> Answer:
    filters = fl.parse(question["texts"])
    dialect = question.get("dialect", "px")
    try:
        return {
            "query": fl.to_query(filters, dialect=dialect),
            "params": fl.to_params(filters, dialect=dialect),
        }
    except fl.UnsupportedError:
        return {"refused": True}


def _decode(question: Question) -> Answer:
    return {"canonical": fl.unparse(_filters(question))}


def _refused(question: Question) -> Answer:
    try:
        _filters(question)
    except fl.FilterError:
        return {"invalid": True}
    return {"invalid": False}


def _match(question: Question) -> Answer:
    schema = fl.Schema.from_dict(question["schema"]) if "schema" in question else None
    matcher = fl.compile(question["filters"], schema=schema)
    return {"matches": matcher(value_of(question["record"]))}


def _json(question: Question) -> Answer:
    if "texts" in question:
        return {"json": fl.to_json_obj(fl.parse(question["texts"]))}
    try:
        return {"canonical": fl.unparse(fl.from_json_obj(question["json"]))}
    except fl.FilterError:
        return {"invalid": True}


def _errors(question: Question) -> Answer:
    limit = {"max_length": question["max_length"]} if "max_length" in question else {}
    if "texts" in question and "one" not in question:
        schema = fl.Schema.from_dict(question["schema"]) if "schema" in question else None
        report = fl.check(question["texts"], schema, **limit)
        return {"diagnostics": _as_data(report.diagnostics), "fixed": report.fixed}
    try:
        _filters(question)
    except fl.FilterError as error:
        return {"diagnostics": _as_data(error.diagnostics)}
    return {"diagnostics": []}


def _as_data(diagnostics: Iterable[fl.Diagnostic]) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "severity": one.severity,
            "span": list(one.span),
            "source_index": one.source_index,
        }
        for one in diagnostics
    ]


_ANSWERS: dict[str, Callable[[Question], Answer]] = {
    "hello": _hello,
    "parse": _parse,
    "canonical": _canonical,
    "encode": _encode,
    "decode": _decode,
    "refused": _refused,
    "match": _match,
    "match_schema": _match,
    "json": _json,
    "errors": _errors,
}


def answer(lines: Iterable[str], output: IO[str]) -> None:
    """Answer each line, and flush, since the next question waits for it.

    Example:
        >>> question = '{"kind": "canonical", "name": "x", "text": "a == 1"}'
        >>> answer([question], sys.stdout)
        {"canonical": "a==1"}
    """
    for line in lines:
        question = json.loads(line)
        print(json.dumps(_ANSWERS[question["kind"]](question)), file=output, flush=True)


if __name__ == "__main__":
    answer(sys.stdin, sys.stdout)
