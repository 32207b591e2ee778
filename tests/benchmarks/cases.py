"""What is measured: texts and records, made from the sample data and a seed, the same in every run.

Texts are canonical, so that the floor can read them, and no two of a list are equal.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20240701
DATA = Path(__file__).resolve().parents[2] / "docs" / "data"

# --- Texts ----------------------------------------------------------------------------------------

_TEXT_NAMES = (
    "customAttributes.plan",
    "email",
    "firstName",
    "lastInferredLocation.city",
    "lastName",
    "location.city",
    "location.countryCode",
    "role",
    "title",
)
_NUMBER_NAMES = (
    "createDate",
    "customAttributes.seats",
    "lastSeenDate",
    "numberOfVisits",
    "score",
    "signUpDate",
)
_WORDS = (
    "Cleveland", "Köln", "München", "New York", "Smith, John", "VP Sales", "editor", "engineer",
    "enterprise", "firefox", "growth", "manager", "southwest", "trial", "東京", "Łódź",
)  # fmt: skip


def _clause(rng: Random, number: int) -> str:
    """Write a clause that no other number makes: two of three ask for text, one for a number."""
    if number % 3 == 2:
        return f"{rng.choice(_NUMBER_NAMES)}{rng.choice(('<', '<=', '>', '>='))}{number}"
    value = escape(f"{rng.choice(_WORDS)} {number}")
    name = rng.choice(_TEXT_NAMES)
    match rng.randrange(8):
        case 0:
            return f"{name}!={value}"
        case 1:
            return f"{name}~{value}*"
        case 2:
            return f"{name}~*{value}*"
        case _:
            return f"{name}=={value}"


def texts(count: int, clauses: int, seed: int = SEED) -> list[str]:
    """Make texts of filters with so many clauses each."""
    rng = Random(seed)  # noqa: S311 — a benchmark wants the same numbers again, not secret ones
    return [
        ";".join([_clause(rng, start + i) for i in range(clauses)])
        for start in range(0, count * clauses, clauses)
    ]


def plain_texts(count: int, seed: int = SEED) -> list[str]:
    """Make texts of 3 clauses that every peer can write in its own language without escapes."""
    rng = Random(seed)  # noqa: S311 — as above
    return [
        f"{rng.choice(_TEXT_NAMES)}=={rng.choice(('editor', 'growth', 'trial'))}{i}"
        f";{rng.choice(_TEXT_NAMES)}~*{rng.choice(('engineer', 'manager'))}{i}*"
        f";{rng.choice(_NUMBER_NAMES)}>={i}"
        for i in range(count)
    ]


def copies(originals: list[str]) -> list[str]:
    """Copy texts, so that none of them has been hashed or looked at before."""
    return [f" {text}"[1:] for text in originals]


# --- Records --------------------------------------------------------------------------------------

COUNT = 1000


@cache
def records() -> list[dict[str, Any]]:
    """Make records in the shape of the API: each takes every field of another one of its users.

    So absent, null and empty values, `0` for "no date", and names in many scripts are as frequent
    as there. Each record is read from JSON by itself, as it is when it comes from the API: its keys
    are its own.
    """
    # Other characters than "\n" may separate lines for Python, and stand within a name.
    lines = (DATA / "users.jsonl").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    users = [json.loads(line) for line in lines]
    names = {name: None for user in users for name in user}
    rng = Random(SEED)  # noqa: S311 — as above
    made = [dict(_fields(users, names, rng)) for _ in range(COUNT)]
    return [json.loads(json.dumps(record)) for record in made]


def _fields(
    users: list[dict[str, Any]], names: dict[str, None], rng: Random
) -> Iterator[tuple[str, Any]]:
    for name in names:
        user = rng.choice(users)
        if name in user:
            yield name, user[name]


@cache
def objects() -> list[SimpleNamespace]:
    """Give the same records as objects with attributes, which are all there."""
    names = {name: None for record in records() for name in record}
    return [SimpleNamespace(**{**dict.fromkeys(names), **record}) for record in records()]


# --- Matching -------------------------------------------------------------------------------------


class Case(NamedTuple):
    """Filters that are asked of the records; `floors.MATCHING` has the condition by hand."""

    texts: list[str]
    has_target: bool = True
    """Whether how close it comes to the floor was promised."""
    on_objects: bool = False
    """Whether the records are objects with attributes."""

    @property
    def records(self) -> list[Any]:
        """The records that it is asked of."""
        return objects() if self.on_objects else records()


_FLAT = "type==user;role==editor;title!=Accountant"

MATCHING = {
    "flat": Case([_FLAT]),
    "nested": Case(
        [
            (
                "location.continent==EU;lastInferredLocation.continent==EU"
                ";location.timeZone!=Europe/London"
            )
        ]
    ),
    "order": Case(["score>=50;numberOfVisits<200;createDate>=1640995200000"]),
    "infix": Case(["title~*engineer*"]),
    "20 clauses": Case(
        [
            (
                "type==user;globalUnsubscribe==false;score>=5;score<=95;numberOfVisits>=2"
                ";numberOfVisits<400;createDate>=1577836800000;createDate<1719000000000"
                ";lastSeenDate>=1609459200000;lastModifiedDate>=1609459200000;email~*example*"
                ";accountId~acc-*;role!=owner;gender!=OTHER;title!=Accountant;lastName!=Smith"
                ";location.continent!=SA;location.countryCode!=TR;lastInferredLocation.continent!=OC"
                ";identifyId!=usr-0007"
            )
        ]
    ),
    "three filters": Case(
        ["role==owner;score>70", "role==admin;type==USER", "title~*manager*"], has_target=False
    ),
    "wildcards": Case(["email~*.*a*@*.example.com"], has_target=False),
    "list": Case(["propertyKeys==AP-SAMPLEMOB003-2"], has_target=False),
    "list of objects": Case(
        [
            (
                "lastVisitedUserAgentData.propertyKey==AP-SAMPLEWEB001-2"
                ";lastVisitedUserAgentData.userAgent.browserType==firefox"
            )
        ],
        has_target=False,
    ),
    "mixed types": Case(
        ["customAttributes.plan==enterprise;customAttributes.beta!=true"], has_target=False
    ),
    "objects": Case([_FLAT], has_target=False, on_objects=True),
}
