"""The page that compares what is said of thirty mistakes with what the peers say.

`python -m tests.tools.compare_messages` writes the page from what is stored of the peers, and our
own messages of now. With `--peers PYTHON`, a Python in which the peers are installed, they are all
asked anew, in one go, and what they say is stored with their versions:

    python -m venv peers
    peers/bin/pip install odata-query==0.10.0 sqlalchemy rule-engine==5.1.0 luqum==1.0.0 \
        cel-expr-python==0.1.3 duckdb==2.0.1
    python -m tests.tools.compare_messages --peers peers/bin/python

The mistakes are in `mistakes.json` beside this file: each once in every language in which it is
one, with the spellings of the remedy, one of which a message has to name.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import filterlang as fl
from filterlang.checking.clock import clock_at

ROOT = Path(__file__).parents[2]
MISTAKES = Path(__file__).with_name("mistakes.json")
STORED = Path(__file__).with_name("peer_messages.json")
PAGE = ROOT / "docs" / "explanation" / "messages.md"
OURS = "filterlang"
PEERS = ("odata-query", "rule-engine", "luqum", "cel-expr-python", "duckdb")
NOW = datetime(2024, 1, 31, 12, 30, tzinfo=UTC)
LONGEST = 16
"""How many lines of a message are shown."""
SECONDS = 60
"""How long all peers together may take."""

SCHEMA = fl.Schema.from_dict(
    {
        "name": "users",
        "dimensions": {
            "lastName": {"type": "text"},
            "role": {"type": "enum", "values": ["ADMIN", "USER", "GUEST"]},
            "score": {"type": "number"},
            "active": {"type": "boolean"},
            "seen": {"type": "datetime"},
        },
    }
)

PLACE = re.compile(
    r"""
    ^[^\S\n]*\|?[^\S\n]*\^              # carets on a line of their own
    | \b (?:line | column | position) [ ] \d
    | \b index = \d                     # odata-query's tokens
    | : \d+ : \d+                       # CEL's line and column
    | , \d+ , \d+ \)                    # rule-engine's tokens
    | \b at [ ] the [ ] end \b          # luqum's end of the text
    """,
    re.MULTILINE | re.VERBOSE,
)
"""What names a place."""


def mistakes():
    """Return the thirty mistakes."""
    return json.loads(MISTAKES.read_text(encoding="utf-8"))


def ours(text):
    """Return what we say of a text, or None."""
    with clock_at(NOW):
        return fl.check(text, SCHEMA).render().rstrip() or None


def asked_anew(python, peers=PEERS):
    """Ask peers, in a process of their own, and return what is to be stored of them."""
    asked = {
        name: [case["texts"][name] for case in mistakes() if name in case["texts"]]
        for name in peers
    }
    program = [python, str(Path(__file__).with_name("peer_messages.py"))]
    run = subprocess.run(
        program,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    told = json.loads(run.stdout)
    return {
        name: {
            "version": told[name]["version"],
            "answers": dict(zip(asked[name], told[name]["answers"], strict=True)),
        }
        for name in peers
    }


def stored():
    """Return what is stored of the peers."""
    return json.loads(STORED.read_text(encoding="utf-8"))


def names_place(message):
    """Return whether a message names a place in the text."""
    return PLACE.search(message) is not None


def names_remedy(message, text, remedies):
    """Return whether a message names a spelling of the remedy that isn't in the text itself."""
    return any(remedy in message and remedy.strip(" '\"") not in text for remedy in remedies)


def findings(message, text, remedies):
    """Return what the table of the page has to say of a message."""
    if message is None:
        return "accepted silently"
    found = [
        what
        for what, holds in (
            ("place", names_place(message)),
            ("remedy", names_remedy(message, text, remedies)),
        )
        if holds
    ]
    return ", ".join(found) or "neither"


def all_findings(peers):
    """Return the findings of each mistake, by name."""
    return [
        {
            name: findings(message, case["texts"][name], case["remedies"])
            for name, message in messages(case, peers).items()
        }
        for case in mistakes()
    ]


def messages(case, peers):
    """Return what each says of a mistake that is one in its language."""
    texts = case["texts"]
    told = {OURS: ours(texts[OURS])}
    return told | {name: peers[name]["answers"][texts[name]] for name in PEERS if name in texts}


def shown(message):
    """Return a message for the page, shortened so that one sees it."""
    if message is None:
        return "(nothing: it is accepted)"
    lines = [line.rstrip() for line in message.split("\n")]
    if len(lines) > LONGEST:
        lines = [*lines[:LONGEST], f"(… {len(lines) - LONGEST} more lines)"]
    return "\n".join(line if len(line) <= 300 else f"{line[:300]} (… shortened)" for line in lines)


def table(header, rows):
    """Return a table of Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def anchor(title):
    """Return the anchor that a heading gets."""
    return re.sub(r"[^\w -]", "", title.casefold()).replace(" ", "-")


def counts(found):
    """Return the rows of the summary."""
    for name in (OURS, *PEERS):
        told = [one[name] for one in found if name in one]
        yield [
            name,
            len(told),
            sum("place" in one for one in told),
            sum("remedy" in one for one in told),
            sum(one == "neither" for one in told),
            sum(one == "accepted silently" for one in told),
        ]


def better(found):
    """Return the sentences that tell where a peer says what we don't."""
    for case, one in zip(mistakes(), found, strict=True):
        for what in ("place", "remedy"):
            names = [name for name in PEERS if what in one.get(name, "") and what not in one[OURS]]
            if names:
                yield f"- {case['title']}: the {what} is named by {', '.join(names)}, not by us."


def section(case, peers):
    """Return the section of a mistake."""
    parts = [f"## {case['title']}", f"Meant: {case['meant']}."]
    for name, message in messages(case, peers).items():
        text = case["texts"][name]
        written = f"`{text}`" if text else "an empty text"
        parts.append(f"**{name}**, {written}:\n\n```text\n{shown(message)}\n```")
    absent = [name for name in PEERS if name not in case["texts"]]
    if absent:
        parts.append(f"Not asked, as it is no mistake there: {', '.join(absent)}.")
    return "\n\n".join(parts)


def current():
    """Return the page as it has to be."""
    peers = stored()
    found = all_findings(peers)
    cases = mistakes()
    return PAGE_TEXT.format(
        versions=", ".join(f"{name} {peers[name]['version']}" for name in PEERS),
        summary=table(
            ["", "asked", "place", "remedy", "neither", "accepted silently"], counts(found)
        ),
        better="\n".join(better(found)) or "In none of the thirty by these two measures.",
        by_mistake=table(
            ["mistake", OURS, *PEERS],
            [
                [
                    f"[{case['title']}](#{anchor(case['title'])})",
                    *(one.get(name, "–") for name in (OURS, *PEERS)),
                ]
                for case, one in zip(cases, found, strict=True)
            ],
        ),
        sections="\n\n".join(section(case, peers) for case in cases),
    )


PAGE_TEXT = """# Thirty mistakes, and what is said of them

The same mistake, written in our language and in those of five peers: {versions}.
`python -m tests.tools.compare_messages` writes this page, and with `--peers PYTHON` asks the peers
anew, all in one go. What we say here is what the library says now; a test compares.

## How it is counted

- *Place*: the message has carets, a line, column or offset, or says that it is at the end. Whether
  it is the *right* place isn't judged; read the sections for that.
- *Remedy*: the message contains what has to be written instead, in any of the spellings that
  `tests/tools/mistakes.json` lists for the mistake and that aren't in the text itself.
- *Accepted silently*: no error and no word, also when the text is tried on a record.

What is said in the message counts, not what the error has as attributes. Each peer is given the
fields `lastName`, `role` (`ADMIN`, `USER` or `GUEST`), `score`, `active` and `seen` with their
types if it can use them: luqum parses only, so that it can't know a name or a type; only DuckDB
and we are told the values of `role`. odata-query is asked through its translation for SQLAlchemy,
on SQLite.

Mind who chose: the mistakes are of the kinds that our own corpus has, which our messages were
written for, and the remedies are our idea of what helps. Their spellings were completed after a
first count, when all messages had been read, ours more closely than the others. In that first
count a remedy was named in 25 of 30 cases by filterlang, 9 of 29 by CEL, 5 of 25 by DuckDB, 4 of
22 by luqum, 2 of 29 by rule-engine and in none by odata-query; among those of CEL and rule-engine
were words that only repeated the text, which aren't counted now. So take small differences for
nothing. The peers' languages are larger, and a message is harder to write for a larger language.
Where a text is no mistake in a language, that peer isn't asked. An empty filter and a `;` at the
end are valid in ours: the first matches everything.

## What came out

{summary}

Where a peer says what we don't:

{better}

Read beyond the counts: DuckDB has carets and lists the nearest names, and says `unterminated string
literal` where we take a lone quotation mark for a part of the value. CEL shows the place of nearly
every mistake, and names the types that an operator got. A position of odata-query's is often that
of the space before the mistake.

## By mistake

{by_mistake}

{sections}
"""


def main():
    """Write the page, after the peers were asked if that is wished."""
    parser = argparse.ArgumentParser(description="Write the page that compares messages.")
    parser.add_argument("--peers", metavar="PYTHON", help="ask the peers of this Python anew")
    python = parser.parse_args().peers
    if python:
        text = json.dumps(asked_anew(python), ensure_ascii=False, indent=2) + "\n"
        STORED.write_text(text, encoding="utf-8")
    PAGE.write_text(current(), encoding="utf-8")


if __name__ == "__main__":
    main()
