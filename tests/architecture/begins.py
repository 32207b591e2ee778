"""What is to be seen of the operator `=^`, "begins with", in a copy of the package that has it.

`python begins.py` raises where a room doesn't know it, and writes nothing.
"""

from __future__ import annotations

import filterlang as fl
from filterlang.testing import LeftOut, Reason, evaluators

RECORDS = [
    {"a": "Ada*", "n": 12},
    {"a": "adam", "n": 1},
    {"a": "Madam", "n": 21},
    {"a": None, "n": None},
    {"a": "", "n": 0},
]
VERDICTS = {
    "a=^ADA": [True, True, False, False, False],
    "a=^ada*": [True, False, False, False, False],
    "n=^1": [True, True, False, False, False],
    "a=^A;n=^12": [True, False, False, False, False],
}
SCHEMA = fl.Schema({"a": "text", "n": "integer", "e": fl.Dimension("enum", values=["LEAD"])})

for one in evaluators():
    said = one.ask(list(VERDICTS), RECORDS, None)
    unconnected = [LeftOut(Reason.NOT_CONNECTED)] * len(VERDICTS)
    assert said in (list(VERDICTS.values()), unconnected), (one.name, said)

PLAIN, PATTERN = "a=^ada", "a~ada*"
assert fl.equivalent(PLAIN, PATTERN) is fl.Answer.YES
assert fl.implies("a=^adam", PLAIN) is fl.Answer.YES
assert fl.implies("a==adam", PLAIN) is fl.Answer.YES
assert fl.implies(PLAIN, "a=^adam") is fl.Answer.NO
assert fl.simplify(["a=^adam;a=^ada", "a~ada*"]) == fl.parse("a~ada*")


def codes(text):
    """Give what is said of a text."""
    return [one.code for one in fl.check(text, SCHEMA).diagnostics]


assert codes("n=^1") == codes("n~1*") == ["FL508"]
assert codes("e=^x") == codes("e~x*") == ["FL511"]
assert codes("e=^le") == codes("a=^x") == []
assert "=^" in [one.label for one in fl.complete("a", 1, SCHEMA)]
assert "=^" not in [one.label for one in fl.complete("n", 1, SCHEMA)]
assert fl.complete("e=^L", 4, SCHEMA) == []
assert fl.to_query(fl.parse("a=^x*")) == "filter=a%3D%5Ex%2A"
