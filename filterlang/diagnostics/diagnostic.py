"""Where something is wrong, what could be written instead, and the one way to show it."""

from __future__ import annotations

from filterlang._immutable import Immutable
from filterlang.diagnostics.hints import WORDS

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_set = object.__setattr__

MAX_DIAGNOSTICS = 1_000
"""How many findings about one text are collected; a last diagnostic, FL304, tells of the rest."""
MAX_SHOWN = 20
"""How many findings about one text a person is shown, and a server answers with."""
MAX_SHOWN_IN_ALL = 100
"""How many findings about several texts together a person is shown."""
MAX_VALUE_LENGTH = 500
"""How many characters of anything that is put into a message or a hint are shown."""
_WIDTH = 100
"""How many columns of a source line are shown; a longer line is cut around the span."""


class Span(Immutable):
    """A half-open range of a text, in code points: `text[span.start:span.end]`.

    JSON takes `list(span)`. Raises `ValueError` unless `0 <= start <= end`.

    Example:
        >>> span = Span(0, 5)
        >>> "score>=10"[span.start : span.end]
        'score'
    """

    __slots__ = ("end", "start")
    __match_args__ = ("start", "end")
    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        if not 0 <= start <= end:
            message = f"a span needs 0 <= start <= end, not {start} and {end}"
            raise ValueError(message)
        _set(self, "start", start)
        _set(self, "end", end)

    def __iter__(self) -> Iterator[int]:
        """Return start and end, so that `start, end = span`."""
        return iter((self.start, self.end))


class Edit(Immutable):
    """Replace what a span covers by `text`; an empty span inserts.

    Example:
        >>> apply_edits("a=1", [Edit(Span(1, 2), "==")])
        'a==1'
    """

    __slots__ = ("span", "text")
    __match_args__ = ("span", "text")
    span: Span
    text: str

    def __init__(self, span: Span, text: str) -> None:
        _set(self, "span", span)
        _set(self, "text", text)


class Fix(Immutable):
    """Edits of one text that mend a mistake.

    `safe` says that no other meaning can have been intended, so that the fix may be applied
    unasked; any other fix is a suggestion.

    Example:
        >>> from filterlang import check
        >>> check("score=10").diagnostics[0].fixes
        (Fix((Edit(Span(5, 6), '=='),), True),)
    """

    __slots__ = ("edits", "safe")
    __match_args__ = ("edits", "safe")
    edits: tuple[Edit, ...]
    safe: bool

    def __init__(self, edits: Iterable[Edit], safe: bool) -> None:
        _set(self, "edits", tuple(edits))
        _set(self, "safe", safe)

    def apply(self, text: str) -> str:
        """Return the text with all the edits made; they must not overlap.

        Example:
            >>> Fix([Edit(Span(1, 2), "==")], safe=True).apply("a=b")
            'a==b'
        """
        return apply_edits(text, self.edits)


class Diagnostic(Immutable):
    """One finding about one text.

    Fields: `code` (`"FL104"`), `severity` (`"error"`, `"warning"` or `"hint"`), `message`, `span`
    (code points of the filter's decoded text; of the query string for what is wrong with that),
    `hint` (or None), `fixes`, and `source_index`, which of several texts it is about; None for what
    is wrong with the query string around them.

    Example:
        >>> from filterlang import check
        >>> found = check("score=10").diagnostics[0]
        >>> found.code, found.span, found.message
        ('FL104', Span(5, 6), "expected '==', found a single '='")
    """

    __slots__ = ("code", "fixes", "hint", "message", "severity", "source_index", "span")
    __match_args__ = ("code", "severity", "message", "span", "hint", "fixes", "source_index")
    code: str
    severity: str
    message: str
    span: Span
    hint: str | None
    fixes: tuple[Fix, ...]
    source_index: int | None

    def __init__(
        self,
        code: str,
        severity: str,
        message: str,
        span: Span,
        hint: str | None = None,
        fixes: Iterable[Fix] = (),
        source_index: int | None = 0,
    ) -> None:
        _set(self, "code", code)
        _set(self, "severity", severity)
        _set(self, "message", message)
        _set(self, "span", span)
        _set(self, "hint", hint)
        _set(self, "fixes", tuple(fixes))
        _set(self, "source_index", source_index)


def with_fixes(one: Diagnostic, fixes: Iterable[Fix]) -> Diagnostic:
    """Return a diagnostic that says the same and has other fixes."""
    return Diagnostic(
        one.code, one.severity, one.message, one.span, one.hint, fixes, one.source_index
    )


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all the edits made; they must not overlap."""
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        pieces += [text[done : edit.span.start], edit.text]
        done = edit.span.end
    return "".join(pieces) + text[done:]


def showable(text: str, most: int | None = None) -> str:
    """Return a foreign text as it can be shown: what can't be seen made visible, a long one cut.

    Every text that isn't this library's own goes through here, by itself or within what else is
    shown, before it stands in a message: it might rule the terminal, or turn what follows around.
    What has been through here stays as it is.

    Args:
        text: the text.
        most: how many characters of it are shown; None for all.
    """
    text = str.__str__(text)  # A subclass may answer whatever it likes.
    cut = text if most is None or len(text) <= most else text[: most - 1] + "…"
    return cut if cut.isprintable() else "".join(map(_visible, cut))


def showable_lines(text: str) -> str:
    """Return a text of several lines as it can be shown, of which none is foreign as a whole."""
    return "\n".join(map(showable, text.split("\n")))


def quoted(text: str, most: int = 60) -> str:
    """Put a text into a message: in quotes, and `showable`."""
    cut = showable(text, most)
    mark = '"' if "'" in cut and '"' not in cut else "'"
    return mark + cut + mark


_LONGEST_SHOWN = 200


def shown(value: object) -> str:
    """Put a value into a message: its `repr`, `showable`, and in a line of bearable length."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 — of deep or odd values; a message shall still come of it
        return f"a {class_name(value)} that can't be shown"
    return showable(text, _LONGEST_SHOWN + 1)


# A metaclass may have another answer than the class itself.
_name_of_class = type.__dict__["__name__"].__get__


def class_name(value: object) -> str:
    """Put into a message what a value is: the name of its class, `showable`."""
    return showable(_name_of_class(type(value)), 60)


def class_and_remedy(value: object) -> str:
    """Put into a message what a value is that is no filter, and what makes one of it.

    A class whose values are a part of one says so itself, by its method `_remedy`.
    """
    remedy = getattr(type(value), "_remedy", None)
    return class_name(value) if remedy is None else f"{class_name(value)}; {remedy(value)}"


_GRAVITY = {"error": 0, "warning": 1, "hint": 2}


def gravest(diagnostics: Sequence[Diagnostic], most: int) -> list[Diagnostic]:
    """Return at most so many diagnostics, in their order; errors rather than warnings and hints."""
    by_gravity = sorted(
        range(len(diagnostics)), key=lambda place: _GRAVITY[diagnostics[place].severity]
    )
    return [diagnostics[place] for place in sorted(by_gravity[:most])]


def render(
    diagnostics: Iterable[Diagnostic],
    sources: Sequence[str] = (),
    *,
    query: str | None = None,
    color: bool = False,
) -> str:
    """Show diagnostics to a person: each with its place, the source line, carets and the hint.

    Of one text at most 20 are shown, the gravest ones, and of all texts at most 100, and then how
    many more there are.

    Args:
        diagnostics: what to show, in this order.
        sources: the texts that `source_index` counts; without its text a diagnostic has no line.
        query: the query string, for diagnostics without a `source_index`.
        color: whether to emit ANSI colours.

    Example:
        >>> print(render([Diagnostic("FL104", "error", "found a single '='", Span(8, 9),
        ...                          "write '=='")], ["lastName=Doe"]))
        error[FL104]: found a single '='
         --> filter, column 9
          |
          | lastName=Doe
          |         ^
        hint: write '=='
    """
    painted = paint if color else _plain
    blocks = []
    for diagnostic in _shown(diagnostics):
        if isinstance(diagnostic, str):
            blocks.append(diagnostic)
            continue
        severity = diagnostic.severity
        head = painted(f"{severity}[{diagnostic.code}]", severity)
        lines = [f"{head}: {painted(showable_lines(diagnostic.message), 'message')}"]
        label, source = _source(diagnostic, sources, query)
        if source is not None:
            line, carets = _excerpt(source, diagnostic.span)
            lines += [
                f" --> {label}, column {diagnostic.span.start + 1}",
                "  |",
                f"  | {line}".rstrip(" "),
                f"  | {painted(carets, severity)}",
            ]
        if diagnostic.hint is not None:
            lines.append(f"{painted('hint', 'hint')}: {showable_lines(diagnostic.hint)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _shown(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic | str]:
    """Return the diagnostics that are shown, and after the last one of a text how many more."""
    of_texts: dict[int | None, list[Diagnostic]] = {}
    diagnostics = list(diagnostics)
    for one in diagnostics:
        of_texts.setdefault(one.source_index, []).append(one)
    if len(diagnostics) <= MAX_SHOWN_IN_ALL and all(
        len(found) <= MAX_SHOWN for found in of_texts.values()
    ):
        # The usual case; an order that a caller chose is kept across the texts.
        yield from diagnostics
        return
    shown = done = 0
    for found in of_texts.values():
        count = min(len(found), MAX_SHOWN)
        if shown + count > MAX_SHOWN_IN_ALL:
            words = "and at least" if diagnostics[-1].code == "FL304" else "and more"
            yield WORDS[words].format(count=len(diagnostics) - done)
            return
        yield from shown_of_one(found)
        shown += count
        done += len(found)


def shown_of_one(
    diagnostics: Sequence[Diagnostic], most: int = MAX_SHOWN
) -> Iterator[Diagnostic | str]:
    """Return the diagnostics of one text that are shown, and then how many more there are."""
    found = [one for one in diagnostics if one.code != "FL304"]
    more = len(found) - most
    if more <= 0:
        yield from diagnostics
        return
    yield from gravest(found, most)
    # Where collecting stopped, nobody knows how many there are.
    words = "and more" if len(found) == len(diagnostics) else "and at least"
    yield WORDS[words].format(count=more)


def _source(
    diagnostic: Diagnostic, sources: Sequence[str], query: str | None
) -> tuple[str, str | None]:
    """Return the text that a diagnostic is about, if it is known, and how to call it."""
    index = diagnostic.source_index
    if index is None:
        return "query", query
    if index >= len(sources):
        return "filter", None
    return f"filter {index + 1}" if len(sources) > 1 else "filter", sources[index]


_COLORS = {
    "error": "1;31",
    "warning": "1;33",
    "hint": "1;36",
    "fixed": "1;32",
    "found": "1;31",
    "message": "1",
}


def paint(text: str, role: str) -> str:
    """Colour a text for a terminal; `role` is a severity, `"message"`, `"fixed"` or `"found"`."""
    return f"\x1b[{_COLORS[role]}m{text}\x1b[0m"


def _plain(text: str, role: str) -> str:  # noqa: ARG001 — takes the arguments of `paint`
    return text


def _excerpt(source: str, span: Span) -> tuple[str, str]:
    """Cut the line around the span, and put carets below the span's characters."""
    start, end = _window(source, span.start)
    before, within, after = (
        showable(source[low:high])
        for low, high in (
            (start, span.start),
            (span.start, min(span.end, end)),
            (min(span.end, end), end),
        )
    )
    before = "…" + before if start > 0 else before
    after = after + "…" if end < len(source) else after
    carets = "^" * max(1, _columns(within))
    return before + within + after, " " * _columns(before) + carets


def _window(source: str, place: int) -> tuple[int, int]:
    """Return the part of a line that is shown around a place, which takes at most `_WIDTH` columns.

    It reads no more of the line than that, however long the line is.
    """
    # The span's start is what people must see; of a long span its beginning is enough.
    start = end = min(place, len(source))
    taken = 0
    while start > 0 and taken + _shown_width(source[start - 1]) <= _WIDTH // 2:
        start -= 1
        taken += _shown_width(source[start])
    while end < len(source) and taken + _shown_width(source[end]) <= _WIDTH:
        taken += _shown_width(source[end])
        end += 1
    while start > 0 and taken + _shown_width(source[start - 1]) <= _WIDTH:
        start -= 1
        taken += _shown_width(source[start])
    return start, end


def _shown_width(character: str) -> int:
    """Count the columns of a character as it is shown; one at least, so that each has an end."""
    return max(1, _columns(_visible(character)))


_FIRST_CONTROL_PICTURE, _DELETE, _DELETE_PICTURE = 0x2400, 0x7F, "\u2421"


def _visible(character: str) -> str:
    """Return a character as people see it: `␉` for a tab, `<U+200B>` for a zero width space."""
    if character == " " or character.isprintable():
        return character
    code = ord(character)
    if code < ord(" "):
        return chr(_FIRST_CONTROL_PICTURE + code)
    return _DELETE_PICTURE if code == _DELETE else f"<U+{code:04X}>"


def _columns(text: str) -> int:
    """Count the terminal columns that a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    # Only messages with non-ASCII text need this table; it isn't worth its time at start-up.
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(c) in {"Mn", "Me"} else 2 if east_asian_width(c) in {"W", "F"} else 1
        for c in text
    )
