"""What the playground's worker asks of the library; it runs in Pyodide."""

from __future__ import annotations

import json
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import filterlang as fl
from filterlang import px, web
from filterlang.diagnostics.places import Place, written_in

MOST_JUDGED = 20_000
MOST_SHOWN = 200
LENGTH = web.Limits().length
"""So many characters the box takes; the forms and verdicts are those of what it takes."""
MOST_DEPTH = 100
"""Brackets within brackets; thousands would overflow the browser's stack and end Python."""
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
WHOLE = {"dimensions", "open"}
"""The keys of a schema in a file, of which the page asks for the dimensions."""
PAGING = {"totalHits", "scrollId", "pageNumber", "pageSize", "isLastPage", "totalPages"}
LONGEST = 100
"""So many characters of a record are shown before it is opened."""
LONGEST_WHOLE = 5_000
"""So many characters of a record are shown where there is nothing to say of it."""
MOST_NAMES = 8
"""So many columns are named."""
SPACE = re.compile(r"\s*")
FOREIGN = {
    "|": "this is a table of Markdown",
    "<": "this is XML or HTML",
    "http://": "nothing is fetched from an address",
    "https://": "nothing is fetched from an address",
}
"""How what can't be records begins."""
COLUMN = re.compile(r"[^\W\d][\w.]*")
"""How a name is written that stands alone in a first line."""
WRITE = 'write objects such as {"score": 12}, one a line or in a list, or CSV with a line of names'
NOTE_ON_SPELLING = "One filter a line, without spaces and backslashes that mean nothing."
NOTE_ON_QUERY = (
    "What stands behind the `?`. Characters that mean something else in an address are encoded."
)
NOTE_ON_2019 = (
    "For servers that know the API as it was documented in 2019. It differs in one operator"
)
SHOWN = f"{MOST_SHOWN} of them are shown, those that match first. "
UNWRITTEN = "They are here again as soon as no filter has a mistake."
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
    schema = fault = None
    try:
        schema = schema_of(given["schema"], given["own"])
    except (ValueError, TypeError, AttributeError) as error:
        fault = f"The schema: {error}"
    if question == "report":
        return json.dumps(report(payload, schema, fault))
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


def report(
    payload: dict[str, Any], schema: fl.Schema | None, fault: str | None = None
) -> dict[str, Any]:
    """Return what the filters say of each record, and the other ways to write them.

    `fault` is what is wrong with the schema, if something is.
    """
    filters = None
    if not fault:
        filters = fl.check(payload["filters"], schema, max_length=LENGTH).filters
    read, answer = None, {}
    try:
        read = records_of(payload["records"], is_text=schema is not None)
    except ValueError as error:
        answer["unread"] = f"Not read: {error}"
    else:
        answer["read"] = read.told
    if fault:
        answer |= {"error": fault, "verdict": "No verdict: the schema can't be read."}
    elif filters is None:
        answer["verdict"] = "No verdict: a filter has a mistake, shown above."
    elif read is None:
        answer["verdict"] = "No verdict: the records can't be read; why is told below them."
    if filters is None:
        records = [] if read is None else read.records[:MOST_SHOWN]
        unjudged = [
            {"number": number, "matched": None, "why": whole(one), "text": shown(one)}
            for number, one in enumerate(records, 1)
        ]
        return {**answer, "unwritten": UNWRITTEN, "records": unjudged}
    answer["written"] = forms(filters) if filters.filters else []
    return answer if read is None else {**answer, **judged(filters, schema, read.records)}


def judged(
    filters: fl.FilterSet, schema: fl.Schema | None, records: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what filters say of records."""
    matcher = fl.compile(filters, schema=schema)
    verdicts = [matcher(record) for record in records[:MOST_JUDGED]]
    matched, number = sum(verdicts), len(verdicts)
    verdict = f"{matched} of {number} records match"
    if not records:
        verdict = "No verdict: there are no records below."
    elif len(records) > number:
        verdict = f"{matched} of the first {number} records match; there are {len(records)}"
    elif not filters.filters:
        verdict += ": without a filter, all do"
    answer = {"shown": SHOWN} if number > MOST_SHOWN else {}
    return {
        **answer,
        "verdict": verdict,
        "remarks": remarks(filters, schema, records),
        "records": [
            {
                "number": place + 1,
                "matched": verdicts[place],
                "why": str(matcher.explain(records[place])),
                "text": shown(records[place]),
            }
            for place in places_shown(verdicts)
        ],
    }


def places_shown(verdicts: list[bool]) -> list[int]:
    """Return the places of the records to show: all, or of many the first ones of each verdict.

    Then those that match come first, and are half of them if there are enough others.
    """
    if len(verdicts) <= MOST_SHOWN:
        return [*range(len(verdicts))]
    matched = [place for place, one in enumerate(verdicts) if one]
    others = [place for place, one in enumerate(verdicts) if not one]
    half = MOST_SHOWN // 2
    most = max(half, MOST_SHOWN - len(others))
    matched = matched[:most]
    return [*matched, *others[: MOST_SHOWN - len(matched)]]


def forms(filters: fl.FilterSet) -> list[tuple[str, str, str]]:
    """Return the forms of filters: what each is called, what it is for, and the text."""
    query = fl.to_query(filters)
    try:
        of_2019 = fl.to_query(filters, dialect="aptrinsic-2019")
    except fl.FilterError as error:
        told = dict.fromkeys(one.message for one in error.diagnostics)
        of_2019, lack = "", f" There is none here: {'; '.join(told)}."
    else:
        lack = ""
    data = json.dumps(fl.to_json_obj(filters), ensure_ascii=False, indent=1)
    note_on_2019 = NOTE_ON_2019 + (NO_DIFFERENCE if of_2019 == query else DIFFERENCE) + lack
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
    from filterlang.backends.files.watching.mistyped import Mistyped
    from filterlang.backends.files.watching.sought import NO_RECORD, Sought

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


class Read(NamedTuple):
    """Records that were read, and what is told of how they were."""

    records: list[dict[str, Any]]
    told: str = ""


@lru_cache(maxsize=1)  # Who types a filter doesn't wait for the same records to be read anew.
def records_of(text: str, *, is_text: bool = False) -> Read:
    """Read a list of records, one record or several, answers of the API, or CSV.

    `is_text` says whether cells of CSV are texts, which a schema reads.

    Raises:
        ValueError: for what is none of these.
    """
    text = text.removeprefix("\ufeff")
    begun = text.lstrip()
    if not begun:
        return Read([])
    for mark, told in FOREIGN.items():
        if begun.startswith(mark):
            message = f"{told}; {WRITE}"
            raise ValueError(message)
    is_json = begun[0] in "{["
    try:
        read = values_of(text) if is_json else [read_json(text)]
    except NoJSONError as error:
        if not is_json and not error.is_known and is_table(text):
            return cells_of(text, is_text=is_text)
        message = str(error) if error.is_known else f"{error}; {WRITE}"
        raise ValueError(message) from None
    if len(read) == 1 and isinstance(read[0], list):
        records = read[0]
    else:
        records = [record for value in read for record in listed(value)]
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            message = f"number {number} is no object; {WRITE}"
            raise ValueError(message)
    return Read(records)


def is_table(text: str) -> bool:
    """Return whether a text looks like CSV with names: several cells a line, or one name alone."""
    from filterlang.backends.files.cells.dialects import CANDIDATES

    first, *rest = [line.strip() for line in text.split("\n") if line.strip()]
    return bool(rest) and (any(one in first for one in CANDIDATES) or bool(COLUMN.fullmatch(first)))


def cells_of(text: str, *, is_text: bool) -> Read:
    """Read CSV, divided by whatever divides its cells.

    Raises:
        ValueError: for what can't be read.
    """
    from filterlang.backends import files

    faults: list[files.Fault] = []
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pasted.csv"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        read = files.read(
            path,
            fl.FilterSet(()),
            text=is_text,
            jobs=1,
            report=faults.append,
            remark=lambda one: told.append(without_options(one.removeprefix(f"{path}: "))),
        )
        records: list[Any] = list(read)
    if not records or not all(one.line for one in faults):
        where = f", line {faults[0].line}" if faults and faults[0].line else ""
        why = (
            without_options(faults[0].message)
            if faults
            else "there are names, but nothing below them"
        )
        message = f"as CSV{where}: {why}"
        raise ValueError(message)
    left_out = [f"line {one.line} is left out: {without_options(one.message)}" for one in faults]
    names = list(records[0])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    columns = f"{len(names)} columns" if len(names) > 1 else "one column"
    named = f"Read as CSV: {columns}, named in the first line: {', '.join(names[:MOST_NAMES])}"
    several = [f"and {len(left_out) - 1} more lines"] if len(left_out) > 1 else []
    return Read(records, "; ".join([f"{named}{more}", *told, *left_out[:1], *several]) + ".")


def without_options(told: str) -> str:
    """Return what the command tells without what it says of its options."""
    return re.sub(r"; [^;]*--.*", "", told)


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
    return beginning(json.dumps(record, ensure_ascii=False, default=float), LONGEST)


def whole(record: dict[str, Any]) -> str:
    """Return a record as text, to be read."""
    text = json.dumps(record, ensure_ascii=False, default=float, indent=1)
    return beginning(text, LONGEST_WHOLE)


def beginning(text: str, length: int) -> str:
    """Return a text, cut if it is longer."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


class NoJSONError(ValueError):
    """A text isn't JSON; the message says why and where.

    `is_known` tells whether it says what the text is instead, and what to do.
    """

    is_known: bool

    def __init__(self, message: str, *, is_known: bool) -> None:
        super().__init__(message)
        self.is_known = is_known


def read_json(text: str) -> Any:
    """Read JSON that isn't too deep.

    Raises:
        NoJSONError: for what is no JSON.
        ValueError: for what is too deep.
    """
    refuse_deep(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise no_json(error) from None


def values_of(text: str) -> list[Any]:
    """Read values of JSON that stand one after the other, and aren't too deep.

    Raises:
        NoJSONError: for what is no JSON.
        ValueError: for what is too deep.
    """
    refuse_deep(text)
    decode = json.JSONDecoder().raw_decode
    values = []
    place = SPACE.match(text).end()
    while place < len(text):
        try:
            value, end = decode(text, place)
        except json.JSONDecodeError as error:
            raise no_json(error) from None
        values.append(value)
        place = SPACE.match(text, end).end()
    return values


def refuse_deep(text: str) -> None:
    """Refuse a text with too many brackets within each other.

    Raises:
        ValueError: for such a text.
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


def no_json(error: json.JSONDecodeError) -> NoJSONError:
    """Return what to say of a text that isn't JSON, and of what it is instead."""
    from filterlang.backends.files.json_records.near_json import BETWEEN, hint_at, hint_of_all

    text, at = error.doc, error.pos
    is_between = text[:at].rstrip().endswith(("}", "]")) and text[at : at + 1] in BETWEEN
    hint = hint_at(text, at) or hint_of_all(text)
    if is_between and "value" in error.msg:
        hint = BETWEEN[text[at]]
    place = f"line {error.lineno}, column {error.colno}"
    if hint is None:
        message = f"no JSON: {error.msg[:1].lower()}{error.msg[1:]} in {place}"
        return NoJSONError(message, is_known=False)
    return NoJSONError(f"no JSON in {place}: {hint}", is_known=True)
