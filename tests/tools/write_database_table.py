"""The table of docs/how-to/match-in-databases.md: what each engine says exactly.

`python -m tests.tools.write_database_table` writes it into the page; a test proves it current.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    ARRAY,
    CHAR,
    JSON,
    REAL,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    Numeric,
    Text,
    Uuid,
)
from sqlalchemy.dialects import mssql, postgresql, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.dialects.postgresql import JSONB

from filterlang import Schema, UnsupportedError
from filterlang.backends.sql.where_clause import where

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "match-in-databases.md"
START, END = "<!-- pushdown: generated -->\n", "<!-- /pushdown -->\n"

TYPES = {
    "`Text`, `String`": Text(),
    "`Integer`": Integer(),
    "`Float`": Float(),
    "`Double`": Double(),
    "`REAL`": REAL(),
    "`Numeric`": Numeric(),
    "`Numeric(10, 2, asdecimal=False)`": Numeric(10, 2, asdecimal=False),
    "`CHAR(5)`": CHAR(5),
    "`Boolean`": Boolean(),
    "`Date`": Date(),
    "`DateTime`": DateTime(),
    "`Enum`": Enum("a", "b", name="kinds"),
    "`Uuid`": Uuid(),
    "`LargeBinary`, `Time`, `Interval`": Interval(),
    "`ARRAY(Text)`": ARRAY(Text),
    "`JSONB`, no schema": JSON().with_variant(JSONB(), "postgresql"),
    "`JSON`, no schema": JSON(),
}
ASKED = {
    "`==` `!=`": "v==9007199254740993",
    "order": "v>9007199254740993",
    "patterns": "v~*a?",
    "empty": "v==",
}
JSON_ASKED = {
    "`JSONB`, schema says text": "text",
    "`JSONB`, schema says a number": "number",
    "`JSONB`, schema says a date": "datetime",
}
TEXT_ASKED = {
    "`Text`, schema says a number": "number",
    "`Text`, schema says a date": "datetime",
    "`Text`, schema says a boolean": "boolean",
}
DIALECTS = {
    "SQLite": sqlite.dialect(),
    "PostgreSQL": postgresql.dialect(),
    "MariaDB": MariaDBDialect(),
    "others, not verified": mssql.dialect(),
}


def cell(column, dialect, schema=None):
    """Say what of a column the database says exactly."""
    refused = []
    for name, text in ASKED.items():
        whole = True
        try:
            condition = where({"v": column}, text, schema)
            getattr(condition, "other" if dialect.name == "mssql" else dialect.name).compile(
                dialect=dialect
            )
        except UnsupportedError:
            whole = False
        if not whole:
            refused.append(name)
    if not refused:
        return "all"
    return "nothing" if len(refused) == len(ASKED) else "all but " + ", ".join(refused)


def table():
    lines = [f"| column | {' | '.join(DIALECTS)} |", "|---|" + "---|" * len(DIALECTS)]
    rows = [(name, Column("v", type_), None) for name, type_ in TYPES.items()]
    rows += [
        (name, Column("v", Text()), Schema({"v": type_})) for name, type_ in TEXT_ASKED.items()
    ]
    variant = JSON().with_variant(JSONB(), "postgresql")
    rows += [
        (name, Column("v", variant), Schema({"v": type_})) for name, type_ in JSON_ASKED.items()
    ]
    for name, column, schema in rows:
        cells = [cell(column, dialect, schema) for dialect in DIALECTS.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def current(page):
    before, _, rest = page.partition(START)
    return f"{before}{START}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
