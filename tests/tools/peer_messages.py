"""Ask the peers what they say of texts: JSON from standard input, JSON to standard output.

It runs in the Python that the peers are installed in, and imports nothing of this project:
`compare_messages` starts it. In goes `{peer: [text, …]}`, out comes
`{peer: {"version": …, "answers": [message or None, …]}}`; None means that nothing was said.
Each peer is given the names and types of the fields if it can use them, and what it accepts is
tried on a record, so that mistakes that it notices only then count as noticed.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from importlib.metadata import version

RECORD = {
    "lastName": "Smith",
    "role": "USER",
    "score": 12,
    "active": True,
    "seen": datetime(2024, 1, 31, tzinfo=UTC),
}


def odata_query():
    """Parse, and translate for a table of SQLAlchemy, which has the names of the fields."""
    import sqlalchemy as sa
    from odata_query.sqlalchemy import apply_odata_core

    types = {str: sa.String, int: sa.Integer, bool: sa.Boolean, datetime: sa.DateTime}
    columns = (sa.Column(name, types[type(value)]) for name, value in RECORD.items())
    table = sa.Table("users", sa.MetaData(), *columns)
    engine = sa.create_engine("sqlite://")
    table.create(engine)

    def ask(text):
        with engine.connect() as connection:
            connection.execute(apply_odata_core(sa.select(table), text)).all()

    return ask


def rule_engine():
    """Compile under the types of the fields, and match the record."""
    import rule_engine

    types = {
        str: rule_engine.DataType.STRING,
        int: rule_engine.DataType.FLOAT,
        bool: rule_engine.DataType.BOOLEAN,
        datetime: rule_engine.DataType.DATETIME,
    }
    fields = {name: types[type(value)] for name, value in RECORD.items()}
    context = rule_engine.Context(type_resolver=rule_engine.type_resolver_from_dict(fields))
    return lambda text: rule_engine.Rule(text, context=context).matches(RECORD)


def luqum():
    """Parse, and look through the tree with the checker that it brings; it knows no fields."""
    from luqum.check import LuceneCheck
    from luqum.parser import parser

    def ask(text):
        said = LuceneCheck().errors(parser.parse(text))
        if said:
            raise ValueError("\n".join(said))

    return ask


def cel_expr_python():
    """Compile under the types of the fields, and evaluate with the record."""
    from cel_expr_python import cel

    types = {
        str: cel.Type.STRING,
        int: cel.Type.INT,
        bool: cel.Type.BOOL,
        datetime: cel.Type.TIMESTAMP,
    }
    environment = cel.NewEnv(variables={name: types[type(value)] for name, value in RECORD.items()})

    def ask(text):
        value = environment.compile(text).eval(data=RECORD)
        if value.type() == cel.Type.ERROR:
            raise ValueError(str(value.value()))

    return ask


def duckdb():
    """Count the rows of a table with one row; what `role` may be is an ENUM."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE users (lastName VARCHAR, role ENUM('ADMIN', 'USER', 'GUEST'),"
        " score INTEGER, active BOOLEAN, seen TIMESTAMP)"
    )
    connection.execute(
        "INSERT INTO users VALUES (?, ?, ?, ?, ?)",
        [*list(RECORD.values())[:-1], RECORD["seen"].replace(tzinfo=None)],
    )

    def ask(text):
        # The texts are our own mistakes, and the database is in memory.
        connection.execute(f"SELECT * FROM users WHERE {text}").fetchall()  # noqa: S608

    return ask


PEERS = {
    "odata-query": odata_query,
    "rule-engine": rule_engine,
    "luqum": luqum,
    "cel-expr-python": cel_expr_python,
    "duckdb": duckdb,
}


def said(ask, text):
    """Return what a peer says of a text, under the name of the error, or None."""
    try:
        ask(text)
    except Exception as error:  # noqa: BLE001 — whatever a peer raises is its answer
        return f"{type(error).__name__}: {error}".rstrip()
    return None


def answers(name, texts):
    """Return the version of a peer and what it says of each text."""
    ask = PEERS[name]()
    return {"version": version(name), "answers": [said(ask, text) for text in texts]}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump({name: answers(name, texts) for name, texts in asked.items()}, sys.stdout)
