"""The cases as questions to a program, and what is expected of its answers at each level."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.diagnostics.diagnostic import shown
from filterlang.syntax._grammar import vectors_text
from filterlang.testing.conformance import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Answer = Mapping[str, Any]

FORMAT = 2
"""The version of the layout of the files, and of the exchange."""

LEVELS = ("core", "match", "schema", "json", "diagnostics", "lint", "mend")
"""What an implementation may claim; `docs/reference/language.md` says what each of them is."""

ANSWERS: dict[str, frozenset[str]] = {
    "parse": frozenset({"filter", "filters"}),
    "canonical": frozenset({"canonical"}),
    "encode": frozenset({"query", "params", "refused"}),
    "decode": frozenset({"canonical"}),
    "refused": frozenset({"invalid"}),
    "match": frozenset({"matches"}),
    "match_schema": frozenset({"matches"}),
    "json": frozenset({"json", "canonical", "invalid"}),
    "errors": frozenset({"diagnostics", "fixed"}),
}
"""The members of a case that are its answer."""

UNTOLD = frozenset({"name", "level", "requires", "why"})
"""The members of a case that a program isn't told as they stand."""


class Question(NamedTuple):
    """One case, as it is asked, and what it expects."""

    kind: str
    name: str
    asked: dict[str, Any]
    """The line that a program gets."""
    requires: frozenset[str]
    expected: dict[str, Callable[[Answer], bool]]
    """For each level at which the case says something, whether an answer is right."""


def language_version() -> str:
    """Return the version of the language that the vectors are of."""
    version: str = json.loads(vectors_text("parse"))["version"]
    return version


def questions() -> Iterator[Question]:
    """Walk through all cases, in the order of the files."""
    for kind in KINDS:
        data = json.loads(vectors_text(kind))
        for case in data["cases"]:
            yield _question(kind, case, data)


LEVEL_OF_KIND = {
    "canonical": "core",
    "decode": "core",
    "refused": "core",
    "match": "match",
    "match_schema": "schema",
}
"""The level of the cases of a corpus, which has these kinds."""


def corpus_questions(path: Path) -> Iterator[Question]:
    """Walk through the cases of a corpus, which are named by their lines: `corpus-2` is the first.

    Args:
        path: a file of lines of JSON, compressed by gzip if its name ends in `.gz`.

    Raises:
        OSError: if the file can't be read.
        ValueError: if it is no corpus, or one of another format.
    """
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        head = json.loads(next(lines, "null"))
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            message = f"expected a corpus of format {FORMAT}, found {shown(head)}"
            raise ValueError(message)
        for number, line in enumerate(lines, 2):
            case = json.loads(line)
            kind = case.get("kind") if isinstance(case, dict) else None
            if kind not in LEVEL_OF_KIND:
                *others, last = LEVEL_OF_KIND
                message = (
                    f"line {number}: expected a case of {', '.join(others)} or {last},"
                    f" found {shown(case)}"
                )
                raise ValueError(message)
            del case["kind"]
            named = {"name": f"corpus-{number}", "level": LEVEL_OF_KIND[kind], **case}
            yield _question(kind, named, head)


def _question(kind: str, case: dict[str, Any], data: dict[str, Any]) -> Question:
    answers = ANSWERS[kind]
    if kind == "json" and "texts" not in case:
        answers = answers - {"json"}
    asked = {key: value for key, value in case.items() if key not in answers | UNTOLD}
    if isinstance(asked.get("record"), str):
        asked["record"] = data["records"][asked["record"]]
    requires = set(case.get("requires", ()))
    if "schema" in case:
        asked["schema"] = data["schemas"][case["schema"]]
        if kind == "errors":
            requires.add("schema")
    expected: dict[str, Callable[[Answer], bool]]
    if kind == "errors":
        expected = _expectations_of_errors(case)
    else:
        wanted = {key: case[key] for key in answers if key in case}
        expected = {case["level"]: lambda answer: _has(answer, wanted)}
    line = {"kind": kind, "name": case["name"], **asked}
    return Question(kind, case["name"], line, frozenset(requires), expected)


def _has(answer: Answer, wanted: dict[str, Any]) -> bool:
    return all(key in answer and same(answer[key], value) for key, value in wanted.items())


def _expectations_of_errors(case: dict[str, Any]) -> dict[str, Callable[[Answer], bool]]:
    """Return what is expected of the diagnostics of a case: errors, all of them, the mended texts.

    Errors alone are what `diagnostics` asks for; who claims `lint` lists warnings and hints too.
    """
    expected: dict[str, Callable[[Answer], bool]] = {
        "diagnostics": lambda answer: same(
            _errors(answer.get("diagnostics")), _errors(case["diagnostics"])
        ),
        "lint": lambda answer: same(answer.get("diagnostics"), case["diagnostics"]),
    }
    if "fixed" in case:
        expected["mend"] = lambda answer: "fixed" in answer and same(answer["fixed"], case["fixed"])
    return expected


def _errors(diagnostics: object) -> list[object] | None:
    if not isinstance(diagnostics, list):
        return None
    return [
        one for one in diagnostics if not isinstance(one, dict) or one.get("severity") == "error"
    ]


def same(one: object, other: object) -> bool:
    """Return whether two values of JSON are the same; true isn't 1, and 1.0 is.

    Example:
        >>> same({"a": [1]}, {"a": [1.0]}), same(True, 1)
        (True, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other
