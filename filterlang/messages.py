"""Every message people can get to see about a filter: code → severity, message, hint.

One table, so that the texts can be translated: `MESSAGES` may be replaced entry by entry. The
words in braces are filled in by `filterlang.errors.diagnose`. The codes are stable.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "hint"]


class Message(NamedTuple):
    """What is said under one code; `message` and `hint` are templates for `str.format`."""

    severity: Severity
    message: str
    hint: str | None = None


MESSAGES: dict[str, Message] = {
    # The structure of a filter
    "FL101": Message(
        "error",
        "expected a filter, found nothing",
        "write at least one clause, such as 'countryCode==US'",
    ),
    "FL102": Message(
        "error",
        "expected a clause, found {found}",
        "';' joins two clauses; remove this one or write the missing clause",
    ),
    "FL103": Message(
        "error",
        "expected an operator, found {found}",
        "a clause is 'name operator expression', with one of == != ~ !~ < <= > >=",
    ),
    "FL104": Message("error", "expected '==', found a single '='", "write '=='"),
    "FL105": Message("error", "expected '{meant}', found '{written}'", "write '{meant}'"),
    "FL106": Message(
        "error",
        "expected '!=' or '!~', found a lone '!'",
        "write '!=' (not equal) or '!~' (not like)",
    ),
    "FL107": Message(
        "error",
        "expected a name, found '{found}'",
        "write the name of a dimension before '{found}'",
    ),
    "FL108": Message(
        "error",
        "expected a part of a name, found {found}",
        "the parts of a dotted name can't be empty, as in 'location.city'",
    ),
    "FL109": Message("error", "a name can't hold {found}", "remove it, or write another name"),
    # Expressions
    "FL110": Message(
        "error",
        "expected an expression after '{operator}', found {found}",
        "only '==' and '!=' may stand without an expression; they test for an empty value",
    ),
    "FL111": Message(
        "error",
        "expected an escaped ',', found a bare one",
        "write '\\,' for a comma that belongs to the expression; for OR, write several filters",
    ),
    "FL112": Message(
        "error",
        "unknown escape '{found}'",
        "write '\\\\' for a backslash; an escape is one of {escapes}",
    ),
    "FL113": Message(
        "error",
        "expected a character to escape, found the end of the filter",
        "write '\\\\' for a backslash",
    ),
    "FL114": Message("error", "a filter can't hold the control character {found}", "remove it"),
    "FL115": Message(
        "error",
        "a filter can't hold {found}, half of a surrogate pair",
        "the text was decoded wrongly; pass whole characters",
    ),
    "FL116": Message(
        "error",
        "expected a clause, found the parameter's key '{found}'",
        "leave '{found}' out; it belongs to the query string, not to the filter",
    ),
    "FL117": Message(
        "error",
        "expected an operator, found percent-encoded text",
        "decode the filter once before parsing it: {decoded}",
    ),
    "FL199": Message("error", "expected {expected}, found {found}"),
    # The query string
    "FL201": Message(
        "error",
        "malformed percent sequence {found}",
        "a '%' is followed by two hexadecimal digits; a percent sign itself is written '%25'",
    ),
    "FL202": Message(
        "error",
        "{found} is not valid UTF-8",
        "percent-encode the UTF-8 bytes of the text",
    ),
    "FL203": Message(
        "error",
        "expected the key 'filter', found {found}",
        "write 'filter'; under any other key the filter would not restrict anything",
    ),
    "FL204": Message(
        "error",
        "expected a query string, found a URL",
        "pass only what follows the '?'",
    ),
    "FL205": Message(
        "error",
        "expected the key 'filter', found {found}",
        "within one filter ';' alone joins clauses, and '&filter=' starts the next filter{remedy}",
    ),
    # Limits
    "FL301": Message(
        "error",
        "the filter has {length} characters, more than the limit of {limit}",
        "split it into several filters, or raise max_length",
    ),
    "FL302": Message(
        "error",
        "'&' would make {count} filters, more than the limit of {limit}",
        "combine smaller sets of filters",
    ),
}
