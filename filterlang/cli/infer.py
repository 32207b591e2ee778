"""`filterlang schema infer`: a schema of sample records, for a person to correct."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from filterlang.backends.files.texts import escaped_json
from filterlang.cli.command_inputs import make_reader, refuse_own_output, tell_of_cells
from filterlang.cli.exits import ExitCode
from filterlang.diagnostics.diagnostic import quoted
from filterlang.schema.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.backends.files.read_options import ReadOptions
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
    reader = make_reader(console, inputs)
    with closing(reader.records(paths)) as found:
        try:
            inference = Schema.infer(
                (record.value for record in found), enums_up_to=enums_up_to, name=name
            )
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
    tell_of_cells(reader, [], console)
    return ExitCode.BAD_INPUT if console.complained else ExitCode.SUCCESS
