"""What an input is, as its first bytes tell, whatever its name says."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.formats import (
    ARROW_STREAM,
    FORMAT_NAMED,
    format_of_content,
    format_of_name,
)
from filterlang.backends.files.opening.inputs import BOM, is_file, opened_input
from filterlang.backends.files.opening.spooled import spooled
from filterlang.backends.files.opening.transcoded import transcoded, with_line_feeds
from filterlang.backends.files.opening.unreadable import what_begins_so, what_page_begins_so

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from filterlang.backends.files.formats import Format
    from filterlang.backends.files.opening.inputs import Input
    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.read_options import ReadOptions


@contextmanager
def recognised(
    source: Source, before_reading: Callable[[int], None], options: ReadOptions
) -> Generator[Source]:
    """Look at the beginning of an input, and give what is known of it then.

    What can be opened only once, as a pipe, stays open within. A table that can't be read from its
    place is kept in a temporary file meanwhile. `options` have what somebody says that it is.

    Raises:
        InputError: where it can't be opened, and for what can't be read.
    """
    is_lasting = is_file(source.path)
    with ExitStack() as stack:
        found = stack.enter_context(
            opened_input(source.path, _nothing if is_lasting else before_reading)
        )
        plain = found
        if found.format is None and format_of_content(found.head) is None:
            found = transcoded(found, options.encoding)
        known = _format(found, options.format)
        if known.kind == "cells":
            found = with_line_feeds(found)
        # What isn't read as it stands in the file can't be read from there by others.
        is_lasting = is_lasting and found is plain
        result = source._replace(
            format=known.name,
            within=found.name,
            is_packed=found.is_packed,
            begun=None if is_lasting else found.reader,
            is_empty=found.head.removeprefix(_BOM) == b"",
            is_blank=not found.head.removeprefix(_BOM).strip(),
        )
        if known.kind == "table" and (found.is_packed or not is_lasting):
            if found.head.startswith(ARROW_STREAM):
                result = result._replace(begun=found.reader)
            else:
                file = stack.enter_context(spooled(found.reader.read1))
                result = result._replace(path=file.name, begun=None)
        yield result


_BOM = BOM.encode()


def _nothing(size: int) -> None:
    """Wait for nothing: files are there, and what was read of them is read again."""


def _format(found: Input, format_: str | None) -> Format:
    known = found.format or format_of_content(found.head)
    if known is not None:
        if format_ not in {None, known.name}:
            message = (
                f"this is {known.title}, not {format_}; say by --input-format {known.name} what "
                "it is, or leave that out"
            )
            raise InputError(message)
        return known
    unreadable = what_begins_so(found.head)
    if unreadable is None and format_ is None:
        unreadable = what_page_begins_so(found.head)
    if unreadable is not None:
        raise InputError(unreadable)
    if format_ is not None:
        return FORMAT_NAMED[format_]
    named = format_of_name(found.name)
    if named is None:
        return FORMAT_NAMED["jsonl"]
    if named.kind != "json" and _JSON.match(found.head):
        return FORMAT_NAMED["json"]
    return named


_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)*\{\s*[\"}]")
"""No row of cells that is written well begins so."""
