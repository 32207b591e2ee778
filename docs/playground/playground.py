"""What the playground's worker asks of the library; it runs in Pyodide."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import filterlang as fl
from filterlang import px, web
from filterlang.diagnostics.places import Place, written_in

MOST_RECORDS = 200
MOST_DEPTH = 100
"""Brackets within brackets; thousands would overflow the browser's stack and end Python."""
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
WHOLE = {"dimensions", "open"}
"""The keys of a schema in a file, of which the page asks for the dimensions."""
PAGING = {"totalHits", "scrollId", "pageNumber", "pageSize", "isLastPage", "totalPages"}
LONGEST = 100
"""So many characters of a record are shown before it is opened."""
NOTE_ON_SPELLING = "One filter a line, without spaces and backslashes that mean nothing."
NOTE_ON_QUERY = (
    "What stands behind the `?`. Characters that mean something else in an address are encoded."
)
NOTE_ON_2019 = (
    "For servers that know the API as it was documented in 2019. It differs in one operator"
)
NO_DIFFERENCE = ", `~`, which these filters don't have."
DIFFERENCE = ": `~` is written `=@`, encoded `%3D@`, and there is no `!~`."
NOTE_ON_JSON = (
    "For programs that keep or build filters: name, operator and value of each clause, with AND"
    " within the inner lists and OR between them."
)
ANSWERS = {"check": web.check, "complete": web.complete}


def answer(question: str, asked: str) -> str:
    """Answer a question of the page, both as JSON: `payload`, and the `schema` to answer it by."""
    given = json.loads(asked)
    payload = given["payload"]
    try:
        schema = schema_of(given["schema"], given["own"])
    except (ValueError, TypeError, AttributeError) as error:
        if question == "report":
            return json.dumps({"error": f"The schema: {error}"})
        schema = None
    if question == "report":
        return json.dumps(report(payload, schema))
    return json.dumps(ANSWERS[question](payload, schema))


@lru_cache(maxsize=4)  # A keystroke must not wait for a large schema to be made anew.
def schema_of(choice: str, own: str) -> fl.Schema | None:
    """Return the schema that is chosen."""
    match choice:
        case "user":
            return px.USER
        case "account":
            return px.ACCOUNT
        case "own":
            found = read_json(own)
            is_whole = isinstance(found, dict) and "dimensions" in found and found.keys() <= WHOLE
            # `filterlang schema infer` prints a whole one.
            return fl.Schema.from_dict(found) if is_whole else fl.Schema(found)
        case _:
            return None


def report(payload: dict[str, Any], schema: fl.Schema | None) -> dict[str, Any]:
    """Return what the filters say of each record, and the other ways to write them."""
    filters = fl.check(payload["filters"], schema).filters
    if filters is None:
        return {"verdict": "No verdict: a filter has a mistake, shown above."}
    written = forms(filters) if filters.filters else []
    try:
        records = records_of(payload["records"])
    except ValueError as error:
        return {"written": written, "records": [], "error": f"The records: {error}"}
    matcher = fl.compile(filters, schema=schema)
    judged = [
        {"matched": matcher(record), "why": str(matcher.explain(record)), "text": shown(record)}
        for record in records[:MOST_RECORDS]
    ]
    matched = sum(one["matched"] for one in judged)
    verdict = f"{matched} of {len(judged)} records match"
    if not judged:
        verdict = "No verdict: there are no records below."
    elif len(records) > len(judged):
        verdict = f"{matched} of the first {len(judged)} records match; there are {len(records)}"
    elif not filters.filters:
        verdict += ": without a filter, all do"
    return {
        "verdict": verdict,
        "remarks": remarks(filters, schema, records),
        "written": written,
        "records": judged,
    }


def forms(filters: fl.FilterSet) -> list[tuple[str, str, str]]:
    """Return the forms of filters: what each is called, what it is for, and the text."""
    query = fl.to_query(filters)
    try:
        of_2019 = fl.to_query(filters, dialect="aptrinsic-2019")
    except fl.FilterError as error:
        told = dict.fromkeys(one.message for one in error.diagnostics)
        of_2019 = f"none: {'; '.join(told)}"
    data = json.dumps(fl.to_json_obj(filters), ensure_ascii=False, indent=1)
    note_on_2019 = NOTE_ON_2019 + (NO_DIFFERENCE if of_2019 == query else DIFFERENCE)
    return [
        ("In the library's own spelling", NOTE_ON_SPELLING, "\n".join(fl.unparse(filters))),
        ("In the address of a request", NOTE_ON_QUERY, query),
        ("In an address, as in 2019", note_on_2019, of_2019),
        ("As JSON", NOTE_ON_JSON, data),
    ]


def remarks(
    filters: fl.FilterSet, schema: fl.Schema | None, records: list[dict[str, Any]]
) -> list[str]:
    """Return what the command tells, too: names that no record has, and values of other types."""
    # The first diagnostics of a visit don't wait for these.
    from filterlang.backends.files.mistyped import Mistyped
    from filterlang.backends.files.sought import NO_RECORD, Sought

    sought = Sought(filters, schema)
    for record in records:
        sought.see_record(record)
    mistyped = Mistyped(filters, schema, named_schemas)
    mistyped.see_records(records)
    with written_in(Place.LINES):
        return [*(sought.tell(NO_RECORD) if records else ()), *mistyped.tell()]


def named_schemas() -> dict[str, fl.Schema]:
    """Return the schemas by the names that the page has for them."""
    return {"users of Gainsight PX": px.USER, "accounts of Gainsight PX": px.ACCOUNT}


def records_of(text: str) -> list[dict[str, Any]]:
    """Read a list of records, one record, one a line, or an answer of the API.

    Raises:
        ValueError: for what is none of these.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return []
    try:
        read = read_json(text)
    except NoJSONError as error:
        lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) == 1 or text.lstrip().startswith("[") or not is_json(lines[0][1]):
            message = f'{error}; write objects such as {{"score": 12}}, one a line or in a list'
            raise ValueError(message) from None
        read = [read_json(line, number) for number, line in lines]
    records = read if isinstance(read, list) else listed(read)
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            message = f"number {number} is no object"
            raise ValueError(message)
    return records


def listed(record: Any) -> list[Any]:
    """Return the records of an answer of the API; any other one alone."""
    if isinstance(record, dict):
        lists = [value for value in record.values() if isinstance(value, list)]
        is_answer = len(record) == 1 or not PAGING.isdisjoint(record)
        if len(lists) == 1 and is_answer and all(isinstance(one, dict) for one in lists[0]):
            return lists[0]
    return [record]


def shown(record: dict[str, Any]) -> str:
    """Return the beginning of a record as text."""
    text = json.dumps(record, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


class NoJSONError(ValueError):
    """A text isn't JSON; the message says why and where."""


def is_json(text: str) -> bool:
    """Return whether a text is JSON."""
    try:
        read_json(text)
    except NoJSONError:
        return False
    return True


def read_json(text: str, line: int | None = None) -> Any:
    """Read JSON that isn't too deep; `line` is its number, if it stands in one.

    Raises:
        NoJSONError: for what is no JSON.
        ValueError: for what is too deep.
    """
    depth = 0
    for bracket in BRACKETS.findall(text):
        if bracket in "[{":
            depth += 1
        elif bracket in "]}":
            depth -= 1
        if depth > MOST_DEPTH:
            message = f"more than {MOST_DEPTH} lists and objects within each other"
            raise ValueError(message)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        message = f"no JSON: {reason} in line {line or error.lineno}, column {error.colno}"
        raise NoJSONError(message) from None
