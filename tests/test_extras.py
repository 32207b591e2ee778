"""Who lacks a package that an extra brings is told so, wherever the library is entered."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import filterlang.testing
from filterlang.diagnostics.missing_packages import MissingPackageError, needed

# What is imported, as people import it → what it needs, and the extra that brings it.
ENTERED = {
    "from filterlang.backends.frames import where": ("narwhals", "frames"),
    "from filterlang.backends.frames import to_polars": ("narwhals", "frames"),
    "from filterlang.backends.sql import where": ("sqlalchemy", "sql"),
    "import filterlang.integrations.fastapi": ("fastapi", "fastapi"),
    "import filterlang.integrations.pydantic": ("pydantic_core", "pydantic"),
    "from filterlang.web import filter_box": ("starlette", "web"),
    "import filterlang.px.server.app": ("sqlalchemy", "server"),
    "import filterlang.px.server.database": ("sqlalchemy", "server"),
    "import filterlang.px.server.running": ("uvicorn", "server"),
    "from filterlang.testing import filters": ("hypothesis", "testing"),
    "from filterlang.testing import records": ("hypothesis", "testing"),
    "from filterlang.testing import local_server; local_server().__enter__()": (
        "sqlalchemy",
        "testing",
    ),
    "from filterlang.testing.in_process import load_httpx; load_httpx()": ("httpx", "testing"),
    "import filterlang.testing.fixtures": ("pytest", None),
}
# What the core alone is enough for.
NEEDING_NOTHING = [
    "from filterlang.testing import LocalServer, assert_same_rows, evaluators, local_server",
    "import filterlang.testing; filterlang.testing.vectors('parse')",
    "from filterlang.web import check; check",
]
PACKAGES = "fastapi httpx hypothesis narwhals polars pyarrow pydantic pydantic_core pyspark"
PACKAGES += " pytest sqlalchemy starlette uvicorn"
PROGRAM = """
import json, sys
told = []
for package in sys.argv[1].split():
    sys.modules[package] = None
for code in json.loads(sys.argv[2]):
    try:
        exec(code)
    except ModuleNotFoundError as error:
        told.append([type(error).__name__, error.name, str(error)])
    else:
        told.append(None)
from filterlang.testing import evaluators
found = [one.judge("a==1", [{"a": 1}]) for one in evaluators()]
told.append([None if isinstance(one, list) else [one.reason.name, one.detail] for one in found])
print(json.dumps(told))
"""


def test_what_is_missing_is_told_with_its_extra():
    code = json.dumps([*ENTERED, *NEEDING_NOTHING])
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, PACKAGES, code],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
        cwd=Path(filterlang.__file__).parents[1],
    )
    *told, verdicts = json.loads(finished.stdout)
    for entered, (package, extra), found in zip(ENTERED, ENTERED.values(), told, strict=False):
        assert found is not None, entered
        error, name, message = found
        assert (error, name) == ("MissingPackageError", package), entered
        wanted = package if extra is None else f"'filterlang[{extra}]'"
        assert message.endswith(
            f" needs {package}, which is not installed; run: pip install {wanted}"
        )
    assert told[len(ENTERED) :] == [None] * len(NEEDING_NOTHING)
    # The matcher's own ways need nothing, tables their engines, and servers an address.
    assert verdicts[:8] == [None] * 8
    assert verdicts[8:11] == [["NOT_INSTALLED", "pyarrow, narwhals, polars"]] * 3
    assert ["NOT_INSTALLED", "sqlalchemy"] in verdicts
    assert verdicts[-1] == ["NOT_CONNECTED", ""]


def test_the_message_survives_other_processes():
    for extra in ("testing", None):
        error = MissingPackageError("drawing filters", "hypothesis", extra)
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.name) == (type(error), str(error), "hypothesis")


def test_other_errors_are_left_as_they_are():
    for error in (ModuleNotFoundError(name="other"), ModuleNotFoundError(), OSError()):
        with pytest.raises(type(error)) as caught, needed("this", "extra", "package"):
            raise error
        assert caught.value is error


def test_what_was_asked_for_is_told_and_not_its_part():
    with (
        pytest.raises(
            MissingPackageError, match=r"^the whole needs package, .*'filterlang\[all\]'$"
        ),
        needed("the whole", "all", "package"),
        needed("a part", "part", "package"),
    ):
        raise ModuleNotFoundError(name="package")


def test_a_part_of_a_package_counts_as_the_package():
    with (
        pytest.raises(MissingPackageError, match=r"^this needs package, which is not installed; "),
        needed("this", "extra", "package"),
    ):
        raise ModuleNotFoundError(name="package.part")


def test_strategies_are_loaded_when_they_are_first_used():
    assert set(filterlang.testing.__all__) <= set(dir(filterlang.testing))
    for name in filterlang.testing.__all__:
        assert getattr(filterlang.testing, name) is not None
    with pytest.raises(
        AttributeError, match=r"^module 'filterlang\.testing' has no attribute 'no'$"
    ):
        _ = filterlang.testing.no
