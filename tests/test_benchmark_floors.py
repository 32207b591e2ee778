"""The benchmark compares what gives the same answers, with code that is as good as it can be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from filterlang import compile as compile_filters
from filterlang import parse, unparse
from tests.benchmarks import cases, floors
from tests.benchmarks.__main__ import SECTIONS
from tests.benchmarks.report import Table, write_section
from tests.support.engines import need

each_case = pytest.mark.parametrize("name", cases.MATCHING)


@pytest.mark.parametrize("clauses", [1, 3, 1000])
def test_the_parser_by_hand_reads_what_is_measured(clauses):
    for text in cases.texts(max(3000 // clauses, 3), clauses):
        assert floors.parse(text) == parse(text)
        assert unparse(parse(text)) == [text], "the floor relies on canonical text"


def test_the_parser_by_hand_reads_the_texts_of_the_peers():
    for text in cases.plain_texts(300):
        assert floors.parse(text) == parse(text)
        assert unparse(parse(text)) == [text]


def test_no_text_is_measured_twice():
    texts = cases.texts(2000, 3)
    assert len({clause for text in texts for clause in text.split(";")}) == 6000
    assert len(set(cases.plain_texts(2000))) == 2000


def test_every_case_has_a_floor():
    assert floors.MATCHING.keys() == cases.MATCHING.keys()


@each_case
def test_the_condition_by_hand_gives_our_verdicts(name):
    case, floor = cases.MATCHING[name], floors.MATCHING[name]
    matcher = compile_filters(case.texts)
    verdicts = [matcher(record) for record in case.records]
    assert [bool(floor.call(record)) for record in case.records] == verdicts
    selected = [record for record, verdict in zip(case.records, verdicts, strict=True) if verdict]
    assert floor.select(case.records) == selected
    assert list(matcher.filter(case.records)) == selected


@each_case
def test_the_verdicts_of_a_case_are_mixed(name):
    case = cases.MATCHING[name]
    matching = len(floors.MATCHING[name].select(case.records))
    assert 0.05 * len(case.records) < matching < 0.6 * len(case.records)


def test_the_records_are_as_varied_as_real_ones():
    records = cases.records()
    assert len(records) == cases.COUNT
    for name in ("role", "title", "score"):
        assert any(name not in record for record in records)
        assert any(name in record and record[name] is None for record in records)
    assert any(not (record.get("title") or "").isascii() for record in records)
    assert cases.records() == cases.records.__wrapped__(), "a seed makes the same ones again"


def test_the_document_has_a_place_for_the_tables_of_each_section(tmp_path):
    document = tmp_path / "performance.md"
    shutil.copy(Path(__file__).resolve().parents[1] / "docs" / "performance.md", document)
    for name in SECTIONS:
        write_section(document, name, [Table(f"Title of {name}", ["a", "b|c"], [["1", "2"]])])
    once = document.read_text(encoding="utf-8")
    for name in SECTIONS:
        assert f"**Title of {name}**\n\n| a | b\\|c |\n| ---: | ---: |\n| 1 | 2 |\n" in once
        write_section(document, name, [Table(f"Title of {name}", ["a", "b|c"], [["1", "2"]])])
    assert document.read_text(encoding="utf-8") == once
    with pytest.raises(ValueError, match="has no section between"):
        write_section(document, "other", [])


@pytest.mark.slow
def test_the_programs_find_the_same(tmp_path):
    need("duckdb", "bench")
    need("polars", "polars")
    from tests.benchmarks import programs

    programs.write_files(tmp_path, 200)
    cases = [programs.Case(name, task, 1) for name in programs.FORMATS for task in programs.TASKS]
    programs.expect_same(tmp_path, cases, tmp_path / "bytecode")
