"""How tests look at what `check` reports: the findings with their places, and the suggestions."""

from __future__ import annotations

import filterlang as fl

USERS = fl.Schema.from_dict(
    {
        "dimensions": {
            "name": "text",
            "email": "text",
            "score": "integer",
            "nps": "number",
            "active": "boolean",
            "seen": "datetime",
            "type": {"type": "enum", "values": ["LEAD", "USER", "VISITOR"]},
            "tags": "list of text",
            "counts": "list of integer",
            "location": {"type": "object", "fields": {"city": "text", "countryCode": "text"}},
            "channels": {"type": "list of objects", "fields": {"kind": "text", "sent": "integer"}},
            "visits": {"type": "list of maps"},
            "customAttributes": "map",
        },
        "aliases": {"cityName": "location.city"},
    }
)


def said(text, schema=None):
    """Give code and place of each finding, the place as the text that it covers."""
    found = fl.check(text, schema).diagnostics
    return [(one.code, text[one.span.start : one.span.end]) for one in found]


def codes(text, schema=None):
    return [one.code for one in fl.check(text, schema).diagnostics]


def hint(text, schema=None):
    """Give the hint of the one finding."""
    (one,) = fl.check(text, schema).diagnostics
    return one.hint


def suggested(text, schema=None):
    """Give what each fix of each finding makes of the text, safe or not."""
    found = fl.check(text, schema).diagnostics
    return [fix.apply(text) for one in found for fix in one.fixes]


def safely(text, schema=None):
    """Give what all safe fixes together make of the text."""
    fixed = fl.check(text, schema).fixed
    return None if fixed is None else fixed[0]
