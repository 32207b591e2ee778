"""Each server is started once in a process, when a test first asks for it; clients are cheap."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.wire.clients import CLIENTS
from tests.wire.servers import SERVERS


@pytest.fixture(scope="session")
def started():
    """Give the server of a name, started if it isn't yet; all stop when the tests end."""
    running = {}
    with ExitStack() as stack:

        def start(name):
            if name not in running:
                running[name] = stack.enter_context(SERVERS[name]())
            return running[name]

        yield start


@pytest.fixture(params=SERVERS)
def server(request, started):
    return started(request.param)


@pytest.fixture
def plain_server(started):
    """Where it doesn't matter which server it is: the one that is always there."""
    return started("standard library")


@pytest.fixture(params=CLIENTS)
def client_name(request):
    return request.param


@pytest.fixture
def client(client_name):
    with CLIENTS[client_name]() as ways:
        yield ways
