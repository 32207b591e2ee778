"""Text that is nearly JSON: what it is instead, and what to do, told by where JSON ends in it.

Other readers guess here or say where they stand only. What is no JSON isn't read; but who has such
a file hardly wrote it by hand, and can have it written anew, or take a little away.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from filterlang.backends.files.opening.inputs import BLOCK

_MOST = 200
"""So many characters from a place on are looked at."""

_AT = re.compile(
    r"""
    (?P<quotes>'(?:[^'\\\n]|\\.)*+'\s*+:)
    | (?P<word>(?:True|False|None)\b)
    | (?P<script>undefined\b|(?<=[{,\s])[A-Za-z_$][\w$]*+\s*+:)
    | (?P<call>[A-Za-z_$][\w$.]*+\()
    | (?P<arrow>=>)
    | (?P<number>[+.]\d|(?<=[:,\[\s]0)(?:[xX][0-9a-fA-F]|\d)|(?<=\d)n\b)
    | (?P<dots>\.\.\.|\u2026)
    | (?P<comment>//|/\*|\#)
    | (?P<typography>["""
    "\u2018\u2019\u201c-\u201f\u00ab\u00bb"
    r"""])
    | (?P<comma>,?+\s*+[\]}])
    """,
    re.VERBOSE,
)
"""What may stand where JSON ends."""
_HINTS = {
    "quotes": "single quotes are Python's, not JSON's; write it by json.dumps",
    "word": "this is a word of Python's, not of JSON's; write it by json.dumps",
    "script": "this is JavaScript, not JSON; write it by JSON.stringify",
    "call": "this is a call of a function, which JSON lacks; export it as JSON",
    "arrow": "JSON has : in the place of =>; write it by what writes JSON, in Ruby by to_json",
    "number": "JSON has no number of this form; write it in plain digits, such as 0.5 or 16",
    "dots": "something was left out here; get the whole of it",
    "comment": "JSON has no comments; take them away",
    "typography": "these aren't the quotes of JSON; write \"",
    "comma": "JSON has no comma behind the last one; take it away",
}

_STATEMENT = re.compile(
    r"""
    (?: export\s++default
      | (?:export\s++)?+(?:var|let|const)\s++[\w$]++\s*+ (?: :[^=\n]{1,80} )?+ =
      | [A-Za-z_$][\w$.]*+\s*+[=(]
    )\s*+[\[{]
    """,
    re.VERBOSE,
)
_BRACKETED = re.compile(r"""\[[^\[\]{}"\n]{0,80}[A-Za-z:/-][^\[\]{}"\n]{0,80}\][^\n{"]{0,200}\{""")
"""What many logs write before their JSON: a time or a level in brackets."""
_HEADERS = re.compile(r"HTTP/\d[\d.]*+ \d{3}\b")
_GUARD = re.compile(r"\)\]\}'|while\s*+\(1\)|for\s*+\(;;\)")
_BEHIND_TEXT = re.compile(r"[^{\[\"\n][^{\n]*+\{")
_FENCE = "```"
_YAML = re.compile(r"---[^\S\n]*+\n|- [^\n:{]++:\s")

BETWEEN = {
    ",": (
        "a comma between records is that of a list; put [ before the first one and ] behind the "
        "last one, in place of its comma if it has one"
    ),
    "\0": "NUL bytes divide nothing in JSON; make them line ends: tr '\\0' '\\n'",
    ";": "JSON has no semicolons; take them away",
}
"""What may stand between values where one has to begin, and what to say of it."""


LEAVE_COMMENTS = "JSON has no comments; leave them out: grep -vE '^[[:space:]]*(//|#)'"
"""What to say of lines that are comments."""
BEHIND_TEXT = "JSON stands behind other text in each line; take that away: sed 's/^[^{]*//'"


def is_bracketed(text: str) -> bool:
    """Whether a line of a log begins with something in brackets, and JSON follows.

    Example:
        >>> is_bracketed('[2024-01-31 10:00:00] INFO {"a": 1}'), is_bracketed('[{"a": 1}]')
        (True, False)
    """
    return _BRACKETED.match(text) is not None


def hint_at(text: str, place: int) -> str | None:
    """Return what to say of what stands in a text where JSON has to go on; None for all else.

    Example:
        >>> hint_at("{'a': 1}", 1)
        "single quotes are Python's, not JSON's; write it by json.dumps"
    """
    found = _AT.match(text, place, place + _MOST)
    if found is None or found.lastgroup is None:
        return None
    is_behind_comma = text.startswith(",", place) or text[:place].rstrip().endswith(",")
    return None if found["comma"] and not is_behind_comma else _HINTS[found.lastgroup]


def hint_of_begin(text: str) -> str | None:
    """Return what to say of a text that begins with a line of something else than records."""
    text = text.lstrip()[:_MOST]
    if _STATEMENT.match(text):
        return "this is JavaScript; leave only what stands from the first [ or { to its end"
    if _HEADERS.match(text):
        return (
            "these are the headers of HTTP before the JSON; fetch it again without curl's -i, or "
            "take them away: sed '1,/^\\r*$/d'"
        )
    if _GUARD.match(text):
        return "there is a guard against scripts before the JSON; take it away"
    return None


_decode = JSONDecoder().raw_decode


def hint_of_all(text: str) -> str | None:
    """Return what to say of a text in which no record was found, by its beginning.

    Example:
        >>> hint_of_all('2024-01-31 INFO {"a": 1}')
        "JSON stands behind other text in each line; take that away: sed 's/^[^{]*//'"
    """
    text = text.lstrip()
    if text.startswith(_FENCE):
        return f"there are lines with {_FENCE} around the JSON; take them away"
    if text.startswith(("//", "#")):
        return LEAVE_COMMENTS
    if _YAML.match(text):
        return "this is YAML; convert it to JSON"
    try:
        value, end = _decode(text)
    except JSONDecodeError as error:
        found = hint_of_begin(text) or hint_at(text, error.pos)
    except (RecursionError, ValueError):
        return None
    else:
        if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
            return "each value is a text that holds JSON; take it out: jq -r ."
        found = None
        if isinstance(value, dict | list):
            return hint_at(text, end)
    if found is None and _BEHIND_TEXT.match(text):
        return BEHIND_TEXT
    return found


def without_mark(data: bytes) -> str:
    """Return how to say the encoding of data in which bytes are NUL."""
    # What few need is loaded for these.
    from filterlang.backends.files.opening.other_encodings import is_no_text, unmarked

    likely = unmarked(data)
    if likely is None and is_no_text(data[:BLOCK]):
        return "this is no text; name a file of records"
    if likely is None:
        return "say --encoding utf-16-le or utf-16-be if it is UTF-16 without its mark"
    kind = likely[: len("utf-16")].upper()
    return f"say --encoding {likely} if it is {kind} without its mark"
