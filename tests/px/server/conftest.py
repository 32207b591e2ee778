"""A server for the tests of a module; needs the extra `server`, and httpx to speak with it."""

from __future__ import annotations

import pytest

from tests.support.engines import need

need("sqlalchemy", "server")
need("starlette", "server")
need("uvicorn", "server")
need("httpx", "test")

from filterlang.testing import local_server  # noqa: E402 — what it needs is asked for first


@pytest.fixture(scope="session")
def served():
    """One server with the sample data for all tests."""
    with local_server() as server:
        yield server


@pytest.fixture
def server(served):
    """The server as it was at first."""
    served.reset()
    return served


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client
