"""One slip of the finger is shown where it happened.

Valid filters are drawn with a fixed seed. In each of them every character is deleted, doubled and
swapped with its neighbour, one at a time, and each text that comes out is checked. What is said of
it must be *local*: the report is empty (the text is a valid filter still), or it has a diagnostic
whose span starts within two characters of the edit and is at most five characters or one part of a
clause long (a name, an operator, an expression; a clause without operator is one part).

`python -m tests.tools.edit_locality` prints the figures, and `--misses` what isn't local.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import filterlang as fl
from filterlang.checking.examine import examine

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20240501
FILTERS = 300
NEAR = 2
SHORT = 5

NAMES = [
    "id",
    "email",
    "firstName",
    "lastName",
    "title",
    "phone",
    "role",
    "type",
    "gender",
    "score",
    "numberOfVisits",
    "signUpDate",
    "lastSeenDate",
    "globalUnsubscribe",
    "propertyKeys",
    "accountId",
    "name",
    "plan",
    "industry",
    "sicCode",
    "nps",
    "website",
    "location.countryCode",
    "location.city",
    "location.coordinates.latitude",
    "customAttributes.plan",
    "customAttributes.renewal.owner",
    "channelMetricList.channel",
    "a",
    "b",
    "x.y",
    "filterId",
    "customAttributes.Plan Name",
    "lastVisitedUserAgentData.userAgent.browserType",
    "größe",
]
TEXTS = [
    "US",
    "UK",
    "Cleveland",
    "Doe",
    "gold",
    "10",
    "0",
    "-5",
    "0.25",
    "1704067200000",
    "2024-01-31",
    "2024-01-31T12:00:00Z",
    "true",
    "LEAD",
    "AP-XYZ-1",
    "jane.doe@example.com",
    "+4930123",
    "https://example.com/a/b",
    "Zürich",
    "東京",
    "x",
    "New York",
    r"Smith\, John",
    "Head of Data",
    r"a\;b",
    r"C:\\temp\\x",
    "AT&T",
    "Q1=done",
    "50% off",
    "O'Neill",
    r"\=5",
    r"ends with\ ",
    "",
]
ORDERED = [
    "10",
    "0",
    "-5",
    "0.25",
    "1704067200000",
    "2024-01-31",
    "2024-01-31T12:00:00Z",
    "M",
]
PATTERNS = [
    "*engineer*",
    "t2700*",
    "J?n",
    "*@example.com",
    r"Smith\, *",
    "*New*",
    r"5\*?",
    "東*",
    "?*",
]


class Edit(NamedTuple):
    """What was done to a filter: its kind, the text after it, and where it was done."""

    kind: str
    text: str
    start: int
    end: int


def drawn_filters(seed: int = SEED, count: int = FILTERS) -> Iterator[str]:
    """Draw valid filters of which nothing is said as they stand."""
    draw = random.Random(seed)  # noqa: S311 — a test repeats itself; nothing is kept secret
    while count:
        text = drawn_filter(draw)
        if not fl.check(text).diagnostics:
            count -= 1
            yield text


def drawn_filter(draw: random.Random) -> str:
    clauses = []
    for _ in range(draw.choice((1, 1, 2, 2, 3, 4))):
        operator = draw.choice(("==", "==", "==", "!=", "~", "!~", "<", "<=", ">", ">="))
        pool = PATTERNS if "~" in operator else ORDERED if operator[0] in "<>" else TEXTS
        space = draw.choice(("", "", " "))
        clauses.append(f"{draw.choice(NAMES)}{space}{operator}{space}{draw.choice(pool)}")
    return draw.choice((";", ";", "; ")).join(clauses)


def edits_of(text: str) -> Iterator[Edit]:
    """Give every deletion and doubling of a character, and every swap that changes the text."""
    for at, character in enumerate(text):
        yield Edit("deletion", text[:at] + text[at + 1 :], at, at)
        yield Edit("doubling", text[:at] + character + text[at:], at, at + 1)
        following = text[at + 1 : at + 2]
        if following not in {"", character}:
            yield Edit("swap", text[:at] + following + character + text[at + 2 :], at, at + 1)


def is_local(edit: Edit, diagnostic: fl.Diagnostic) -> bool:
    start, end = diagnostic.span
    if not edit.start - NEAR <= start <= edit.end + NEAR:
        return False
    return end - start <= SHORT or any(
        low <= start and end <= high for low, high in parts(edit.text)
    )


def parts(text: str) -> Iterator[tuple[int, int]]:
    """Give where the parts of the clauses stand, in the text as it is now."""
    at = 0
    for clause in examine(text):
        if clause.parts is None:
            # No operator: the clause is one part, from here to the next separator.
            end = text.find(";", at) if ";" in text[at:] else len(text)
            yield at, end
            at = end + 1
        else:
            name, operator, _, expression = clause.parts
            yield from (tuple(name), tuple(operator), tuple(expression))
            at = text.find(";", expression.end) + 1 or len(text)


class Figures(NamedTuple):
    """How many edits there were, how many left a valid text, and how many were shown locally."""

    edits: Counter[str]
    silent: Counter[str]
    local: Counter[str]
    misses: list[tuple[str, Edit, tuple[fl.Diagnostic, ...]]]

    @property
    def share(self) -> float:
        """The share of the law: nothing is said, or what is said is local."""
        return (self.silent.total() + self.local.total()) / self.edits.total()

    @property
    def share_of_reports(self) -> float:
        """The same among the edits of which something is said at all."""
        return self.local.total() / (self.edits.total() - self.silent.total())


def measured(seed: int = SEED, count: int = FILTERS, schema: fl.Schema | None = None) -> Figures:
    figures = Figures(Counter(), Counter(), Counter(), [])
    for text in drawn_filters(seed, count):
        for edit in edits_of(text):
            figures.edits[edit.kind] += 1
            diagnostics = fl.check(edit.text, schema).diagnostics
            if not diagnostics:
                figures.silent[edit.kind] += 1
            elif any(is_local(edit, diagnostic) for diagnostic in diagnostics):
                figures.local[edit.kind] += 1
            else:
                figures.misses.append((text, edit, diagnostics))
    return figures


def main() -> None:
    figures = measured()
    lines = [f"{FILTERS} filters, seed {SEED}"]
    for kind, edits in figures.edits.items():
        silent, local = figures.silent[kind], figures.local[kind]
        lines.append(
            f"{kind:9} {edits:6} edits: {silent:6} valid and silent, {local:5} shown locally, "
            f"{edits - silent - local:4} not"
        )
    lines += [
        f"local or silent: {figures.share:.2%} of all edits",
        f"local: {figures.share_of_reports:.2%} of those that something is said of",
    ]
    if "--misses" in sys.argv:
        lines += [
            f"{text!r} {edit.kind} -> {edit.text!r}: "
            + ", ".join(f"{one.code}@{one.span.start}-{one.span.end}" for one in diagnostics)
            for text, edit, diagnostics in figures.misses
        ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
