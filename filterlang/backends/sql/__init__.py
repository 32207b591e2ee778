"""Filters → conditions for databases, on SQLAlchemy 2; the extra `sql` brings it.

`where` gives a condition for anyone's `select().where()`, `rows` selects and checks with the
matcher what no database can say exactly, `register` makes a SQLite engine ready, and `folded` is
what an index on text is built on. No character of a filter gets into the text of the SQL: all are
bound parameters. The rows are the matcher's; SQLite, PostgreSQL and MariaDB are tested to give
them.
"""

from __future__ import annotations

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.backends.sql", "sql", "sqlalchemy"):
    from filterlang.backends.sql.fetching import rows
    from filterlang.backends.sql.folding import folded, misfolded
    from filterlang.backends.sql.functions import register
    from filterlang.backends.sql.where_clause import where

__all__ = ["folded", "misfolded", "register", "rows", "where"]
