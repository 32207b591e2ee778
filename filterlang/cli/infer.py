"""`filterlang schema infer`: a schema of sample records, for a person to correct."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from filterlang.backends.files.limits import SAMPLE
from filterlang.backends.files.typed_texts.texts import escaped_json
from filterlang.backends.files.watching.mistyped import Mistyped
from filterlang.backends.files.watching.order_of_values import InferredTexts
from filterlang.cli.command_inputs import make_reader, refuse_own_output, tell_of_cells
from filterlang.cli.exits import ExitCode
from filterlang.diagnostics.diagnostic import quoted
from filterlang.schema.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.files.selected import Record
    from filterlang.cli.console import Console

_MOST_SHOWN = 5


def infer(
    paths: Sequence[str],
    console: Console,
    inputs: ReadOptions,
    *,
    enums_up_to: int,
    name: str | None,
) -> ExitCode:
    """Write the plain data of the schema that the records of all files seem to follow."""
    refuse_own_output(paths, writes=False)
    seen = Mistyped((), None)
    reader = make_reader(console, inputs, mistyped=seen)
    first: list[Mapping[str, object]] = []
    with closing(reader.records(paths)) as found:
        try:
            inference = Schema.infer(_kept(found, first), enums_up_to=enums_up_to, name=name)
        except ValueError as error:
            console.complain(str(error))
            return ExitCode.BAD_INPUT
    data = json.dumps(inference.to_dict(), ensure_ascii=False, indent=2)
    console.write_lines([escaped_json(data)])
    console.flush()
    if inference.left_out:
        shown = ", ".join(map(quoted, inference.left_out[:_MOST_SHOWN]))
        more = " …" if len(inference.left_out) > _MOST_SHOWN else ""
        console.say(f"no filter can name these keys, so they are left out: {shown}{more}")
    for told in _texts_that_look_otherwise(inference.schema, first, seen):
        console.say(told)
    tell_of_cells(reader, [], console)
    return ExitCode.BAD_INPUT if console.complained else ExitCode.SUCCESS


def _kept(
    records: Iterable[Record], first: list[Mapping[str, object]]
) -> Iterator[Mapping[str, object]]:
    """Iterate over the values of records, and keep the first ones."""
    for record in records:
        if len(first) < SAMPLE:
            first.append(record.value)
        yield record.value


def _texts_that_look_otherwise(
    schema: Schema, records: list[Mapping[str, object]], seen: Mistyped
) -> Iterator[str]:
    """Say which texts would hardly be compared as they are meant: numbers, dates."""
    for name in schema.names():
        found = schema.find(name)
        if found is not None and found.dimension is not None and found.dimension.type == "text":
            order = InferredTexts(name)
            order.see_records(records)
            yield from order.tell_like(seen)
