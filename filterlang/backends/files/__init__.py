"""Records in files, matched: JSON, CSV, TSV, Parquet, Arrow and Feather, of any size.

The rows are those that the matcher gives for the records one by one, whatever makes it faster: with
the extra `fast` only what the filters look at is decoded, and large files of JSON Lines are read by
several processes. Parquet, Arrow, Feather, zstd and lz4 data need the extra `files`.

Formats are told by the first bytes, whatever the name is; only CSV and TSV are told by the ends of
names, `.csv` and `.tsv`. All else is taken for JSON, which may be JSON Lines, values one after the
other, a list, or saved answers of the API. Each may be compressed, by gzip, bz2, xz, lz4, zstd, or
as the one file in a zip archive; what can't be read is told. For the format of a file to be written
the end of its name counts: `.jsonl .ndjson .json .csv .tsv .parquet .arrow .feather .ipc`, of which
the first five may be followed by `.gz .bz2 .xz .lz4 .zst`.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import Fault, FileError
from filterlang.backends.files.limits import MAX_LINE

# For annotations of what `read` gives; nobody makes one, or copies it as other public values.
from filterlang.backends.files.matching_records import Records as Records
from filterlang.diagnostics.diagnostic import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from filterlang.backends.files.selected import Summary
    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Clause, Filter, FilterSet

    Filters = Matcher | FilterSet | Filter | Clause | str | Iterable[str]
    Paths = str | PathLike[str] | Iterable[str | PathLike[str]]

__all__ = ["Fault", "FileError", "copy", "read"]


def read(
    paths: Paths,
    filters: Filters,
    *,
    schema: Schema | None = None,
    format: str | None = None,
    jobs: int | None = None,
    strict: bool = False,
    max_line: int = MAX_LINE,
    records: str | None = None,
    text: bool = False,
    delimiter: str | None = None,
    header: bool = True,
    columns: Iterable[str] | None = None,
    encoding: str | None = None,
    skip: int = 0,
    null: str | Iterable[str] = (),
    decimal: str = ".",
    trim: bool = False,
    report: Callable[[Fault], object] | None = None,
    remark: Callable[[str], object] | None = None,
) -> Records:
    r"""Iterate over the records in files that match, in their order.

    Args:
        paths: a file, folder or glob, or several; `-` is standard input.
        filters: what `filterlang.compile` takes, or what it gives.
        schema: resolves aliases and types values, as in `filterlang.compile`; a matcher has its
            own.
        format: of all files, in the place of what their names tell.
        jobs: how many processes look at a large file of JSON, packed or not. By default one for
            each core, up to 8, for files of 64 MiB and more, or of 16 MiB once unpacked or where
            they aren't plain JSON Lines; and where they can be forked: on Linux, if this process
            has a single thread. Where they can't, a script that asks for several needs
            `if __name__ == "__main__":`, as the module `multiprocessing` says. There are never more
            than 256.
        strict: whether lines that can't match are checked in full, too; with the extra `fast`, and
            in the first 4 MiB, they are anyhow. Otherwise of a line without the texts that the
            filters ask for it is only looked whether it is UTF-8 and may be an object.
        max_line: how many bytes a line of JSON Lines, or a row of CSV or TSV, may have; by default
            64 MiB. A longer one is a fault, and isn't kept in memory.
        records: the name of the list that holds the records of JSON, dotted where it lies deeper;
            `.` where each value is a record, or a list of them. By default it is told by what the
            API's answers look like.
        text: whether the cells of CSV and TSV are texts, whatever they look like. Otherwise a
            column is of numbers or booleans if the schema says so, or without one if its first
            1,000 rows are; then its records hold `int`, `Decimal`, `bool`, and None for empty
            cells.
        delimiter: what divides the cells of CSV and TSV, a character or one of `"comma"`,
            `"semicolon"`, `"tab"`, `"pipe"` and `"space"`. By default it is found out: that one of
            the first four which gives the first row several cells, and each row as many.
        header: whether the first row of CSV, TSV and workbooks has the names of the columns; if
            not, they are called `column_1`, `column_2` and so on.
        columns: the names of the columns of files without a `header`.
        encoding: of texts, as Python calls it. By default they are in UTF-8, or in UTF-16 or UTF-32
            if they begin with its mark.
        skip: how many lines of CSV and TSV, or rows of a workbook, stand before the names, or
            before the first row without a `header`.
        null: a word, or several: cells of CSV, TSV and workbooks with just that count as empty
            ones.
        decimal: what stands before the decimals of numbers in CSV and TSV, `"."` or `","`; a schema
            reads its numbers so, and with `text` it can't be said. Texts of workbooks stay texts.
        trim: whether spaces around the cells of CSV and TSV, and around the texts of workbooks, are
            taken away.
        report: called with each `Fault`, after which reading goes on; without it the first one is
            raised.
        remark: called with each text that somebody should know, but that is no fault: at the end
            what `Records.remarks` holds, and before it what is a warning of Python otherwise, such
            as a column that is left out.

    Returns:
        Records: an iterator, which has `remarks` at its end. Times of tables are in UTC, and have
            a zone if their column has one; nanoseconds, which Python's lack, are cut.

    Raises:
        FileError: for the first fault, unless `report` takes them.
        FilterSyntaxError, LimitError: as `filterlang.compile` does.
        TypeError: for paths, `records`, `null`, flags and functions of a wrong type.
        ValueError: for a format, a number, a delimiter, an encoding, what stands before decimals
            and names of columns that can't be any, of whatever type; for a path with NUL in it, and
            for a schema beside a matcher that has not this one.

    Example:
        >>> import tempfile, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "users.jsonl")
        ...     _ = path.write_text('{"id": 1, "score": 9}\n{"id": 2, "score": 10}\n')
        ...     print(list(read(path, "score>=10")))
        [{'id': 2, 'score': 10}]
    """
    import warnings

    from filterlang.backends.files.call_arguments import asked_of_files, paths_of
    from filterlang.backends.files.reader import Reader
    from filterlang.backends.files.remarks import Remarks

    asked = asked_of_files(
        "format",
        format,
        jobs=jobs,
        strict=strict,
        max_line=max_line,
        records=records,
        text=text,
        delimiter=delimiter,
        header=header,
        columns=columns,
        encoding=encoding,
        skip=skip,
        null=null,
        decimal=decimal,
        trim=trim,
        report=report,
        remark=remark,
    )
    matcher = _matcher(filters, schema, "read(paths, filters)")
    sources = paths_of("paths", paths)
    remarks = Remarks(matcher, text=text)
    reader = Reader(
        _raise if report is None else report,
        options=asked.options,
        sought=remarks.sought,
        remark=warnings.warn if remark is None else remark,
        mistyped=remarks.mistyped,
    )
    selected = reader.select(sources, matcher, jobs=asked.jobs, strict=strict)

    def tell() -> list[str]:
        told = list(remarks.of(reader))
        if remark is not None:
            for one in told:
                remark(one)
        return told

    return Records(selected, tell)


def copy(
    filters: Filters,
    sources: Paths,
    to: str | PathLike[str],
    *,
    schema: Schema | None = None,
    select: Iterable[str] | Mapping[str, str] | None = None,
    format: str | None = None,
    source_format: str | None = None,
    invert: bool = False,
    jobs: int | None = None,
    strict: bool = False,
    max_line: int = MAX_LINE,
    records: str | None = None,
    text: bool = False,
    delimiter: str | None = None,
    header: bool = True,
    columns: Iterable[str] | None = None,
    encoding: str | None = None,
    skip: int = 0,
    null: str | Iterable[str] = (),
    decimal: str = ".",
    trim: bool = False,
    output_delimiter: str | None = None,
    report: Callable[[Fault], object] | None = None,
    remark: Callable[[str], object] | None = None,
) -> Summary:
    r"""Copy the records that match from files to a file, and say how many there were.

    The file is put in its place when it is whole: an error, an interrupt or a full disk leaves what
    was there before. Lines of JSON Lines are copied byte for byte, if to JSON Lines and without
    `select`; but for NaN and infinities, which JSON lacks: null is written for them, and
    told. A mark (BOM) before a line is left out.

    Args:
        filters: what `filterlang.compile` takes, or what it gives.
        sources: a file, folder or glob, or several; `-` is standard input.
        to: the file to write; the end of its name tells its format.
        schema: as in `read`.
        select: the names to write, in this order, dotted ones as keys or columns of that name; or
            what they are to be called, each with the name that is looked for.
        format: of the file to write, in the place of what its name tells.
        source_format: of all sources, in the place of what their names tell.
        invert: whether the records that don't match are copied.
        jobs: as in `read`.
        strict: as in `read`.
        max_line: as in `read`.
        records: as in `read`.
        text: as in `read`.
        delimiter: as in `read`.
        header: as in `read`.
        columns: as in `read`.
        encoding: as in `read`.
        skip: as in `read`.
        null: as in `read`.
        decimal: as in `read`.
        trim: as in `read`.
        output_delimiter: what divides the cells of CSV and TSV that is written, as `delimiter`. By
            default it is what divides those of the first source in that format, else a comma, or a
            tab.
        report: as in `read`; where a source can't be read to its end, but `report` took that, the
            file is called `….partial`.
        remark: as in `read`; among them are names of `select` that no record has. It is called
            before the file is in its place, so what it raises leaves there what was there.

    Raises:
        FileError: for the first fault, unless `report` takes them, and where the file can't be
            written.
        FilterSyntaxError, LimitError: as `filterlang.compile` does.
        TypeError: as in `read`, and for `select` and `to` of a wrong type.
        ValueError: as in `read`; for names of `select` that are one text or there twice, and for a
            `to` that is empty or `-`.

    Example:
        >>> import tempfile, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path, to = pathlib.Path(folder, "users.jsonl"), pathlib.Path(folder, "vip.csv")
        ...     _ = path.write_text('{"id": 1, "score": 9}\n{"id": 2, "score": 10}\n')
        ...     print(copy("score>=10", path, to, select=["id", "score"]))
        ...     print(to.read_text().splitlines())
        Summary(read=2, matched=1, bad=0)
        ['id,score', '2,10']
    """
    import warnings

    from filterlang.backends.files.call_arguments import (
        asked_of_files,
        expect_copying,
        names_selected,
        path_to_write,
        paths_of,
    )
    from filterlang.backends.files.read_options import delimiter_of
    from filterlang.backends.files.reader import Reader
    from filterlang.backends.files.remarks import Remarks
    from filterlang.backends.files.tables.table_schemas import schemas_ahead
    from filterlang.backends.files.typed_texts.texts import selection
    from filterlang.backends.files.writing.outputs import Output
    from filterlang.backends.files.writing.writers import Dividing
    from filterlang.schema.binding import resolved

    asked = asked_of_files(
        "source_format",
        source_format,
        jobs=jobs,
        strict=strict,
        max_line=max_line,
        records=records,
        text=text,
        delimiter=delimiter,
        header=header,
        columns=columns,
        encoding=encoding,
        skip=skip,
        null=null,
        decimal=decimal,
        trim=trim,
        report=report,
        remark=remark,
    )
    expect_copying(format, output_delimiter, invert=invert)
    said = None if output_delimiter is None else delimiter_of(output_delimiter)
    matcher = _matcher(filters, schema, "copy(filters, sources, to)")
    place = path_to_write(to)
    names = selection(names_selected(select))
    if names is not None:
        names = {new: resolved(name, matcher.schema) for new, name in names.items()}
    paths = paths_of("sources", sources)
    wanted = (names or {}).values()
    say = warnings.warn if remark is None else remark
    # Nobody else would hear of what is looked for.
    remarks = None if remark is None else Remarks(matcher, wanted, text=text)
    if remarks is not None:
        remarks.mistyped.inverts = invert
    reader = Reader(
        _raise if report is None else report,
        options=asked.options,
        wanted=wanted,
        sought=None if remarks is None else remarks.sought,
        remark=say,
        mistyped=None if remarks is None else remarks.mistyped,
    )
    dividing = Dividing(said, reader.delimiters)
    with Output(place, format, names, dividing, schemas_ahead(paths, source_format)) as output:
        try:
            for part in reader.select(
                paths, matcher, invert=invert, jobs=asked.jobs, strict=strict
            ):
                output.write(part)
            if not reader.matched and reader.header is not None:
                output.write(reader.header)
            output.complete()
        except FileError as error:
            # What few need is loaded for these.
            from filterlang.backends.files.writing.unwritable import place_of_unwritable

            def matches(record: Mapping[str, object]) -> bool:
                return matcher.matches(record) is not invert

            stands = place_of_unwritable(error, reader.reading, paths, asked.options, matches)
            if stands is not None:
                error.add_note(stands)
            raise
        # Before the file is in its place: what these raise leaves there what was there.
        told = output.told()
        if told is not None and remark is None:
            warnings.warn(f"{place}: {told}", stacklevel=2)
        elif told is not None:
            say(f"{place}: {told}")
        for one in () if remarks is None else remarks.of(reader):
            say(one)
        output.place(is_whole=reader.is_whole)
    return reader.summary


def _raise(fault: Fault) -> None:
    raise FileError(fault)


def _matcher(filters: Filters, schema: Schema | None, order: str) -> Matcher:
    """Compile filters; where they are files, the order of arguments is told.

    Raises:
        ValueError: for a schema beside a matcher that has another one, or none.
    """
    # The command line imports this package for its errors, and may not need to match anything.
    from filterlang.diagnostics.errors import FilterError
    from filterlang.matching.matcher import Matcher, compile

    if isinstance(filters, Matcher):
        if schema is not None and schema != filters.schema:
            message = (
                "schema: the matcher was compiled without this one; give it to "
                "filterlang.compile(filters, schema=…)"
            )
            raise ValueError(message)
        return filters
    try:
        return compile(filters, schema=schema)
    except (FilterError, TypeError) as error:
        one = filters[0] if isinstance(filters, list | tuple) and filters else filters
        if isinstance(one, str | PathLike) and Path(one).is_file():
            error.add_note(f"{shown(str(one))} is a file; the arguments are {order}")
        raise
