"""Do the conformance vectors notice a mistake? Mutants of the second reader are what judges them.

`python -m tests.tools.mutate_second_reader` changes one place of the sources in
`tests/second_reader` at a time (an operator, a constant, a condition, a statement, a regular
expression), asks each such mutant the cases of the vectors until the first wrong answer, and prints
which survive. A survivor either never differs from the reader, and then stands with its reason in
`equivalent_mutants.json` beside this module, or the vectors lack a case.

    --count 200    so many mutants are drawn (0: all of them)
    --seed 18      of which drawing
    --jobs 2       so many at a time

The exit code is 1 if fewer than 95 % of the mutants that aren't equivalent are killed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from filterlang.testing.conformance.questions import questions

READER = Path(__file__).parents[1] / "second_reader"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.json")
LEVELS = ("core", "match", "schema", "json")
LACKS = frozenset({"dialect", "schema"})
WANTED = 0.95
MOST_SECONDS = 20
"""After so long without an end a mutant counts as killed: no answer is no right answer."""


class Mutant(NamedTuple):
    """One change of one source file."""

    file: str
    start: int
    end: int
    replacement: str

    def of(self, source):
        """Return the source with the change."""
        return source[: self.start] + self.replacement + source[self.end :]

    def lines(self, source):
        """Return the lines that it touches, before and after, without outer spaces.

        They are how a mutant is known in the list of equivalent ones: other lines may come and go.
        """
        first = source.rfind("\n", 0, self.start) + 1
        last = source.find("\n", self.end)
        before = source[first:last].strip()
        return before, (
            source[first : self.start] + self.replacement + source[self.end : last]
        ).strip()


# --- Tokens ---------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>//[^\n]*)
    | (?P<template>`(?:\\.|[^`\\])*`)
    | (?P<string>'(?:\\.|[^'\\\n])*')
    | (?P<regex>(?<=[(,=:\[!&|?{};\n ])/(?![/*\s])
        (?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*)
    | (?P<number>\d+(?:\.\d+)?(?:e\d+)?n?)
    | (?P<word>[A-Za-z_$][\w$]*)
    | (?P<sign>===|!==|\*\*|\.\.\.|=>|<=|>=|&&|\|\||\?\?|\?\.|\+\+|\+=|\*=|-=
        |[-+*/%<>=!?:;,.(){}\[\]])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of JavaScript that isn't space or comment."""

    kind: str
    text: str
    start: int
    end: int


def tokens(source):
    """Split the JavaScript that the second reader uses into tokens."""
    found, at = [], 0
    while at < len(source):
        match = TOKEN.match(source, at)
        if match is None:
            message = f"expected a token, found {source[at : at + 20]!r}"
            raise ValueError(message)
        at = match.end()
        if match.lastgroup not in {"space", "comment"}:
            found.append(Token(match.lastgroup, match.group(), match.start(), match.end()))
    return found


INTRODUCTION = re.compile(r"^(?: *hello:|const levels =)")
"""The lines in which the reader says what it is; no case asks for that."""

# --- Changes --------------------------------------------------------------------------------------

SIGNS = {
    "===": ["!=="],
    "!==": ["==="],
    "<": ["<=", ">"],
    "<=": ["<", ">"],
    ">": [">=", "<"],
    ">=": [">", "<"],
    "&&": ["||"],
    "||": ["&&"],
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["*"],
    "+=": ["-="],
    "-=": ["+="],
    "!": [""],
}
WORDS = {
    "true": ["false"],
    "false": ["true"],
    "some": ["every"],
    "every": ["some"],
    "push": ["unshift"],
    "shift": ["pop"],
    "pop": ["shift"],
    "startsWith": ["endsWith", "includes"],
    "endsWith": ["startsWith", "includes"],
    "replaceAll": ["replace"],
    "toLowerCase": ["toUpperCase", "toString"],
    "padEnd": ["padStart"],
    "padStart": ["padEnd"],
    "Infinity": ["0"],
    "null": ["0"],
    "undefined": ["0"],
}


def changes(source):
    """Walk through all changes of a source, as (start, end, replacement)."""
    found = tokens(source)
    for at, token in enumerate(found):
        here = (token.start, token.end)
        if INTRODUCTION.search(source[source.rfind("\n", 0, token.start) + 1 : token.end]):
            continue
        match token.kind:
            case "sign":
                for other in SIGNS.get(token.text, ()):
                    yield *here, other
                if token.text == "?":
                    yield from swapped_branches(source, found, at)
            case "word":
                for other in WORDS.get(token.text, ()):
                    yield *here, other
                if token.text in {"if", "while"}:
                    yield from conditions(source, found, at)
            case "number":
                suffix = "n" if token.text.endswith("n") else ""
                if "e" not in token.text:
                    number = int(token.text.removesuffix("n"))
                    yield *here, f"{number + 1}{suffix}"
                    if number > 0:
                        yield *here, f"{number - 1}{suffix}"
            case "string" | "regex" | "template" if is_message(found, at):
                pass
            case "string":
                yield from texts(token)
            case "regex" | "template":
                yield from expressions(token)
    yield from statements(source)


def is_message(found, at):
    """Return whether a text is only for people: what an error says."""
    return at > 1 and found[at - 1].text == "(" and found[at - 2].text in {"Refused", "Error"}


def texts(token):
    """Leave out each character of a short string, or all of a long one."""
    inside = token.text[1:-1]
    if len(inside) > 12 or not inside:
        yield token.start, token.end, "''" if inside else "'x'"
        return
    for found in re.finditer(r"\\u[0-9a-f]{4}|\\.|.", inside):
        start = token.start + 1 + found.start()
        yield start, start + len(found.group()), ""


def expressions(token):
    """Edit a regular expression: each of its parts, its quantifiers and its flags."""
    for found in re.finditer(
        r"\\u[0-9a-f]{4}|\\[pP]\{\w+\}|\\.|\$\{\w+\}|\{\d+\}|\(\?:|\[\^?|.", token.text
    ):
        part = found.group()
        here = (token.start + found.start(), token.start + found.end())
        match part:
            case "*" | "+":
                yield *here, "+" if part == "*" else "*"
            case "[^":
                yield *here, "["
            case "[" | "]" | "(" | ")" | "(?:" | "/" | "`" | "-" | "." | ",":
                pass  # Without it, it would hardly be one.
            case _ if re.fullmatch(r"\{\d+\}", part):
                yield *here, f"{{{int(part[1:-1]) + 1}}}"
                yield *here, f"{{{int(part[1:-1]) - 1}}}"
            case _:
                yield *here, ""


def closing(found, at):
    """Return where the bracket that opens at a token is closed."""
    depth = 0
    for index in range(at, len(found)):
        depth += found[index].text in {"(", "[", "{"}
        depth -= found[index].text in {")", "]", "}"}
        if depth == 0:
            return index
    raise ValueError(found[at])


def conditions(source, found, at):
    """Turn the condition of an `if` or `while` round, and drop it."""
    opened, closed = found[at + 1], found[closing(found, at + 1)]
    inside = source[opened.end : closed.start]
    yield opened.start, closed.end, f"(!({inside}))"
    yield opened.start, closed.end, "(false)"
    if found[at].text == "if":
        yield opened.start, closed.end, "(true)"


def swapped_branches(source, found, at):
    """Swap the branches of `… ? a : b`; b ends at a bracket, a comma, or where its lines do."""
    depth, colon = 0, at
    for colon in range(at + 1, len(found)):
        depth += found[colon].text in {"(", "[", "{", "?"}
        depth -= found[colon].text in {")", "]", "}"} or (found[colon].text == ":" and depth > 0)
        if depth == 0 and found[colon].text == ":" and found[colon - 1].text != "?":
            break
    end, depth = colon + 1, 0
    while end < len(found):
        depth += found[end].text in {"(", "[", "{"}
        depth -= found[end].text in {")", "]", "}"}
        between = source[found[end - 1].end : found[end].start]
        goes_on = found[end].text in {"?", ":", "&&", "||", "+", "."} or end == colon + 1
        if depth < 0 or (
            depth == 0 and (found[end].text in {",", ";"} or ("\n" in between and not goes_on))
        ):
            break
        end += 1
    first = source[found[at].end : found[colon].start].strip()
    second = source[found[colon].end : found[end - 1].end].strip()
    yield found[at].end, found[end - 1].end, f" ({second}) : ({first})"


def statements(source):
    """Drop each statement that stands on one line and isn't a declaration."""
    for found in re.finditer(
        r"^ +(?!const|let|case|\}|//|import|export)(\w.*|\[.*\].*)$", source, re.MULTILINE
    ):
        line = found.group(1)
        if (
            line.count("(") == line.count(")")
            and line.count("{") == line.count("}")
            and not line.endswith(",")
        ):
            yield found.start(1), found.end(1), ""


def sources():
    """Return the reader's files, by their names."""
    paths = sorted(READER.glob("*.mjs"))
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def mutants(files):
    """Return all mutants of some files, in a fixed order, each once."""
    made = {}
    for file, source in files.items():
        for start, end, replacement in changes(source):
            mutant = Mutant(file, start, end, replacement)
            text = mutant.of(source)
            if text != source:
                made.setdefault((file, text), mutant)
    return list(made.values())


# --- Judging --------------------------------------------------------------------------------------


class Judge:
    """Asks mutants the cases of the vectors; a context manager with a folder of its own."""

    def __init__(self, node, files):
        self.node = node
        self.files = files
        self.asked = [
            question
            for question in questions()
            if not question.requires & LACKS and question.expected.keys() & set(LEVELS)
        ]
        # Mistakes of all levels are found as soon.
        draw = random.Random(0)  # noqa: S311 — an order, no secret
        draw.shuffle(self.asked)

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.lines = self.folder / "questions"
        lines = [json.dumps(question.asked) for question in self.asked]
        self.lines.write_text("\n".join(lines) + "\n", encoding="ascii")
        return self

    def __exit__(self, *error):
        self._folder.cleanup()

    def killer(self, mutant):
        """Return the name of the first case that a mutant fails; None if it survives.

        A mutant that isn't JavaScript at all is "syntax".
        """
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        for file, source in self.files.items():
            text = mutant.of(source) if mutant is not None and file == mutant.file else source
            (folder / file).write_text(text, encoding="utf-8")
        try:
            found = self._first_failure(folder)
            if found == self.asked[0].name and not self._is_javascript(folder):
                return "syntax"
            return found
        finally:
            shutil.rmtree(folder)

    def _is_javascript(self, folder):
        commands = [[self.node, "--check", str(folder / file)] for file in self.files]
        return not any(
            subprocess.run(one, capture_output=True, check=False).returncode for one in commands
        )

    def _first_failure(self, folder):
        command = [self.node, "--max-old-space-size=256", str(folder / "reader.mjs")]
        with self.lines.open("rb") as lines:
            process = subprocess.Popen(
                command, stdin=lines, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        timer = threading.Timer(MOST_SECONDS, process.kill)
        timer.start()
        try:
            for question in self.asked:
                if not is_right(question, process.stdout.readline()):
                    return question.name
            return None
        finally:
            timer.cancel()
            process.kill()
            process.stdout.close()
            process.wait()


def is_right(question, line):
    """Return whether a line is the right answer to a question."""
    try:
        answer = json.loads(line)
    except ValueError:
        return False
    rights = [right for level, right in question.expected.items() if level in LEVELS]
    return all(right(answer) for right in rights)


def drawn(judge, count, seed, jobs):
    """Walk through (mutant, the case that kills it or None) of a number of mutants; 0 is all."""
    order = mutants(judge.files)
    random.Random(seed).shuffle(order)  # noqa: S311 — a sample, no secret
    with ThreadPoolExecutor(jobs) as pool:
        while order:
            size = len(order) if count == 0 else count
            some, order = order[:size], order[size:]
            for mutant, name in zip(some, pool.map(judge.killer, some), strict=True):
                if name == "syntax":
                    continue
                yield mutant, name
                count -= 1
                if count == 0:
                    return


# --- The list of equivalent mutants ---------------------------------------------------------------


def equivalent():
    """Return (file, before, after) of the mutants that never differ, each with its reason."""
    listed = json.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {(one["file"], one["before"], one["after"]): one["reason"] for one in listed}


def key(mutant, files):
    """Return what a mutant is listed by."""
    return (mutant.file, *mutant.lines(files[mutant.file]))


def say(line):
    print(line, flush=True)  # noqa: T201 — what it is for


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    node = shutil.which("node")
    if node is None:
        parser.error("node isn't installed")
    known, files = equivalent(), sources()
    found, survivors, same = 0, 0, 0
    with Judge(node, files) as judge:
        if (name := judge.killer(None)) is not None:
            parser.error(f"the reader itself fails {name}")
        for mutant, name in drawn(judge, options.count, options.seed, options.jobs):
            found += 1
            file, before, after = where = key(mutant, files)
            if name is not None and where in known:
                say(f"listed as equivalent, but {name} kills it: {file}: {after}")
            elif name is None and where in known:
                same += 1
            elif name is None:
                survivors += 1
                say(f"survived: {file}\n  - {before}\n  + {after}")
    killed = found - same - survivors
    share = killed / (found - same)
    say(f"{found} mutants: {killed} killed, {same} equivalent, {survivors} survived")
    say(f"{share:.1%} of those that aren't equivalent are killed")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
