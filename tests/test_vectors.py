"""Every conformance vector, on every target: one thin adapter a target.

`grammar/vectors/README.md` describes the files. A new target is one more function in `TARGETS`.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import jsonschema
import pytest

import filterlang as fl
from filterlang.schema.binding import bind_all
from filterlang.semantics.judge import holds
from filterlang.testing.conformance import value_of
from tests.tools import write_levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Case = dict[str, Any]

FOLDER = Path(__file__).parent.parent / "grammar" / "vectors"
FILES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
    if path.name != "vectors.schema.json"
}

EXPECTED_FAILURES: dict[tuple[str, str], str] = {}
"""(target, name of the case) → why it doesn't hold yet. One that begins to hold fails the tests."""


# --- Values ---------------------------------------------------------------------------------------


def as_object(fields: dict[str, Any]) -> SimpleNamespace:
    """Make an object of a mapping, or raise `LookupError` where it would mean something else."""
    if any("." in key or key.startswith("_") for key in fields):
        message = "attributes have no dots, and those that begin with _ are missing"
        raise LookupError(message)
    return SimpleNamespace(**fields)


class Row:
    """A record as databases hand it over: keys and indexing, but no `Mapping`."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._values = fields

    def keys(self) -> list[str]:
        return list(self._values)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]


def record_of(case: Case, mapping: Callable[[dict[str, Any]], object] = dict) -> Any:
    data = case["record"]
    return value_of(FILES["match"]["records"][data] if isinstance(data, str) else data, mapping)


@cache
def schema_named(name: str) -> fl.Schema:
    return fl.Schema.from_dict(FILES["match_schema"]["schemas"][name])


def schema_of(case: Case) -> fl.Schema | None:
    return schema_named(case["schema"]) if "schema" in case else None


def has_object_form(case: Case) -> bool:
    try:
        record_of(case, as_object)
    except LookupError:
        return False
    return True


# --- Targets --------------------------------------------------------------------------------------


def nodes(clauses: list[dict[str, str]]) -> fl.Filter:
    return fl.Filter(
        fl.Clause(
            clause["name"],
            clause["operator"],
            fl.Pattern(clause["pattern"]) if "pattern" in clause else clause["expression"],
        )
        for clause in clauses
    )


def parser(case: Case) -> None:
    if "text" in case:
        assert fl.parse_filter(case["text"]) == nodes(case["filter"])
    else:
        assert fl.parse(case["texts"]) == fl.FilterSet(map(nodes, case["filters"]))


def printed(case: Case) -> None:
    """Print the nodes that a text stands for; their texts are canonical and give them back."""
    for filter_ in map(nodes, [case["filter"]] if "text" in case else case["filters"]):
        assert fl.parse_filter(str(filter_)) == filter_


def canonical(case: Case) -> None:
    filter_ = fl.parse_filter(case["text"])
    assert str(filter_) == case["canonical"]
    assert fl.parse_filter(case["canonical"]) == filter_


def encode(case: Case) -> None:
    filters = fl.parse(case["texts"])
    options = {"dialect": case["dialect"]} if "dialect" in case else {}
    if "refused" in case:
        for write in (fl.to_query, fl.to_params):
            with pytest.raises(fl.UnsupportedError):
                write(filters, **options)
    else:
        query, params = case["query"], list(map(tuple, case["params"]))
        assert fl.to_query(filters, **options) == query
        assert fl.from_query(query) == fl.from_params(params) == filters
        assert parse_qsl(query) == fl.to_params(filters, **options) == params


def encode_and_back(case: Case) -> None:
    filters = fl.parse(case["texts"])
    assert fl.from_query(fl.to_query(filters)) == filters
    assert fl.from_params(fl.to_params(filters)) == filters


def decode(case: Case) -> None:
    if "query" in case:
        filters = fl.from_query(case["query"])
    else:
        filters = fl.from_params(map(tuple, case["params"]))
    assert fl.unparse(filters) == case["canonical"]


def matcher(case: Case) -> None:
    assert fl.compile(case["filters"], schema=schema_of(case))(record_of(case)) is case["matches"]


def matcher_filter(case: Case) -> None:
    records = [record_of(case)]
    chosen = records if case["matches"] else []
    assert list(fl.compile(case["filters"], schema=schema_of(case)).filter(records)) == chosen


def matcher_worn_in(case: Case) -> None:
    """Judge the record after many odd ones, which make a matcher change its ways."""
    compiled = fl.compile(case["filters"], schema=schema_of(case))
    for _ in range(100):
        compiled(None)
    assert compiled(record_of(case)) is case["matches"]


def interpreter(case: Case) -> None:
    filters, record = fl.parse(case["filters"]), record_of(case)
    found = not len(filters) or any(
        holds(bind_all(each, schema_of(case)), record) for each in filters
    )
    assert found is case["matches"]


def explain(case: Case) -> None:
    assert (
        fl.compile(case["filters"], schema=schema_of(case)).explain(record_of(case)).matched
        is case["matches"]
    )


def on_objects(case: Case) -> None:
    assert (
        fl.matches(case["filters"], record_of(case, as_object), schema=schema_of(case))
        is case["matches"]
    )


def on_other_mappings(case: Case) -> None:
    for mapping in (MappingProxyType, Row):
        record = record_of(case, mapping)
        found = fl.matches(case["filters"], record, schema=schema_of(case))
        assert found is case["matches"]


def refused(case: Case) -> None:
    try:
        if "query" in case:
            fl.from_query(case["query"])
        elif "params" in case:
            fl.from_params(map(tuple, case["params"]))
        elif "one" in case:
            fl.parse_filter(case["texts"][0])
        else:
            fl.parse(case["texts"])
    except fl.FilterError:
        assert case["invalid"]
    else:
        assert not case["invalid"]


def json_form(case: Case) -> None:
    if "texts" in case:
        filters = fl.parse(case["texts"])
        assert fl.to_json_obj(filters) == case["json"]
        assert fl.from_json_obj(case["json"]) == filters
    elif "canonical" in case:
        assert fl.unparse(fl.from_json_obj(case["json"])) == case["canonical"]
    else:
        with pytest.raises(fl.FilterSyntaxError):
            fl.from_json_obj(case["json"])


def as_data(diagnostics: Iterable[fl.Diagnostic]) -> list[dict[str, Any]]:
    """Give diagnostics as the vectors have them."""
    return [
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "span": list(diagnostic.span),
            "source_index": diagnostic.source_index,
        }
        for diagnostic in diagnostics
    ]


def has_error(case: Case) -> bool:
    return any(one["severity"] == "error" for one in case["diagnostics"])


def errors(case: Case) -> None:
    options = {"max_length": case["max_length"]} if "max_length" in case else {}
    try:
        if "query" in case:
            fl.from_query(case["query"], **options)
        elif "params" in case:
            fl.from_params(map(tuple, case["params"]), **options)
        elif "one" in case:
            fl.parse_filter(case["texts"][0], **options)
        else:
            fl.parse(case["texts"], **options)
    except fl.FilterError as error:
        assert as_data(error.diagnostics) == case["diagnostics"]  # noqa: PT017 — or it is accepted
        str(error)  # Whatever the text, its errors can be shown.
    else:
        # What is accepted may still have been hardly meant; then only `check` says so.
        assert not has_error(case)


def check(case: Case) -> None:
    options = {"max_length": case["max_length"]} if "max_length" in case else {}
    schemas = FILES["errors"]["schemas"]
    schema = fl.Schema.from_dict(schemas[case["schema"]]) if "schema" in case else None
    report = fl.check(case["texts"], schema, **options)
    assert as_data(report.diagnostics) == case["diagnostics"]
    assert report.ok is not has_error(case)
    assert report.fixed == case["fixed"]


MATCHING: list[Callable[[Case], None]] = [
    matcher,
    matcher_filter,
    matcher_worn_in,
    interpreter,
    explain,
    on_objects,
    on_other_mappings,
]
TARGETS: dict[str, list[Callable[[Case], None]]] = {
    "parse": [parser, printed],
    "canonical": [canonical],
    "encode": [encode, encode_and_back],
    "decode": [decode],
    "refused": [refused],
    "json": [json_form],
    "match": MATCHING,
    "match_schema": MATCHING,
    "errors": [errors, check],
}

APPLIES: dict[Callable[[Case], None], Callable[[Case], bool]] = {
    on_objects: has_object_form,
    # Reading a filter takes no schema.
    errors: lambda case: "schema" not in case,
    # A query string is not what `check` takes, and to it an empty text is no filter.
    check: lambda case: "texts" in case and "one" not in case,
}
"""For targets that not every case of their file is about: which cases are."""


BLOCK = 25
"""So many cases are one test: a test of its own for each would take longer than the case."""


def applicable() -> Iterator[tuple[Callable[[Case], None], list[Case]]]:
    for file, targets in TARGETS.items():
        for target in targets:
            applies = APPLIES.get(target, lambda _: True)
            yield target, [case for case in FILES[file]["cases"] if applies(case)]


def vectors() -> Iterator[Any]:
    for target, found in applicable():
        holding = [
            case for case in found if (target.__name__, case["name"]) not in EXPECTED_FAILURES
        ]
        for start in range(0, len(holding), BLOCK):
            block = holding[start : start + BLOCK]
            yield pytest.param(target, block, id=f"{target.__name__}-{block[0]['name']}")


def failing() -> Iterator[Any]:
    for target, found in applicable():
        for case in found:
            reason = EXPECTED_FAILURES.get((target.__name__, case["name"]))
            if reason:
                mark = pytest.mark.xfail(reason=reason, strict=True)
                yield pytest.param(target, [case], marks=mark, id=case["name"])


@pytest.mark.parametrize(("target", "block"), [*vectors(), *failing()])
def test_vectors(target, block):
    """Each case from the one that the test is called after holds; all that don't are shown."""
    errors = []
    for case in block:
        try:
            target(case)
        except Exception as error:  # noqa: BLE001 — all of them are raised below
            error.add_note(f"in the vector {case['name']!r}")
            errors.append(error)
    if errors:
        message = f"{len(errors)} of {len(block)} vectors"
        raise ExceptionGroup(message, errors)


# --- The files themselves -------------------------------------------------------------------------


def cases() -> list[Case]:
    return [case for data in FILES.values() for case in data["cases"]]


def test_every_file_has_its_targets():
    assert FILES.keys() == TARGETS.keys()


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_a_file_fits_the_schema(file):
    schema = json.loads((FOLDER / "vectors.schema.json").read_text(encoding="utf-8"))
    checker = jsonschema.validators.validator_for(schema)
    checker.check_schema(schema)
    jsonschema.validate(FILES[file], schema, cls=checker)


def test_there_are_many_cases():
    assert len(cases()) >= 2500


def test_levels_and_requirements_are_written_as_the_cases_have_it():
    for name in write_levels.file_names():
        text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
        assert text == write_levels.with_levels(name, text), (
            "run: python -m tests.tools.write_levels"
        )
        assert all("level" in case for case in FILES[name]["cases"]), name
    text = (FOLDER / "refused.json").read_text(encoding="utf-8")
    assert text == write_levels.refused(), "run: python -m tests.tools.write_levels"


def test_all_files_have_one_version():
    assert len({(data["format"], data["version"]) for data in FILES.values()}) == 1


def test_names_are_unique():
    assert [
        name for name, count in Counter(case["name"] for case in cases()).items() if count > 1
    ] == []


def test_shared_records_are_there_and_used():
    used = {case["record"] for case in FILES["match"]["cases"] if isinstance(case["record"], str)}
    assert used == FILES["match"]["records"].keys()


def test_expected_failures_are_of_vectors():
    """A case that was renamed or a target that went must not leave its excuse behind."""
    known = {
        (target.__name__, case["name"])
        for file, targets in TARGETS.items()
        for target in targets
        for case in FILES[file]["cases"]
    }
    assert EXPECTED_FAILURES.keys() <= known
