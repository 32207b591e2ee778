"""All cases, asked of one program, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import shown
from filterlang.testing.conformance.program import ProgramError
from filterlang.testing.conformance.questions import (
    FORMAT,
    LEVELS,
    language_version,
    questions,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from filterlang.testing.conformance.program import Program
    from filterlang.testing.conformance.questions import Question

_MOST_SILENCES = 5
"""After so many questions without an answer nothing more is asked."""


@dataclass
class Result:
    """What came of one level.

    Attributes:
        passed: how many cases were answered rightly.
        failed: the names of those that weren't, and what was wrong with the answer.
        left_out: what the program lacks, and how many cases were left out for it.
    """

    passed: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many cases were asked."""
        return self.passed + len(self.failed)


@dataclass
class Report:
    """What came of all levels that were asked."""

    implementation: str
    version: str
    language: str
    levels: dict[str, Result]

    @property
    def failed(self) -> bool:
        """Whether any case failed."""
        return any(result.failed for result in self.levels.values())

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)


def examine(
    program: Program,
    levels: Collection[str] | None = None,
    cases: Iterable[Question] | None = None,
) -> Report:
    """Ask a program all cases of some levels, or else of those that it claims.

    Args:
        program: who answers.
        levels: which levels are asked; None means those that the program claims.
        cases: what is asked; None means the vectors.

    Raises:
        ProgramError: if it doesn't introduce itself.
    """
    hello = program.ask({"kind": "hello", "format": FORMAT, "language": language_version()})
    claimed, lacks = _texts(hello, "levels", LEVELS), _texts(hello, "lacks", ())
    unknown = [level for level in claimed if level not in LEVELS]
    if unknown:
        message = f"expected levels of {', '.join(LEVELS)}, found {shown(unknown[0])}"
        raise ProgramError(message)
    asked = [level for level in LEVELS if level in (claimed if levels is None else levels)]
    if "schema" not in claimed:
        lacks = [*lacks, "schema"]
    report = Report(
        str(hello.get("implementation", "unknown")),
        str(hello.get("version", "unknown")),
        language_version(),
        {level: Result() for level in asked},
    )
    silences = 0
    for question in questions() if cases is None else cases:
        results = {
            level: right for level, right in question.expected.items() if level in report.levels
        }
        if not results:
            continue
        lacking = sorted(question.requires.intersection(lacks))
        if lacking:
            for level in results:
                left_out = report.levels[level].left_out
                left_out[lacking[0]] = left_out.get(lacking[0], 0) + 1
            continue
        wrong = "not asked, for too many questions had no answer"
        answer: Mapping[str, Any] | None = None
        if silences < _MOST_SILENCES:
            try:
                answer = program.ask(question.asked)
            except ProgramError as error:
                silences += 1
                wrong = str(error)
        _take(question, answer, wrong, report)
    return report


def _take(question: Question, answer: Mapping[str, Any] | None, wrong: str, report: Report) -> None:
    """Note what an answer is worth at each level."""
    for level, is_right in question.expected.items():
        if level not in report.levels:
            continue
        result = report.levels[level]
        if answer is None:
            result.failed[question.name] = wrong
        elif is_right(answer):
            result.passed += 1
        else:
            result.failed[question.name] = f"answered {shown(answer)}"


def _texts(hello: Mapping[str, Any], key: str, default: Collection[str]) -> Collection[str]:
    """Return a list of texts of the introduction.

    Raises:
        ProgramError: if it is something else.
    """
    found = hello.get(key, default)
    if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
        message = f"expected a list of texts as {key!r}, found {shown(found)}"
        raise ProgramError(message)
    return found
