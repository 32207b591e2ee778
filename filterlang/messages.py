"""Every message people can get to see about a filter: code → severity, message, hint.

One table, so that the texts can be translated: `MESSAGES` may be replaced entry by entry. The
words in braces are filled in by `filterlang.errors.diagnose`. The codes are stable.
"""

from __future__ import annotations

from typing import Literal

from filterlang._immutable import Immutable

Severity = Literal["error", "warning", "hint"]

_set = object.__setattr__


class Message(Immutable):
    """What is said under one code; `message` and `hint` are templates for `str.format`."""

    __slots__ = ("hint", "message", "severity")
    __match_args__ = ("severity", "message", "hint")
    severity: Severity
    message: str
    hint: str | None

    def __init__(self, severity: Severity, message: str, hint: str | None = None) -> None:
        _set(self, "severity", severity)
        _set(self, "message", message)
        _set(self, "hint", hint)


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
        "expected a clause, found the parameter's key {found}",
        "leave {found} out; it belongs to the query string, not to the filter",
    ),
    "FL117": Message(
        "error",
        "expected an operator, found percent-encoded text",
        "decode the filter once before parsing it: {decoded}",
    ),
    "FL118": Message(
        "error", "expected an operator, found the look-alike {found}", "write '{meant}'"
    ),
    "FL119": Message(
        "error",
        "expected an operator, found the word {found}",
        "operators are signs; {found} is written '{meant}'",
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
    # Legal, but hardly meant
    "FL401": Message(
        "warning",
        "{found} doesn't join clauses; the expression goes on to the ';'",
        "write ';' for AND",
    ),
    "FL402": Message(
        "warning",
        "{found} doesn't join clauses; the expression goes on to the ';'",
        "for OR, write two filters",
    ),
    "FL403": Message(
        "warning",
        "the expression after '{operator}' starts with '{first}'",
        "write '{meant}' for the operator{otherwise}",
    ),
    "FL404": Message(
        "warning",
        "{found} is compared as text",
        "leave the expression empty to test for an empty value",
    ),
    "FL405": Message(
        "hint",
        "{found} is an ordinary character after '{operator}'",
        "write '{meant}' to match with wildcards",
    ),
    "FL406": Message(
        "hint", "{found} is an ordinary character in a pattern", "the wildcard is '{meant}'"
    ),
    "FL407": Message(
        "hint",
        "{found} looks like a regular expression",
        "a pattern knows '*' (any run of characters) and '?' (exactly one); the rest is plain",
    ),
    "FL408": Message(
        "hint",
        "{found} looks percent-encoded",
        "if the filter was encoded, decode it once before parsing; {found} is {decoded}",
    ),
    "FL409": Message(
        "warning", "{where} holds a character that can't be seen, {found}", "remove it"
    ),
    "FL410": Message(
        "warning",
        "the name starts with {found}",
        "there is no NOT, and only ';' joins clauses; remove it",
    ),
    "FL411": Message(
        "warning",
        "the name starts with {found}",
        "there are no parentheses; write each alternative as a filter of its own",
    ),
    "FL412": Message(
        "hint",
        "the expression has a space or invisible character at its {where}, {found}",
        "only U+0020 is trimmed; remove it if it isn't meant",
    ),
    "FL413": Message(
        "warning",
        "'&' doesn't end a filter; the expression goes on to the ';'",
        "pass each parameter's value by itself, or the whole query string to from_query",
    ),
    "FL414": Message(
        "warning",
        "the quotes {found} are part of what they enclose",
        "leave them out; spaces and quotes need none",
    ),
    # What doesn't fit a schema
    "FL501": Message("error", "unknown name {name}", "{advice}"),
    "FL502": Message("warning", "{name} is deprecated", "{advice}"),
    "FL503": Message(
        "error", "{name} can't be used in filters", "filter by another name, or match offline"
    ),
    "FL504": Message(
        "error", "{name} doesn't take the operator '{operator}'", "it takes {allowed}"
    ),
    "FL505": Message("error", "{name} is {type}, not a value", "{advice}"),
    "FL506": Message(
        "error", "{name} is a boolean, which has no order", "compare with '==true' or '==false'"
    ),
    "FL507": Message(
        "warning",
        "{name} is a list; '{operator}' holds if it does for any of its elements",
        "leave it so if that is meant",
    ),
    "FL508": Message(
        "warning",
        "{name} is {type}; a pattern is compared with its text, such as {sample}",
        "use '==' or an order operator to compare its value",
    ),
    "FL509": Message("error", "{name} is {type}; {found} is not one", "{advice}"),
    "FL510": Message("error", "{found} is not a value of {name}", "{advice}"),
    "FL511": Message(
        "warning", "no value of {name} matches the pattern {found}", "its values are {values}"
    ),
    "FL512": Message(
        "warning",
        "{found} milliseconds are {date}; seconds would be {meant}",
        "dates are in milliseconds; write {found}000, or the date itself",
    ),
    "FL513": Message(
        "warning",
        "this can't hold together with '{other}'",
        "nothing matches the filter; for OR, write two filters",
    ),
    "FL514": Message("warning", "this repeats the clause '{other}'", "leave one of the two out"),
    "FL515": Message("hint", "this repeats filter {other}", "leave one of the two out"),
}
