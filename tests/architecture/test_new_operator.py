"""An operator without a meaning is read and written, and answered for on no road."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.architecture.package_copy import PackageCopy
from tests.support.engines import need

for name, extra in {
    "dask": "dask",
    "duckdb": "dev",
    "narwhals": "frames",
    "pandas": "dev",
    "polars": "polars",
    "pyarrow": "files",
    "sqlalchemy": "sql",
}.items():
    need(name, extra)

ROADS = Path(__file__).with_name("roads.py")
BEGINS = Path(__file__).with_name("begins.py")
WRITE_SCANNER = """
from pathlib import Path
from filterlang.syntax import parser
target = Path(parser.__file__).with_name("_scanner.py")
target.write_text(parser.scanner_source(), encoding="utf-8")
"""
SAID = (
    "NotImplementedError: the operator '=^' has no meaning: give it one in"
    " filterlang.semantics.tests"
)
READ_AND_WRITTEN = """
import filterlang as fl
filters = fl.parse("name=^x")
assert filters == fl.from_query(fl.to_query(filters)) == fl.from_json_obj(fl.to_json_obj(filters))
print(*fl.unparse(filters))
"""
TEST = "def _test(operator: Operator, expression: str, kind: Kind) -> Test:\n"
MEANING = """\
    if operator is Operator.BEGINS:
        return _of_pattern(Pattern.from_parts([expression, Wildcard.RUN]))[kind]
"""
# Where the grammar may take it, and what the table says of a pattern accordingly.
TERMINALS = {"ORDER: /": "False", "LIKENESS: /": "True"}


def with_spelling(folder, terminal, is_negative, has_pattern, asks_text):
    """Copy the package, and add an operator to the table and the grammar."""
    row = f"('%3D%5E', {is_negative}, False, {has_pattern}, False, {asks_text}, False)"
    copy = PackageCopy(folder)
    copy.edit("grammar/filter.lark", (terminal, terminal + r"=\^|"))
    copy.edit(
        "syntax/operators.py",
        ('    GE = ">="\n', '    GE = ">="\n    BEGINS = "=^"\n'),
        ("}  # fmt: skip", f"    Operator.BEGINS: {row},\n}}  # fmt: skip"),
    )
    copy.run("-c", WRITE_SCANNER)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("is_negative", ["False", "True"])
def test_an_operator_without_a_meaning_is_answered_for_on_no_road(tmp_path, terminal, is_negative):
    """What is added to the operators alone raises on each road, before any record is looked at."""
    has_pattern = TERMINALS[terminal]
    copy = with_spelling(tmp_path, terminal, is_negative, has_pattern, has_pattern)
    assert copy.run("-c", READ_AND_WRITTEN) == "name=^x\n"

    raised, answered = json.loads(copy.run(ROADS, "name=^x"))
    assert answered == {}
    assert set(raised.values()) == {SAID}


@pytest.mark.slow
def test_an_operator_is_given_a_meaning_in_one_place(tmp_path):
    """As docs/contributing/add-an-operator.md says: the library needs no more than is done here."""
    copy = with_spelling(tmp_path, "ORDER: /", "False", "False", "True")
    copy.edit(
        "semantics/tests.py",
        ("Operator.GE | Operator.LIKE:", "Operator.GE | Operator.LIKE | Operator.BEGINS:"),
        (TEST, TEST + MEANING),
    )
    copy.edit(
        "checking/completion.py",
        ('"is at least",\n', '"is at least",\n    Operator.BEGINS: "begins with",\n'),
    )
    copy.run(BEGINS)
    raised, answered = json.loads(copy.run(ROADS, "name=^A"))
    assert raised == {}
    assert "matches of text, which looked at a record" in answered


@pytest.mark.slow
def test_all_roads_are_open_to_an_operator_with_a_meaning(tmp_path):
    """No road raises for another reason than the operator; and the records note who looks."""
    raised, answered = json.loads(PackageCopy(tmp_path).run(ROADS, "name==Ada"))
    assert raised == {}
    assert "matches of text, which looked at a record" in answered
