"""Whoever chooses between the tests of bound clauses is told by the type checker of a new one."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.package_copy import PACKAGE, PackageCopy
from tests.support.engines import need

TESTS = "filterlang.semantics.tests"
MEMBERS = {"Never", "Always", "Equals", "Within", "Like"}

OUTSIDE = '''
class Outside(NamedTuple):
    """The values that lie outside of two ends pass."""

    low: End
    high: End

'''


def imported(module):
    """Give what a module imports from the tests, for type checkers alone or not."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == TESTS
        for alias in node.names
    }


@pytest.mark.slow
def test_a_sixth_kind_of_test_is_an_error_of_types_wherever_one_is_chosen(tmp_path):
    need("mypy", "dev")
    choosing = {
        str(module.relative_to(PACKAGE))
        for module in PACKAGE.rglob("*.py")
        if imported(module) & {"Test", *MEMBERS}
    }
    assert choosing

    copy = PackageCopy(tmp_path)
    copy.edit(
        "semantics/tests.py",
        (
            "\nTest = Never | Always | Equals | Within | Like\n",
            OUTSIDE + "\nTest = Never | Always | Equals | Within | Like | Outside\n",
        ),
    )
    # With options of its own, so that nothing depends on where the tests run.
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\n", encoding="utf-8")
    mypy = ("-m", "mypy", "--config-file=mypy.ini", "--cache-dir=cache")
    said = copy.run(*mypy, "filterlang", status=1)
    missed = r'(?m)^filterlang/(.*?):\d+: error: Argument 1 to "assert_never" has .* type "Outside"'
    # The home of the tests chooses between them, too; whoever adds one is there already.
    assert set(re.findall(missed, said)) - {"semantics/tests.py"} == choosing
