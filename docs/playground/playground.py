"""What the playground's worker asks of the library; it runs in Pyodide."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import filterlang as fl
from filterlang import px, web

MOST_RECORDS = 200
MOST_DEPTH = 100
"""Brackets within brackets; thousands would overflow the browser's stack and end Python."""
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
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
            return fl.Schema(read_json(own))
        case _:
            return None


def report(payload: dict[str, Any], schema: fl.Schema | None) -> dict[str, Any]:
    """Return the other ways to write the filters, and what they say of each record."""
    filters = fl.check(payload["filters"], schema).filters
    if filters is None:
        return {}
    written = [("Canonical text", "\n".join(fl.unparse(filters)))]
    written.append(("Query string", fl.to_query(filters)))
    try:
        written.append(("Query string of 2019", fl.to_query(filters, dialect="aptrinsic-2019")))
    except fl.FilterError as error:
        written.append(("Query string of 2019", f"none: {error}"))
    written.append(("JSON", json.dumps(fl.to_json_obj(filters), ensure_ascii=False, indent=1)))
    try:
        records = records_of(payload["records"])
    except ValueError as error:
        return {"written": written, "records": [], "error": f"The records: {error}"}
    matcher = fl.compile(filters, schema=schema)
    judged = [
        {"matched": matcher(record), "why": str(matcher.explain(record))}
        for record in records[:MOST_RECORDS]
    ]
    return {"written": written, "records": judged, "count": len(records)}


def records_of(text: str) -> list[dict[str, Any]]:
    """Read a list of records, one record, or one a line."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return []
    try:
        read = read_json(text)
    except json.JSONDecodeError:
        read = [read_json(line) for line in text.split("\n") if line.strip()]
    records = read if isinstance(read, list) else [read]
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            message = f"number {number} is no object"
            raise ValueError(message)
    return records


def read_json(text: str) -> Any:
    """Read JSON that isn't too deep."""
    depth = 0
    for bracket in BRACKETS.findall(text):
        if bracket in "[{":
            depth += 1
        elif bracket in "]}":
            depth -= 1
        if depth > MOST_DEPTH:
            message = f"more than {MOST_DEPTH} lists and objects within each other"
            raise ValueError(message)
    return json.loads(text)
