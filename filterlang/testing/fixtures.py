"""The API as fixtures of pytest: `pytest_plugins = ["filterlang.testing.fixtures"]` in conftest.py.

Both serve the sample data; who wants other records makes a fixture with `local_server`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.missing_packages import needed

# No extra brings it: who has tests of pytest has it.
with needed("filterlang.testing.fixtures", None, "pytest"):
    import pytest

from filterlang.testing.local_server import local_server

if TYPE_CHECKING:
    from collections.abc import Generator

    from filterlang.testing.local_server import LocalServer


@pytest.fixture
def px_server() -> Generator[LocalServer]:
    """A server in the process of the test."""
    with local_server() as server:
        yield server


@pytest.fixture
def px_server_on_port() -> Generator[LocalServer]:
    """A server on a free port of this machine."""
    with local_server(on_port=True) as server:
        yield server
