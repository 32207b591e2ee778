"""The tables of formats in the page about files: how each is known, read and written.

`python -m tests.tools.write_formats_table` asks, and writes them; a test proves them current.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

import fastavro
import openpyxl
import pyarrow.orc

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.formats import FORMATS
from filterlang.backends.files.opening.compressions import COMPRESSIONS
from filterlang.backends.files.opening.unreadable import UNREADABLE_NAMES

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "match-files.md"
START, END = "<!-- formats: generated -->\n", "<!-- /formats -->\n"
LINES = '{"a": "1", "b": "x"}\n{"a": "2", "b": "y"}\n'


def zipped(data):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data", data)
    return file.getvalue()


def orc(lines):
    table = pyarrow.Table.from_pylist([json.loads(line) for line in lines.splitlines()])
    file = io.BytesIO()
    pyarrow.orc.write_table(table, file)
    return file.getvalue()


def avro(lines):
    fields = [{"name": name, "type": "string"} for name in ("a", "b")]
    file = io.BytesIO()
    records = [json.loads(line) for line in lines.splitlines()]
    fastavro.writer(file, {"type": "record", "name": "R", "fields": fields}, records)
    return file.getvalue()


def xlsx(lines):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    for line in lines.splitlines():
        book.active.append([*json.loads(line).values()])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


SAMPLES = {
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zlib": zlib.compress,
    "zip": zipped,
    "orc": orc,
    "avro": avro,
    "xlsx": xlsx,
}
"""What makes a sample of what isn't written here."""


def is_read(path):
    """Whether the two records come from there."""
    try:
        return [str(one["b"]) for one in read(path, "b~?")] == ["x", "y"]
    except FileError:
        return False


def is_read_from_a_pipe(data):
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(data))
    try:
        return is_read("-")
    finally:
        sys.stdin = before


def written(folder, name):
    """Write the records to a file of this name, and give what it holds; None if that is refused."""
    (folder / "source.jsonl").write_text(LINES)
    try:
        copy("b~?", folder / "source.jsonl", folder / name)
    except FileError:
        return None
    return (folder / name).read_bytes()


def yes(*, holds):
    return "yes" if holds else "no"


def format_row(folder, format_):
    ending = format_.endings[0]
    made = written(folder, f"data{ending}")
    sample = SAMPLES[format_.name](LINES) if made is None else made
    # What divides cells is found out, so that the name of one kind of them does for the other.
    other = folder / ("other.jsonl" if format_.kind == "cells" else "other.csv")
    other.write_bytes(sample)
    (folder / f"packed{ending}.gz").write_bytes(gzip.compress(sample))
    known = "first bytes" if is_read(other) else f"name, `--input-format {format_.name}`"
    named = f"with `--input-format {format_.name}`"
    pipe = "yes" if is_read_from_a_pipe(sample) else named
    packed = yes(holds=is_read(folder / f"packed{ending}.gz"))
    endings = " ".join(f"`{one}`" for one in format_.endings)
    is_written = yes(holds=made is not None)
    return f"| {format_.title} | {endings} | {known} | {pipe} | {packed} | {is_written} |"


def compression_row(folder, kind):
    made = written(folder, f"data.jsonl{kind.endings[0]}")
    sample = SAMPLES[kind.name](LINES.encode()) if made is None else made
    (folder / "other.csv").write_bytes(sample)
    known = "first bytes" if is_read(folder / "other.csv") else "name"
    pipe = yes(holds=is_read_from_a_pipe(sample))
    (folder / "two").write_bytes(sample * 2)
    try:
        several = sum(1 for _ in read(folder / "two", "b~?")) == 4
    except FileError:
        several = False
    endings = " ".join(f"`{one}`" for one in kind.endings)
    is_written = yes(holds=made is not None)
    return f"| {kind.name} | {endings} | {known} | {pipe} | {yes(holds=several)} | {is_written} |"


def tables():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [
            "| format | ends of names | known by | from a pipe | compressed | written |",
            "|---|---|---|---|---|---|",
            *(format_row(folder, one) for one in FORMATS),
            "",
            "| compression | ends of names | known by | from a pipe | several in one | written |",
            "|---|---|---|---|---|---|",
            *(compression_row(folder, one) for one in COMPRESSIONS),
            "",
            f"Recognised, but not read: {', '.join(UNREADABLE_NAMES)}.",
        ]
    return "\n".join(lines) + "\n"


def current():
    """Give the page as it is, and as it should be."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    return page, f"{before}{START}\n{tables()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(current()[1], encoding="utf-8")
