"""Why not? Which clause rejects how many records, and the records that miss by one clause alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.diagnostics.diagnostic import showable

if TYPE_CHECKING:
    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.selected import Record
    from filterlang.matching.matcher import Matcher, Verdict


class Miss(NamedTuple):
    """A near miss: where the record stands, the record, and what the one clause said of it."""

    name: str
    number: Place
    record: dict[str, object]
    verdict: Verdict


class ClauseMisses:
    """What one clause, or clauses that one element has to satisfy together, rejects.

    Attributes:
        text: the clause, or the clauses.
        rejected: how many records don't satisfy it.
        alone: how many of these satisfy all else of the filter.
        samples: the first of these.
    """

    text: str
    rejected: int
    alone: int
    samples: list[Miss]

    def __init__(self, text: str) -> None:
        self.text = text
        self.rejected = self.alone = 0
        self.samples = []


class Misses:
    """Counts, for the records that don't match, which clauses are the reason.

    Args:
        matcher: judges the records.
        samples: how many near misses to keep for each clause.

    Attributes:
        read, matched: how many records were seen, and how many of them matched.
        filters: for each filter its misses by clause, in the order in which clauses were met.

    `str()` is a report for people.

    Example:
        >>> from filterlang import compile
        >>> from filterlang.backends.files.selected import Record
        >>> misses = Misses(compile("plan==free;score>=90"), samples=1)
        >>> misses.add(Record("users.jsonl", 7, None, {"plan": "Free", "score": 89}))
        >>> print(misses)
        1 of 1 records don't match
        filter 1: plan==free;score>=90
          score>=90 rejects 1, 1 of them alone
            users.jsonl:7: score>=90: 89
    """

    read: int
    matched: int
    filters: list[dict[str, ClauseMisses]]

    def __init__(self, matcher: Matcher, samples: int = 3) -> None:
        self._matcher = matcher
        self._samples = samples
        self.read = self.matched = 0
        self.filters = [{} for _ in matcher.filters]

    def add(self, record: Record) -> None:
        """Look at a record."""
        self.read += 1
        if self._matcher.matches(record.value):
            self.matched += 1
            return
        explained = self._matcher.explain(record.value).filters
        for clauses, explanation in zip(self.filters, explained, strict=True):
            failed = [verdict for verdict in explanation.verdicts if not verdict.matched]
            for verdict in failed:
                text = ";".join(map(str, verdict.clauses))
                misses = clauses.setdefault(text, ClauseMisses(text))
                misses.rejected += 1
                if len(failed) == 1:
                    misses.alone += 1
                    if len(misses.samples) < self._samples:
                        near = Miss(record.name, record.number, record.value, verdict)
                        misses.samples.append(near)

    def __str__(self) -> str:
        lines = [f"{self.read - self.matched} of {self.read} records don't match"]
        for number, (filter_, clauses) in enumerate(
            zip(self._matcher.filters, self.filters, strict=True), 1
        ):
            lines.append(f"filter {number}: {showable(str(filter_))}")
            for misses in sorted(clauses.values(), key=lambda found: -found.rejected):
                lines.append(
                    f"  {showable(misses.text)} rejects {misses.rejected},"
                    f" {misses.alone} of them alone"
                )
                for miss in misses.samples:
                    shown = str(miss.verdict).removeprefix("no   ").removeprefix("no  ")
                    lines += [
                        f"    {showable(miss.name)}:{miss.number}: {line}"
                        if not at
                        else f"    {line}"
                        for at, line in enumerate(shown.split("\n"))
                    ]
        return "\n".join(lines)
