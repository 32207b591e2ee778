"""The formats of files: the ends of their names, their first bytes, and which can be written.

A format joins by a row in `FORMATS`; what reads it stands in the module of its kind.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

Kind = Literal["json", "cells", "rows", "table"]
"""How records stand in a file: as JSON, as rows of cells or of values, or as batches of pyarrow.

What is JSON or cells may come from a pipe as it is, and is written compressed where the name says
so. A table is kept in a temporary file where it can't be read from its place.
"""


class Format(NamedTuple):
    """A format of files.

    Fields: `name`, as `--input-format` and `format=` have it; `title`, as people call it;
    `endings` of names, with their dots; `kind`, which says who reads it; `magics`, with one of
    which each file begins, none where that doesn't tell; `member`, the file in it by which it is
    known where it is a zip archive; `is_written`, whether it can be written, too.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    kind: Kind
    magics: tuple[bytes, ...] = ()
    member: str | None = None
    is_written: bool = True


ARROW_STREAM = b"\xff\xff\xff\xff"
"""What Arrow begins with in the form that is sent through pipes."""

FORMATS = (
    Format("jsonl", "JSON Lines", (".jsonl", ".ndjson"), "json"),
    Format("json", "JSON in any shape", (".json",), "json"),
    Format("csv", "CSV", (".csv",), "cells"),
    Format("tsv", "TSV", (".tsv",), "cells"),
    Format("parquet", "Parquet", (".parquet",), "table", (b"PAR1",)),
    # The first version of Feather begins with FEA1, which its reader refuses in its own words.
    Format(
        "arrow",
        "Arrow, Feather",
        (".arrow", ".feather", ".ipc"),
        "table",
        (b"ARROW1", ARROW_STREAM, b"FEA1"),
    ),
    Format("orc", "ORC", (".orc",), "table", (b"ORC",), is_written=False),
    Format("avro", "Avro", (".avro",), "rows", (b"Obj\x01",), is_written=False),
    Format("xlsx", "xlsx", (".xlsx", ".xlsm"), "rows", member="xl/workbook.xml", is_written=False),
)

FORMAT_OF = {ending: format_ for format_ in FORMATS for ending in format_.endings}
"""The format of each end of a name."""
FORMAT_NAMED = {format_.name: format_ for format_ in FORMATS}


def format_of_name(name: str) -> Format | None:
    """Return the format that the end of a name tells, without one of a compression."""
    return FORMAT_OF.get(Path(name).suffix.lower())


def format_of_content(head: bytes) -> Format | None:
    """Return the format that the first bytes of a file tell, None where they don't."""
    for format_ in FORMATS:
        if head.startswith(format_.magics):
            return format_
    return None


def format_of_members(names: Collection[str]) -> Format | None:
    """Return the format that is known by a file in a zip archive."""
    return next((one for one in FORMATS if one.member is not None and one.member in names), None)
