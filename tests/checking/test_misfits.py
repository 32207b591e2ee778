"""The table of who says which code of a clause that doesn't fit a schema."""

from __future__ import annotations

import pytest

import filterlang as fl
from filterlang.checking.meant_values.held_clause import HeldClause
from filterlang.checking.meant_values.similar_names import Names
from filterlang.checking.schema_misfits.misfits import MISFITS, misfits
from filterlang.diagnostics.diagnostic import Span
from filterlang.diagnostics.messages import MESSAGES
from filterlang.syntax.split import Parts, Placed

SCHEMA = fl.Schema.from_dict(
    {
        "dimensions": {
            "score": "integer",
            "seen": "datetime",
            "active": "boolean",
            "tags": "list of text",
            "type": {"type": "enum", "values": ["LEAD", "USER"]},
            "location": {"type": "object", "fields": {"city": "text"}},
            "old": {"type": "integer", "deprecated": "use score"},
            "secret": {"type": "text", "filterable": False},
            "exact": {"type": "text", "operators": ["=="]},
        }
    }
)

EXAMPLES = {
    "FL502": "old>5",
    "FL503": "secret==x",
    "FL504": "exact!=x",
    "FL505": "location==x",
    "FL506": "active>true",
    "FL507": "tags>a",
    "FL508": "score~1*",
    "FL509": "score==x",
    "FL510": "type==x",
    "FL511": "type~X*",
    "FL512": "seen>1704067200",
    "FL516": "seen==2024-01-31",
    "FL518": "score==1.000",
}


def held(text):
    """Hold the one clause of a text against the schema."""
    clause = fl.parse_filter(text).clauses[0]
    start, end = len(clause.name), len(clause.name) + len(clause.operator)
    parts = Parts(Span(0, start), Span(start, end), clause.operator, Span(end, len(text)))
    found = SCHEMA.find(clause.name)
    return HeldClause(Placed(clause, parts), found, Names(SCHEMA), 0)


def test_each_code_is_in_the_table_or_where_the_table_says():
    of_schemas = {code for code in MESSAGES if code.startswith("FL5")}
    assert of_schemas - set(MISFITS) == {"FL501", "FL513", "FL514", "FL515", "FL517"}
    assert set(MISFITS) == set(EXAMPLES)


@pytest.mark.parametrize("code", MISFITS)
def test_each_says_its_code_and_no_other(code):
    said = {}
    for expected, text in EXAMPLES.items():
        clause = held(text)
        said[expected] = MISFITS[code](clause, clause.found.dimension)
    assert {expected for expected, one in said.items() if one is not None} == {code}
    assert said[code].code == code


@pytest.mark.parametrize("code", MISFITS)
def test_what_is_said_of_a_clause_is_what_the_table_says(code):
    clause = held(EXAMPLES[code])
    one = MISFITS[code](clause, clause.found.dimension)
    assert misfits(clause) == (clause, [one])


@pytest.mark.parametrize("code", sorted(set(MISFITS) - {"FL502", "FL503", "FL504"}))
def test_of_what_is_empty_only_the_name_and_the_operator_matter(code):
    for name, _ in SCHEMA.walk():
        for operator in ("==", "!="):
            clause = held(f"{name}{operator}")
            assert MISFITS[code](clause, clause.found.dimension) is None


def test_the_rest_is_looked_at_where_only_the_spelling_of_the_name_is_wrong():
    mended, said = misfits(held("Score==x"))
    assert mended.found == SCHEMA.find("score")
    assert [(one.code, one.message) for one in said] == [
        ("FL501", "unknown name 'Score'"),
        ("FL509", "'Score' is an integer; 'x' is not one"),
    ]
    unmended, said = misfits(held("scor==x"))
    assert unmended.found is None
    assert [one.code for one in said] == ["FL501"]
