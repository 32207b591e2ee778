"""Verdicts on records that are written as files: lines of JSON, and batches of Arrow data."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from filterlang.backends.files import copy
from filterlang.backends.files.json_records.lines import read_record
from filterlang.backends.files.scanning.prefilter import Prefilter
from filterlang.testing.verdicts import Held, LeftOut, Reason, json_values, of_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.testing.verdicts import Ask, Verdicts

    # pyarrow has no types, and frames are of many engines.
    Array = Any
    Table = Any
    Frame = Any


def of_lines(judge: Callable[[Matcher, list[bytes]], Verdicts]) -> Ask:
    """Ask what takes lines of JSON."""

    def ask(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], _: Schema | None
    ) -> list[Verdicts]:
        held = Held(records, json_values, columns=False)
        # Keys that aren't asked for are part of a line too.
        keys = {key for key in held.keys if held.find(key) is not None}
        lines = [_line({key: record[key] for key in record if key in keys}) for record in records]
        return held.ask_each(matchers, lambda matcher, _: judge(matcher, lines))

    return of_objects(ask)


def _line(record: dict[str, object]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON has as an escape alone
        return json.dumps(record).encode()


def judge_by_prefilter(matcher: Matcher, lines: list[bytes]) -> Verdicts:
    """Let the prefilter reject lines, and the matcher judge those that are left."""
    if not lines:
        return []
    prefilter = Prefilter.of(matcher)
    if prefilter is None:
        return LeftOut(Reason.UNSUPPORTED, "no text is needed for a match")
    found = prefilter.search(b"\n".join(lines))
    if found is None:
        return LeftOut(Reason.VALUES_NOT_HELD, "the lines have to be read one by one")
    candidates = set(found[1])
    return [line in candidates and matcher.matches(read_record(line)) for line in lines]


def judge_file(matcher: Matcher, lines: list[bytes]) -> Verdicts:
    """Write the lines into a file, and copy those that match."""
    with TemporaryDirectory() as folder:
        path, kept = Path(folder, "records.jsonl"), Path(folder, "kept.jsonl")
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        copy(matcher, path, kept, jobs=1)
        found = set(kept.read_bytes().split(b"\n"))
    return [line in found for line in lines]
