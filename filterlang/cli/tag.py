"""`filterlang tag`: label each record with the keys of the saved filters that match it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from filterlang.backends.files.faults import reason_of
from filterlang.backends.files.opening.byte_order_mark import BOM_IN_UTF8
from filterlang.backends.files.typed_texts.texts import JsonTexts, TextlessError, escaped_json
from filterlang.backends.files.watching.mistyped import Mistyped
from filterlang.backends.files.watching.sought import Sought
from filterlang.checking.parse import parse
from filterlang.cli.command_inputs import (
    UnknownNamesError,
    look_for_names,
    make_reader,
    refuse_own_output,
    start_progress,
    tell_at_end,
)
from filterlang.cli.console import rendered
from filterlang.cli.exits import ExitCode
from filterlang.cli.schema_option import built_in_schemas
from filterlang.diagnostics.diagnostic import quoted, showable, shown
from filterlang.diagnostics.errors import FilterError
from filterlang.matching.index.filter_index import FilterIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.files.reader import Reader
    from filterlang.backends.files.selected import Record
    from filterlang.cli.console import Console
    from filterlang.schema.schema import Schema


def load_filters(path: str) -> dict[str, Any]:
    """Read saved filters: a JSON object of keys, each with a filter or a list of filters (OR).

    Raises `click.BadParameter` for a file that can't be read or holds something else.
    """
    try:
        saved = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{shown(path)} can't be read: {reason_of(error)}"
        raise click.BadParameter(message) from error
    except ValueError as error:
        message = f"{shown(path)} is not JSON: {error}"
        raise click.BadParameter(message) from error
    if not isinstance(saved, dict):
        message = f"{shown(path)} holds no JSON object, whose keys would be those of the filters"
        raise click.BadParameter(message)
    for key, filters in saved.items():
        texts = [filters] if isinstance(filters, str) else filters
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            message = f"expected a filter or a list of filters for {quoted(key)} in {shown(path)}"
            raise click.BadParameter(message)
        if not texts or not all(text.strip(" ") for text in texts):
            # As with `match`, what was left empty by mistake must not let everything pass.
            message = f"the filter {quoted(key)} in {shown(path)} is empty, which restricts nothing"
            raise click.BadParameter(message)
    return saved


def tag(
    saved: dict[str, Any],
    paths: Sequence[str],
    console: Console,
    *,
    schema: Schema | None,
    key: str,
    inputs: ReadOptions,
    only_tagged: bool,
    strict: bool,
) -> ExitCode:
    """Write each record with its labels, as JSON Lines."""
    try:
        index = FilterIndex(saved, schema)
    except FilterError as error:
        return console.refuse(rendered(error))
    refuse_own_output(paths, inputs.format)
    start_progress(console, paths, inputs.format, disturbs=False, is_quiet=False)
    filters = [filter_ for given in saved.values() for filter_ in parse(given)]
    sought = Sought(filters, schema)
    texts = JsonTexts()
    mistyped = Mistyped(filters, schema, built_in_schemas, text=inputs.text)
    reader = make_reader(
        console,
        inputs,
        sought=sought,
        schema=schema,
        mistyped=mistyped,
    )
    try:
        look_for_names(sought, paths, console, inputs, strict=strict)
        _write(index, reader, paths, console, texts, key=key, only_tagged=only_tagged)
    except UnknownNamesError as error:
        return console.refuse(str(error))
    except TextlessError as error:
        console.complain(
            f"{error.problem}; pipe lines to tag that lack its column, as 'filterlang match --all "
            "--select NAMES' prints them"
        )
        if (place := error.place(None)) is not None:
            console.complain(place)
    finally:
        console.hide_progress()
    console.flush()
    nulled = texts.told()
    if nulled is not None:
        console.say(nulled)
    tell_at_end(
        reader,
        sought,
        mistyped,
        filters,
        console,
        strict=strict,
        paths=paths,
        inputs=inputs,
    )
    if console.complained:
        return ExitCode.BAD_INPUT
    return ExitCode.SUCCESS if reader.matched else ExitCode.NOTHING_MATCHED


def _write(
    index: FilterIndex[str],
    reader: Reader,
    paths: Sequence[str],
    console: Console,
    texts: JsonTexts,
    *,
    key: str,
    only_tagged: bool,
) -> None:
    name = escaped_json(json.dumps(key, ensure_ascii=False)).encode()
    with closing(reader.records(paths)) as found:
        for record in found:
            labels = index.match(record.value)
            if key in record.value:
                message = "the record has this key already; give the labels another by --key"
                console.complain(
                    f"{showable(record.name)}:{record.number}: {quoted(key)}: {message}"
                )
                continue
            reader.matched += bool(labels)
            if labels or not only_tagged:
                console.write(_labelled(record, name, labels, texts))


def _labelled(record: Record, name: bytes, labels: list[str], texts: JsonTexts) -> bytes:
    """Put the labels at the end of the object, and leave all before them byte for byte.

    But for numbers that JSON lacks, and for a mark before it, which stands in no JSON.
    """
    line = record.line
    line = (
        texts.value(record.in_full()).encode()
        if line is None
        else texts.line(line.removeprefix(BOM_IN_UTF8))
    )
    body = line.rstrip().removesuffix(b"}").rstrip()
    comma = b"" if body.endswith(b"{") else b","
    found = escaped_json(json.dumps(labels, ensure_ascii=False)).encode()
    return b"%s%s%s:%s}\n" % (body, comma, name, found)
