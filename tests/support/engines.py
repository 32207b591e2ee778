"""What tests need that a person may not have installed: skipped there, but a failure in CI."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from types import ModuleType


def need(name: str, extra: str) -> ModuleType:
    """Import a module that the extra `extra` installs, or skip the test or the module that asks.

    With the environment variable FILTERLANG_REQUIRE_ENGINES set, what is missing is a failure, so
    that a run that should try everything can't pass by trying nothing.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # A module that is there, but lacks one of its own, is broken and not missing.
        if error.name != name.partition(".")[0]:
            raise
        absent(f"{name} is not installed: pip install 'filterlang[{extra}]'")


def without_fast(patch: pytest.MonkeyPatch) -> None:
    """Let lines of JSON be read as where the extra `fast` isn't installed."""
    for name in ("fastsimdjson", "msgspec.json"):
        patch.setitem(sys.modules, name, None)


def need_java() -> None:
    """Go on only where Spark finds Java, as `need` does."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        absent("Spark needs Java: apt-get install openjdk-17-jre-headless")


def absent(message: str) -> NoReturn:
    """Skip the test or the module that asks, or fail if nothing may be missing."""
    if os.environ.get("FILTERLANG_REQUIRE_ENGINES"):
        pytest.fail(message)
    pytest.skip(message, allow_module_level=True)
