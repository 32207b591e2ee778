"""Every message people can get to see about a filter: code → severity, message, hint.

The texts stand in three tables, so that they can be translated: `MESSAGES` here, and `HINTS` and
`WORDS` in `filterlang.diagnostics.hints`. Their entries may be replaced. What stands in braces is
filled in by `filterlang.diagnostics.errors.diagnose`. The codes and keys are stable.
"""

from __future__ import annotations

from filterlang._immutable import Immutable

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from typing import Literal

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
        "';' stands between two clauses; remove it, or write the clause that is missing",
    ),
    "FL103": Message(
        "error",
        "expected an operator after {name}, found {found}",
        "a clause is 'name operator expression', with one of {operators}",
    ),
    "FL104": Message("error", "expected '==', found a single '='", "write '=='"),
    "FL105": Message("error", "expected '{meant}', found '{written}'", "write '{meant}'"),
    "FL106": Message(
        "error",
        "expected '!=' or '!~', found a lone '!'",
        "write '!=' (not equal) or '!~' (not like)",
    ),
    "FL107": Message("error", "expected a name, found '{found}'", "write a name before '{found}'"),
    "FL108": Message(
        "error",
        "expected a part of a name, found {found}",
        "remove the extra '.', or write the part that is missing, as in 'location.city'",
    ),
    "FL109": Message("error", "a name can't hold {found}", "remove it, or write another name"),
    # Expressions
    "FL110": Message(
        "error",
        "expected an expression after '{operator}', found {found}",
        "write what to compare with; only '==' and '!=' may stand alone, to test for an empty"
        " value",
    ),
    "FL111": Message(
        "error",
        "expected '\\,', found a bare ','",
        "write '\\,' for a comma that belongs to the expression; for one of several values,"
        " write a filter for each{several}",
    ),
    "FL112": Message(
        "error",
        "unknown escape '{found}'",
        "write '\\\\' for a backslash; the escapes are {escapes}",
    ),
    "FL113": Message(
        "error",
        "expected a character after '\\', found the end of the filter",
        "write '\\\\' for a backslash",
    ),
    "FL114": Message("error", "a filter can't hold the control character {found}", "remove it"),
    "FL115": Message(
        "error",
        "a filter can't hold {found}, half of a character",
        "the text was decoded wrongly or cut in two; pass whole characters",
    ),
    "FL116": Message(
        "error",
        "expected a clause, found the parameter's key {found}",
        "leave it out; it belongs to the query string, not to the filter",
    ),
    "FL117": Message(
        "error",
        "expected an operator, found percent-encoded text",
        "decode the filter before it is parsed: {decoded}",
    ),
    "FL118": Message(
        "error", "expected '{meant}', found the look-alike {found}", "write '{meant}'"
    ),
    "FL119": Message(
        "error", "expected an operator, found the word {found}", "write '{meant}' instead of it"
    ),
    "FL120": Message(
        "error",
        "the filter holds {found}, which is HTML for {meant}",
        "pass the text as it was before it was written into a page: {decoded}",
    ),
    "FL121": Message(
        "error",
        "expected a clause, found {found}",
        "leave it out; a filter is the condition alone",
    ),
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
        "within one filter ';' alone joins clauses, and '&filter=' starts the next filter",
    ),
    "FL206": Message(
        "error",
        "the dialect '{dialect}' has no operator '{operator}'",
        "send the filter in the dialect 'px', or leave the clause out and match the answer offline",
    ),
    "FL207": Message(
        "warning",
        "a server may split a single filter at {found}",
        "send the filter twice, which means the same; a parameter that occurs twice isn't split",
    ),
    # The JSON form
    "FL211": Message(
        "error",
        "{place}: expected {expected}, found {found}",
        "the form is described by grammar/filter.schema.json",
    ),
    "FL212": Message("error", "{place}: {reason}"),
    # Other engines
    "FL221": Message(
        "error",
        "{engine} can't say exactly {clauses}: {reason}",
        "select a superset, and check its rows with the matcher",
    ),
    "FL222": Message(
        "error",
        "tables of {engine} can't be asked themselves",
        "pass a frame of polars, pandas, dask, pyarrow, DuckDB or PySpark that is made of it",
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
    "FL303": Message(
        "error",
        "the filter takes {length} characters of the query, more than the limit of {limit}",
        "a filter can't be split, since its clauses must hold together; shorten it, or allow more",
    ),
    "FL304": Message(
        "hint",
        "there are more findings than the limit of {limit}; the rest isn't listed",
        "mend what is listed, then check again",
    ),
    # Legal, but hardly meant
    "FL401": Message(
        "warning",
        "{found} doesn't join clauses; the expression goes on to the next ';'",
        "write ';' for AND",
    ),
    "FL402": Message(
        "warning",
        "{found} doesn't join clauses; the expression goes on to the next ';'",
        "for OR, write two filters{several}",
    ),
    "FL403": Message(
        "warning",
        "the operator is '{operator}', and the expression starts with '{first}'",
        "write '{meant}'",
    ),
    "FL404": Message(
        "warning",
        "{found} is compared as text",
        "leave the expression empty to ask for a missing value",
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
        "if the filter is still encoded, decode it before it is parsed; {found} is {decoded}",
    ),
    "FL409": Message(
        "warning", "the name holds a character that can't be seen, {found}", "remove {found}"
    ),
    "FL410": Message(
        "warning",
        "{found} is part of the name here",
        "only ';' joins clauses; leave {found} out",
    ),
    "FL411": Message(
        "warning",
        "{found} groups nothing; there are no parentheses",
        "join clauses with ';' for AND; for OR, write two filters{several}",
    ),
    "FL412": Message(
        "hint",
        "the expression holds a character that can't be seen, {found}",
        "remove {found} if it isn't meant; only the ordinary space is trimmed",
    ),
    "FL413": Message(
        "warning",
        "'&' doesn't end a filter; the expression goes on to the next ';'",
        "write ';' for AND; a whole query string is read by from_query",
    ),
    "FL414": Message(
        "warning",
        "the quotes are part of the {part}",
        "leave the quotes out; spaces need none",
    ),
    "FL415": Message(
        "hint",
        "without a wildcard '{operator}' asks for the whole value",
        "write {contains} for what contains it, or {equality} for what equals it",
    ),
    "FL416": Message(
        "warning",
        "the expression holds another operator, '{found}'",
        "write ';' between two clauses",
    ),
    "FL417": Message(
        "warning",
        "the ':' is part of the name here",
        "leave the ':' out; the operator is '{operator}' alone",
    ),
    "FL418": Message(
        "hint",
        "{found} is part of the expression here",
        "for one of several values, write a filter for each{several}",
    ),
    "FL419": Message(
        "warning",
        "expected a name before the operator, found the number {found}",
        "write the name first: '{meant}'",
    ),
    "FL420": Message(
        "warning",
        "the name mixes alphabets: its {letter} is no Latin {latin}",
        "{letter} is {found}; write {meant}, in Latin letters alone",
    ),
    "FL421": Message(
        "warning",
        "{found} and what ends it aren't part of a filter",
        "write the filter alone: {filters}",
    ),
    "FL422": Message(
        "warning",
        "{found} is part of the expression here; a filter is the condition alone",
        "leave it out",
    ),
    "FL423": Message(
        "hint",
        "a space in {what} may have been a '+'",
        "did you mean {meant}? in a query string '+' stands for a space; write '%2B'",
    ),
    "FL424": Message(
        "warning",
        "the name holds {found}, which looks percent-encoded",
        "decode the filter before it is parsed: {decoded}",
    ),
    "FL425": Message(
        "warning",
        "the expression ends with {found}, which is HTML for {meant}",
        "pass the text as it was before it was written into a page",
    ),
    "FL426": Message(
        "hint",
        "{found} is part of the expression here",
        "if it isn't part of the value, write {clause}",
    ),
    # What doesn't fit a schema
    "FL501": Message("error", "unknown name {name}", "the names are {names}"),
    "FL502": Message("warning", "{name} is deprecated", "{advice}"),
    "FL503": Message(
        "error", "{name} can't be used in filters", "filter by another name, or match offline"
    ),
    "FL504": Message(
        "error", "{name} doesn't take the operator '{operator}'", "it takes {allowed}"
    ),
    "FL505": Message("error", "{name} is {type}, not a value", "filter by a name in it: {names}"),
    "FL506": Message(
        "error", "{name} is a boolean, which has no order", "write '==true' or '==false'"
    ),
    "FL507": Message(
        "warning",
        "{name} is a list; '{operator}' holds if it does for any of its elements",
        "each element is compared, not the length of the list",
    ),
    "FL508": Message(
        "warning",
        "{name} is {type}; a pattern is matched with its text, such as {sample}",
        "write '==' or an order operator to compare its value",
    ),
    "FL509": Message("error", "{name} is {type}; {found} is not one", "write {sample}"),
    "FL510": Message("error", "{found} is not a value of {name}", "its values are {values}"),
    "FL511": Message(
        "warning", "no value of {name} matches the pattern {found}", "its values are {values}"
    ),
    "FL512": Message(
        "warning",
        "{found} is a number of milliseconds, which is {date}",
        "in seconds it would be {meant}; write {milliseconds}, or the date",
    ),
    "FL513": Message(
        "warning",
        "this can't hold together with '{other}'",
        "nothing matches the filter; for OR, write two filters{several}",
    ),
    "FL514": Message("warning", "this repeats the clause '{other}'", "leave one of the two out"),
    "FL515": Message("hint", "this repeats filter {other}", "leave one of the two out"),
    "FL516": Message(
        "hint",
        "{found} is midnight UTC, and only that",
        "for the whole day, write '{day}'",
    ),
    "FL517": Message(
        "warning",
        "this and filter {other} leave nothing out, as each value passes one of them",
        "for what is neither, write both in one filter: {together}",
    ),
    "FL518": Message(
        "hint",
        "in {found} the point comes before decimals",
        "if it parts thousands, write {meant}",
    ),
}
