"""Blocks of JSON Lines → the lines that match, and what is wrong with the others.

Four ways to look at a line, with the same verdict. Where a block shows that simdjson sees in it
what others see, nothing but the values of the filters' names is made of it (`fields_together`).
Others msgspec decodes, no more than what the filters look at (`lines_together`); both check the
syntax of all. Without these, lines in which a text that the filters ask for doesn't occur are left
out at once (`prefilter`). What none of them can judge is read plainly (`lines`).
"""

from __future__ import annotations

from functools import cached_property, partial
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.depths import has_many_brackets, is_python_deep
from filterlang.backends.files.json_records.answers import STRONG, answer_in_place_of
from filterlang.backends.files.json_records.lines import BadRecordError, read_record
from filterlang.backends.files.json_records.scans import Scan
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.opening.inputs import too_long
from filterlang.backends.files.packages import find_msgspec
from filterlang.backends.files.scanning.fields_together import FieldsTogether
from filterlang.backends.files.scanning.lines_together import LinesTogether
from filterlang.backends.files.scanning.prefilter import Prefilter, is_utf8
from filterlang.backends.files.scanning.record_types import dict_type, readable_layout
from filterlang.backends.used_names import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from filterlang.backends.files.scanning.lines_together import Together
    from filterlang.backends.files.watching.sought import Sought
    from filterlang.matching.matcher import Matcher

    Take = Callable[[list[int]], list[bytes]]
    """Returns the lines that have some numbers."""
    _Decode = Callable[[bytes], dict[str, object] | None]


_CHECKED = 1 << 22
"""So many bytes are read in full anyhow, before lines are left out by their surface alone."""


class Scanner:
    """Selects lines by a matcher.

    Args:
        matcher: judges the records.
        invert: whether the records that don't match are wanted.
        strict: whether every line is read in full, so that all bad ones are found, also where
            msgspec isn't installed. Of small inputs every line is read in full anyhow.
        max_line: how many bytes a line may have, which who reads the blocks sees to.
        sought: looks in the blocks for names that no input has had so far.
        takes_answers: whether an object that looks like an answer of the API is a record.
        only_count: whether the lines that are kept may be empty.

    It can be pickled, for other processes.
    """

    max_line: int
    sought: Sought | None

    def __init__(
        self,
        matcher: Matcher,
        *,
        invert: bool = False,
        strict: bool = False,
        max_line: int = MAX_LINE,
        sought: Sought | None = None,
        takes_answers: bool = False,
        only_count: bool = False,
    ) -> None:
        self.max_line = max_line
        self._only_count = only_count
        self._takes_answers = takes_answers
        self.sought = sought
        self._matcher = matcher
        self._invert = invert
        self._strict = strict
        self._seen = 0
        self._matches = matcher.matches
        self._refused = frozenset() if takes_answers else STRONG
        # What has such a key, and what else is in it, is only seen where all of it is read.
        self._reads_all = not self._refused.isdisjoint(name[0] for name in names_of(matcher))
        self._fields = None if self._reads_all else FieldsTogether.of(matcher, self._refused)

    def __reduce__(self) -> tuple[Any, ...]:
        given = self._matcher, self._invert, self._strict, self.max_line, self.sought
        return _remade, (*given, self._takes_answers, self._only_count)

    @cached_property
    def _is_checked(self) -> bool:
        # Who reads plainly looks at each record.
        return is_python_deep() and (self._fields is not None or self._decode is not None)

    # What these need is loaded when the first block needs them, which in many files none does.

    @cached_property
    def _decode(self) -> _Decode | None:
        return None if self._reads_all else _partial_decoder(self._matcher, self._refused)

    @cached_property
    def _together(self) -> LinesTogether | None:
        if self._decode is None:
            return None
        return LinesTogether.of(self._matcher, self._refused)

    @cached_property
    def _prefilter(self) -> Prefilter | None:
        if self._decode is not None or self._reads_all or self._invert or self._strict:
            return None
        return Prefilter.of(self._matcher)

    def scan(self, block: bytes | None, limit: int | None = None) -> Scan:
        """Look at a block of whole lines; stop after so many selected ones.

        None stands for a line that is too long, as in `inputs`.
        """
        if block is None:
            return Scan([], 1, 0, [(0, 1, too_long(self.max_line))])
        if self.sought is not None:
            self.sought.see_block(block)
        scan = self._scan(block)
        if limit is not None and len(scan.kept) >= limit:
            # What comes after the last one wanted must not be complained of.
            return self._scan_lines(_lines(block), limit)
        return scan

    def look(self, listed: bytes, between: bytes) -> Scan | None:
        """Look at the records of a list of JSON; None where they have to be lines.

        That is so for what msgspec refuses, which may be no list at all. `between` stands between
        the elements, mostly.
        """
        if self._together is None or (self.sought is not None and self.sought.has_to_see(listed)):
            return None
        fields = self._fields
        found = None if fields is None else fields.in_list(listed, between)
        if fields is not None and found is not None:
            return self._found(found, partial(fields.elements, listed, between))
        if not self._only_count or (self._is_checked and has_many_brackets(listed, b"},")):
            return None
        found = self._together.in_list(listed)
        return None if found is None else self._found(found)

    def _scan(self, block: bytes) -> Scan:
        self._seen += len(block)
        if self._is_checked and has_many_brackets(block, b"\n"):
            # Others than who reads plainly may take what is nested too deeply.
            return self._scan_lines(_lines(block))
        if self._fields is not None:
            together = self._fields.in_lines(block)
            if together is not None:
                return self._found(together, partial(self._fields.lines, block))
        if (
            self._prefilter is not None
            and self._seen > _CHECKED
            and not self._may_hold_answer(block)
        ):
            found = self._prefilter.search(block)
            if found is not None:
                count, candidates = found
                if 2 * len(candidates) > count:
                    # It rejects so little that looking takes longer than it saves.
                    self._prefilter = None
                scan = self._scan_lines(candidates)
                if not scan.bad:
                    # A line may hold several records.
                    return scan._replace(lines=count, records=count + scan.records - scan.lines)
        if self._together is not None:
            together = self._together.in_lines(block)
            if together is not None:
                return self._found(together, partial(_lines_at, block))
        lines = _lines(block)
        decode, matches = self._decode, self._matches
        if decode is None or not _are_utf8(block, lines):
            return self._scan_lines(lines)
        try:
            # A third faster than a comprehension.
            verdicts = map(matches, map(decode, lines))
            kept = list(compress(lines, map(not_, verdicts) if self._invert else verdicts))
        except Exception:  # noqa: BLE001 — whatever msgspec refuses is read plainly
            return self._scan_lines(lines, decode=decode)
        return Scan(kept, len(lines), len(lines), [], is_json=True)

    def _found(self, found: Together, take: Take | None = None) -> Scan:
        # Nobody but the standard library takes `NaN` for JSON.
        return Scan(self._kept(found, take), found.records, found.records, [], is_json=True)

    def _kept(self, found: Together, take: Take | None) -> list[bytes]:
        matching = found.matching
        if self._only_count or take is None:
            return [b""] * (found.records - len(matching) if self._invert else len(matching))
        if self._invert:
            others = bytearray(b"\1") * found.records
            for number in matching:
                others[number] = 0
            matching = list(compress(range(found.records), others))
        return take(matching) if matching else []

    def _may_hold_answer(self, block: bytes) -> bool:
        # These two are in the API's answers to filters; to look for more takes its time.
        return not self._takes_answers and (b'"totalHits"' in block or b'"scrollId"' in block)

    def _read(self, line: bytes) -> dict[str, object] | None:
        """Read a line plainly.

        Raises:
            BadRecordError: for what is no record; an answer of the API is none.
        """
        record = read_record(line)
        if record is not None and not self._takes_answers:
            message = answer_in_place_of(record)
            if message is not None:
                raise BadRecordError(message)
        return record

    def _scan_lines(
        self, lines: list[bytes], limit: int | None = None, decode: _Decode | None = None
    ) -> Scan:
        """Look at one line after the other; what the decoder refuses is read plainly."""
        matches, invert = self._matches, self._invert
        decode = decode or self._read
        kept: list[bytes] = []
        bad: list[tuple[int, int, str]] = []
        number = blank = more = 0
        for number, line in enumerate(lines, 1):
            try:
                record = decode(line)
            except Exception:  # noqa: BLE001 — see above
                try:
                    record = self._read(line)
                except BadRecordError as error:
                    if error.parts:
                        rest = None if limit is None else limit - len(kept)
                        scan = self._scan_lines(error.parts, rest)
                        bad += [(len(kept) + one, number, why) for one, _, why in scan.bad]
                        kept += scan.kept
                        more += scan.lines - 1
                        if len(kept) == limit:
                            break
                        continue
                    bad.append((len(kept), number, str(error)))
                    continue
            if record is None:
                blank += 1
            elif matches(record) is not invert:
                kept.append(line)
                if len(kept) == limit:
                    break
        return Scan(kept, number, number + more - blank - len(bad), bad)


def _remade(
    matcher: Matcher,
    invert: bool,
    strict: bool,
    max_line: int,
    sought: Sought | None,
    takes_answers: bool,
    only_count: bool,
) -> Scanner:
    return Scanner(
        matcher,
        invert=invert,
        strict=strict,
        max_line=max_line,
        sought=sought,
        takes_answers=takes_answers,
        only_count=only_count,
    )


def _partial_decoder(matcher: Matcher, refused: Collection[str]) -> Callable[[bytes], Any] | None:
    """Return a function that reads what the filters look at of a record; None without msgspec.

    Records with one of the refused keys, for which no filter may ask, it leaves to the plain way.

    It raises for what it can't read just as the standard library does, with one exception: it
    doesn't look whether what it leaves out is UTF-8.
    """
    msgspec = find_msgspec()
    layout = None if msgspec is None else readable_layout(names_of(matcher))
    if msgspec is None or layout is None:
        return None
    decode: Callable[[bytes], Any] = msgspec.Decoder(dict_type(layout, refused)).decode
    return decode


def _are_utf8(block: bytes, lines: list[bytes]) -> bool:
    """Whether all lines of a block are UTF-8; in many files few of them are more than ASCII."""
    if block.isascii():
        return True
    return is_utf8(b"".join(compress(lines, map(not_, map(bytes.isascii, lines)))))


def _lines_at(block: bytes, numbers: list[int]) -> list[bytes]:
    lines = block.split(b"\n")
    return [lines[number] for number in numbers]


def _lines(block: bytes) -> list[bytes]:
    lines = block.split(b"\n")
    if not lines[-1]:
        del lines[-1]
    return lines
