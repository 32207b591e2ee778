"""Texts that a regular expression may take long for, made of its own parts, and how long it takes.

What makes one slow is a run that can be shared out among its repetitions in many ways, or that a
search reads again from each of many places. So an attack is a text that the expression would match
with some of its repetitions drawn out, and then spoiled at the end.
"""

from __future__ import annotations

import itertools
import re
from collections import deque
from re import _constants as codes
from re import _parser as parser
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_SPOILER = "\x01"
_MOST_CHARACTERS = 8
"""Of how many kinds of characters runs are made."""
_MOST_BRANCHES = 6
_MOST_REPEATS = 8

_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}


class Run(NamedTuple):
    """A part of an attack that is as long as asked for."""

    text: str


Attack = tuple["str | Run", ...]


def written(attack: Attack, times: int) -> str:
    """Write a text whose runs are repeated so many times, long ones less often."""
    return "".join(
        [
            part.text * -(-2 * times // (len(part.text) + 1)) if isinstance(part, Run) else part
            for part in attack
        ]
    )


def _once(attack: Attack) -> str:
    return "".join([part.text if isinstance(part, Run) else part for part in attack])


# --- Texts that an expression would match ---------------------------------------------------------


class _Examples:
    """Makes texts that an expression matches, in favour of one character and one branch."""

    def __init__(self, characters: str, branch: int, *, ahead: bool) -> None:
        self._characters = characters
        self._branch = branch
        self._ahead = ahead
        self._groups: dict[int, Attack] = {}

    def of(self, items: parser.SubPattern) -> Attack:
        """Give a text in which each repetition is a run, runs inside of runs written out once."""
        return tuple(itertools.chain.from_iterable(self._item(*item) for item in items))

    def _item(self, code: object, value: object) -> Attack:
        made: Attack = ()
        if code is codes.LITERAL:
            made = (chr(value),)
        elif code in {codes.IN, codes.NOT_LITERAL, codes.ANY}:
            one = parser.SubPattern(parser.State(), [(code, value)])
            made = tuple(character for character in self._characters if _takes(one, character))[:1]
        elif code in _REPEATS:
            least, most, inner = value
            text = _once(self.of(inner))
            made = (Run(text),) if most > max(least, 1) and text else (text * max(least, 1),)
        elif code is codes.BRANCH:
            made = self.of(value[1][self._branch % len(value[1])])
        elif code is codes.SUBPATTERN:
            made = self._groups[value[0]] = self.of(value[3])
        elif code is codes.ATOMIC_GROUP:
            made = self.of(value)
        elif code is codes.GROUPREF:
            made = self._groups[value]
        elif code is codes.ASSERT and (self._ahead or value[0] < 0):
            made = self.of(value[1])
        return made


def _takes(item: parser.SubPattern, character: str) -> bool:
    return _compiled(item).fullmatch(character) is not None


def _compiled(item: parser.SubPattern) -> re.Pattern[str]:
    from re import _compiler

    item.state.flags = re.DOTALL
    return _compiler.compile(item)


def _parts(items: parser.SubPattern) -> Iterator[tuple[object, object]]:
    """Give all items of an expression, those inside of others too."""
    for code, value in items:
        yield code, value
        inner = value if isinstance(value, tuple | list) else ()
        if code is codes.BRANCH:
            inner = value[1]
        for one in (value, *inner):
            if isinstance(one, parser.SubPattern):
                yield from _parts(one)


def _characters(parts: list[tuple[object, object]]) -> list[str]:
    """Give a character of each kind that the expression tells apart, those of runs first."""
    literals = [chr(value) for code, value in parts if code is codes.LITERAL]
    sets = [
        parser.SubPattern(parser.State(), [(code, value)])
        for code, value in parts
        if code in {codes.IN, codes.NOT_LITERAL}
    ]
    members = [
        chr(value if code is codes.LITERAL else value[0])
        for items in sets
        for outer, inside in items
        if outer is codes.IN
        for code, value in inside
        if code in {codes.LITERAL, codes.RANGE}
    ]
    kinds: dict[tuple[bool, ...], str] = {}
    known = set(literals)
    patterns = [_compiled(one) for one in sets]
    for character in dict.fromkeys([" ", "a", "0", ".", *members, *literals, "é"]):
        kind = tuple(one.fullmatch(character) is not None for one in patterns)
        # What is told apart by a literal is a kind of its own, if it can be in a run as well.
        kinds.setdefault((*kind, character in known and character not in "a0"), character)
    return list(kinds.values())[:_MOST_CHARACTERS]


# --- Attacks --------------------------------------------------------------------------------------


def attacks_on(pattern: re.Pattern[str]) -> Iterable[Attack]:
    """Make the texts for one expression."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    parts = list(_parts(tree))
    characters = _characters(parts)
    branches = max((len(value[1]) for code, value in parts if code is codes.BRANCH), default=1)
    has_ahead = any(code is codes.ASSERT and value[0] > 0 for code, value in parts)
    made: dict[Attack, None] = {}
    for first, branch, ahead in itertools.product(
        characters, range(min(branches, _MOST_BRANCHES)), [True, *[False] * has_ahead]
    ):
        ordered = "".join(sorted(characters, key=lambda one, first=first: one != first))
        example = _Examples(ordered, branch, ahead=ahead).of(tree)
        made.update(dict.fromkeys(_drawn_out(example)))
    for count in (1, 2, 3):
        for runs in itertools.product(characters[: 9 - 2 * count], repeat=count):
            made[*map(Run, runs), _SPOILER] = None
    return made


def _drawn_out(example: Attack) -> Iterator[Attack]:
    """Draw out one, two, three or all of the repetitions, and all that begins like the example."""
    places = [place for place, part in enumerate(example) if isinstance(part, Run)][:_MOST_REPEATS]
    chosen = [
        *itertools.combinations(places, 1),
        *itertools.combinations(places, 2),
        *zip(places, places[1:], places[2:], strict=False),
        tuple(places),
    ]
    for runs in filter(None, chosen):
        attack = tuple(
            part.text if isinstance(part, Run) and place not in runs else part
            for place, part in enumerate(example)
        )
        yield (*attack, _SPOILER)
        yield attack[: runs[-1] + 1]
        yield (*attack[: runs[-1] + 1], _SPOILER)
    # A search begins at many places, and each time may read to the end.
    for end in range(1, len(example) + 1):
        for start in dict.fromkeys([0, end - 1]):
            if text := _once(example[start:end]):
                yield Run(text), _SPOILER
                yield (*example[:start], Run(text), _SPOILER)


# --- How long they take ---------------------------------------------------------------------------

_SIZES = (12, 18, 150, 1600)
"""Small ones first: what takes exponential or cubic time would never come back from large ones."""
_WORTH_A_LOOK = 0.001
"""Seconds; what is this fast at all sizes is fast enough, and too fast to be measured."""
_LONG = 0.2
_TIMES = (2, 5, 5, 5)
"""Most of what is slow is so because its text is long, which a short look tells."""
_MOST_GROWTH = (2.8, 7.5)
"""By how much time may grow when a text is twice and four times as long; quadratic is 4 and 16."""


def used(pattern: re.Pattern[str], method: str) -> Callable[[str], object]:
    """Give what a text is given to when an expression is used by a method."""
    match method:
        case "finditer":
            return lambda text: deque(pattern.finditer(text), maxlen=0)
        case "sub":
            return lambda text: pattern.sub("", text)
        case _:
            return getattr(pattern, method)


def time_of(function: Callable[[str], object], text: str, times: int = 1) -> float:
    """Give the best of several times; what takes long isn't disturbed by much."""
    best = float("inf")
    for _ in range(times):
        start = process_time()
        function(text)
        best = min(best, process_time() - start)
        if best > _LONG:
            break
    return best


def grows(function: Callable[[str], object], attack: Attack, size: int) -> bool:
    """Whether time grows faster than a text, clearly and whenever it is looked at."""
    texts = [written(attack, size // part) for part in (4, 2, 1)]
    for times in _TIMES:
        quarter, half, whole = (time_of(function, text, times) for text in texts)
        twice, four_times = _MOST_GROWTH
        if whole < twice * half or whole < four_times * quarter:
            return False
    return True


def weakness(pattern: re.Pattern[str], method: str) -> Attack | None:
    """Find a text for which an expression takes more than linear time; None if none is known."""
    function = used(pattern, method)
    for attack in attacks_on(pattern):
        for size in _SIZES:
            slow = time_of(function, written(attack, size)) > _WORTH_A_LOOK
            if slow and grows(function, attack, size):
                return attack
    return None
