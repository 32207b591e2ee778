"""`filterlang match`: pass on the records that match.

What only some options need is imported where it is needed: loading it takes as long as matching
thousands of records.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from filterlang.backends.files.faults import FileError
from filterlang.backends.files.typed_texts.texts import ValueFormatError
from filterlang.backends.files.watching.mistyped import Mistyped
from filterlang.backends.files.watching.sought import Sought
from filterlang.cli.command_inputs import (
    UnknownNamesError,
    look_for_names,
    make_reader,
    refuse_own_output,
    start_progress,
    tell_at_end,
    tell_of_output_among,
)
from filterlang.cli.exits import ExitCode
from filterlang.cli.match_outputs import dividing_of, format_like, standard_writer, written_format
from filterlang.cli.schema_option import built_in_schemas
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.diagnostics.missing_packages import MissingPackageError
from filterlang.schema.binding import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from filterlang.backends.files.misses import Misses
    from filterlang.backends.files.reader import Reader
    from filterlang.backends.files.selected import Selected
    from filterlang.backends.files.writing.gathering import Ranking, Tally
    from filterlang.cli.console import Console
    from filterlang.cli.match_options import Options
    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema


_OF_CELLS = ("csv", "tsv")
_NO_CELLS = (
    "--output-delimiter divides the cells of CSV and TSV, and none are written; "
    "say --format csv, too, or leave it out"
)


class _Taker(Protocol):
    def write(self, selected: Selected) -> None: ...


class _Nowhere:
    """Takes what is only counted."""

    def write(self, selected: Selected) -> None:
        pass


def _is_standard(output: str) -> bool:
    # Without an output file nothing of it is needed.
    from filterlang.backends.files.writing.outputs import descriptor_of

    return descriptor_of(output) == 1


def match(matcher: Matcher, paths: Sequence[str], options: Options, console: Console) -> ExitCode:
    """Write the records that match, or their number."""
    writes = not _is_quiet(options)
    writes_there = writes or (options.output is not None and _is_standard(options.output))
    refuse_own_output(paths, options.inputs.format, writes=writes_there)
    start_progress(
        console, paths, options.inputs.format, disturbs=options.explain, is_quiet=not writes
    )
    sought = Sought(matcher.filters, matcher.schema)
    selected = list((options.select or {}).values())
    gathered_by = [name for name in (options.count_by, options.sort) if name is not None]
    sought.add([*gathered_by, *selected], matcher.schema)
    options = _resolved(options, matcher.schema)
    selected = list((options.select or {}).values())
    try:
        writes_cells = written_format(paths, options) in _OF_CELLS
        if options.output_delimiter is not None and not writes_cells:
            return console.refuse(_NO_CELLS)
        look_for_names(
            sought,
            paths,
            console,
            options.inputs,
            strict=options.strict,
            only_count=options.counts,
        )
    except (FileError, UnknownNamesError) as error:
        return console.refuse(str(error))
    mistyped = Mistyped(matcher.filters, matcher.schema, built_in_schemas, text=options.inputs.text)
    mistyped.inverts = options.invert
    mistyped.beside = [name for name in (options.sort,) if name is not None]
    reader = make_reader(
        console,
        options.inputs,
        selected,
        sought=sought,
        schema=matcher.schema,
        mistyped=mistyped,
    )
    misses = _misses(matcher, options)
    gathered = _gathered(matcher, options, for_cells=writes_cells)
    try:
        _write(matcher, paths, options, console, reader, sought, misses, gathered)
    except (MissingPackageError, UnknownNamesError) as error:
        return console.refuse(str(error))
    except (FileError, ValueFormatError) as error:
        console.tell_what_helps()
        console.complain(str(error))
        _tell_place(error, reader, matcher, paths, options, console)
        return ExitCode.BAD_INPUT
    finally:
        console.hide_progress()
    read, matched, bad = reader.summary
    if options.only_count:
        console.write_lines([str(matched)])
    console.flush()
    tell_at_end(
        reader,
        sought,
        mistyped,
        matcher.filters,
        console,
        strict=options.strict,
        paths=paths,
        inputs=options.inputs,
    )
    if misses is not None:
        console.say(str(misses))
    _tell_of_unsaid(gathered, options, console)
    _tell_of_order(gathered, mistyped, console)
    if options.summary or options.output is not None:
        console.say(f"read {read:,}, matched {matched:,}, bad {bad:,}")
    if console.complained:
        return ExitCode.BAD_INPUT
    return ExitCode.SUCCESS if matched else ExitCode.NOTHING_MATCHED


def _tell_place(
    error: Exception,
    reader: Reader,
    matcher: Matcher,
    paths: Sequence[str],
    options: Options,
    console: Console,
) -> None:
    """Say where a record stands that can't be written, and what to select."""
    cause = error if isinstance(error, ValueFormatError) else error.__cause__
    if isinstance(cause, ValueFormatError) and cause.name is not None:
        # What few need is loaded for these.
        from filterlang.backends.files.writing.unwritable import place_of_unwritable

        def matches(record: Mapping[str, object]) -> bool:
            return matcher.matches(record) is not options.invert

        place = place_of_unwritable(error, reader.reading, paths, options.inputs, matches)
        if place is not None:
            console.say(place)


def _write(
    matcher: Matcher,
    paths: Sequence[str],
    options: Options,
    console: Console,
    reader: Reader,
    sought: Sought,
    misses: Misses | None,
    gathered: Ranking | Tally | None,
) -> None:
    def write_to(taker: _Taker) -> None:
        _pass_on(matcher, paths, options, console, reader, misses, gathered or taker)
        if gathered is not None:
            for part in gathered.parts():
                taker.write(part)

    if options.output is not None:
        from filterlang.backends.files.tables.table_schemas import schemas_ahead
        from filterlang.backends.files.writing.outputs import Output

        dividing = dividing_of(options, reader)
        tables = schemas_ahead(paths, options.inputs.format)
        with Output(options.output, options.format, options.select, dividing, tables) as output:
            write_to(output)
            _write_header(output, reader, gathered)
            output.complete()
            told = output.told()
            if options.strict and reader.read and sought.missing and not output.is_direct:
                console.say(
                    f"nothing is written to {showable(options.output)}, since --strict takes no "
                    "name that nothing has"
                )
                return
            place = output.place(is_whole=reader.is_whole)
            if place != options.output:
                console.say(
                    f"not all of the input could be read, so the output is called {showable(place)}"
                )
        tell_of_output_among(paths, place, console, options.inputs.format)
        if told is not None:
            console.say(told)
    elif options.only_count:
        write_to(_Nowhere())
    elif (tally := _as_tally(gathered)) is not None and options.format is None:
        _pass_on(matcher, paths, options, console, reader, misses, tally)
        console.write_lines(tally.lines())
    else:
        format_ = options.format or format_like(paths, options.inputs.format)
        writer = standard_writer(
            matcher, format_, paths, options, console, dividing_of(options, reader)
        )
        try:
            write_to(writer)
            _write_header(writer, reader, gathered)
        except BaseException:
            writer.abandon()
            raise
        writer.finish()
        told = writer.told()
        if told is not None:
            console.say(told)


def _write_header(taker: _Taker, reader: Reader, gathered: Ranking | Tally | None) -> None:
    """Write the columns, if they are known, of what has no rows."""
    tally = _as_tally(gathered)
    header = reader.header if tally is None else tally.header
    if header is not None and (tally is not None or not reader.matched):
        taker.write(header)


def _gathered(matcher: Matcher, options: Options, *, for_cells: bool) -> Ranking | Tally | None:
    """Return what gathers all that matches before any of it is written, where that is asked for."""
    if options.count_by is not None:
        from filterlang.backends.files.writing.gathering import Tally

        return Tally(options.count_by, options.limit, for_cells=for_cells)
    if options.sort is not None:
        from filterlang.backends.files.watching.order_of_values import OrderOfValues
        from filterlang.backends.files.writing.gathering import Ranking

        schema = matcher.schema
        look = OrderOfValues(options.sort, schema, built_in_schemas)
        look.beside = [clause.name for filter_ in matcher.filters for clause in filter_]
        descending = options.descending
        return Ranking(options.sort, options.limit, descending=descending, schema=schema, look=look)
    return None


def _tell_of_order(gathered: Ranking | Tally | None, like: Mistyped, console: Console) -> None:
    """Say where records that were put in order hardly are in the one that is meant."""
    look = None if gathered is None else gathered.look
    if look is not None:
        for told in look.tell_like(like):
            console.say(told)


def _resolved(options: Options, schema: Schema | None) -> Options:
    """Return options with the names that aliases stand for, as in filters."""
    if schema is None:
        return options
    count_by = None if options.count_by is None else resolved(options.count_by, schema)
    select = options.select
    if select is not None:
        select = {new: resolved(name, schema) for new, name in select.items()}
    return options._replace(count_by=count_by, select=select)


def _as_tally(gathered: Ranking | Tally | None) -> Tally | None:
    if gathered is None:
        return None
    from filterlang.backends.files.writing.gathering import Tally

    return gathered if isinstance(gathered, Tally) else None


def _tell_of_unsaid(gathered: Ranking | Tally | None, options: Options, console: Console) -> None:
    tally = _as_tally(gathered)
    is_for_people = options.output is None and options.format is None
    if tally is not None and (tally.for_cells or is_for_people) and (words := tally.ambiguous()):
        shown = " and ".join(map(quoted, words))
        console.say(f"there are values {shown}, too; --format jsonl tells what is missing or empty")
    if tally is not None and tally.unsaid:
        console.say(
            f"records with something under {quoted(options.count_by or '')} that has no text, such "
            f"as an object, which isn't counted: {tally.unsaid:,}"
        )


def _misses(matcher: Matcher, options: Options) -> Misses | None:
    if options.sample_misses is None:
        return None
    from filterlang.backends.files.misses import Misses

    return Misses(matcher, options.sample_misses)


def _pass_on(
    matcher: Matcher,
    paths: Sequence[str],
    options: Options,
    console: Console,
    reader: Reader,
    misses: Misses | None,
    taker: _Taker,
) -> None:
    if options.explain or misses is not None:
        _pass_on_one_by_one(matcher, paths, options, console, reader, misses, taker)
        return
    selected = reader.select(
        paths,
        matcher,
        invert=options.invert,
        limit=options.reading_limit,
        strict=options.strict,
        jobs=options.jobs,
        only_count=options.counts,
    )
    with closing(selected):
        for part in selected:
            taker.write(part)


def _pass_on_one_by_one(
    matcher: Matcher,
    paths: Sequence[str],
    options: Options,
    console: Console,
    reader: Reader,
    misses: Misses | None,
    taker: _Taker,
) -> None:
    matches = matcher.matches
    limit = options.reading_limit
    with closing(reader.records(paths)) as records:
        for record in records:
            if options.explain:
                console.say(
                    f"{showable(record.name)}:{record.number}: {matcher.explain(record.value)}"
                )
            if misses is not None:
                misses.add(record)
            if matches(record.value) is options.invert:
                continue
            reader.matched += 1
            taker.write(record.selected())
            if reader.matched == limit:
                return


def _is_quiet(options: Options) -> bool:
    """Whether nothing is written to standard output while inputs are read."""
    return options.gathers or options.only_count or options.output is not None
