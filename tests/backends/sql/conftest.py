"""All engines with the table of the corpus; needs the extra `sql`."""

from __future__ import annotations

import pytest

from tests.support.engines import need

need("sqlalchemy", "sql")

from sqlalchemy import create_engine  # noqa: E402 — what it needs is asked for first

from filterlang.backends.sql import register  # noqa: E402 — as above
from tests.backends.sql.server import mariadb, postgresql  # noqa: E402 — as above
from tests.backends.sql.tables import fill  # noqa: E402 — as above


@pytest.fixture(scope="session")
def sqlite_engine():
    engine = create_engine("sqlite://")
    register(engine)
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine():
    need("psycopg", "dev")
    with postgresql() as url:
        engine = create_engine(url)
        fill(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def mariadb_engine():
    need("pymysql", "mariadb")
    with mariadb() as url:
        engine = create_engine(url)
        fill(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql", "mariadb"])
def engine(request):
    return request.getfixturevalue(f"{request.param}_engine")
