"""What level each conformance vector belongs to, and what it needs beyond that.

Both follow from what a case holds, so nobody has to remember them: `python -m
tests.tools.write_levels` writes `level` and `requires` under the name of each case that lacks them,
writes anew those that are wrong, and leaves every other character of the files as it is. It also
writes `refused.json`, which says of the texts of `errors.json` whether they are filters at all.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "grammar" / "vectors"
LEVELS = {
    "parse": "core",
    "canonical": "core",
    "encode": "core",
    "decode": "core",
    "refused": "core",
    "match": "match",
    "match_schema": "schema",
    "json": "json",
    "errors": "diagnostics",
}
"""The level of the cases of each file; those of `errors.json` without an error are `lint`."""

NEEDED = ("int", "decimal", "date", "datetime", "uuid", "enum", "bytes", "object")
"""The types of values that a language may lack, as the vectors call them."""


def file_names():
    return [name for name in LEVELS if name != "refused"]


def read(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


# --- The rules ------------------------------------------------------------------------------------


def level_of(file, case):
    """Return the lowest level at which a case says something."""
    if file == "errors" and not has_error(case):
        return "lint"
    return LEVELS[file]


def has_error(case):
    return any(one["severity"] == "error" for one in case["diagnostics"])


def requirements(case, shared):
    """Return what an implementation must have for a case, in a fixed order."""
    record = case.get("record")
    if isinstance(record, str):
        record = shared[record]
    found = set(types_in(record))
    needed = [name for name in NEEDED if name in found]
    if "dialect" in case:
        needed.append("dialect")
    if re.search("[\ud800-\udfff]", json.dumps(case | {"record": record}, ensure_ascii=False)):
        needed.append("surrogates")
    return needed


def types_in(value):
    """Walk through the types with which values are written."""
    match value:
        case list():
            for element in value:
                yield from types_in(element)
        case {"$type": type_, "value": inner}:
            yield type_
            yield from types_in(inner)
        case dict():
            for inner in value.values():
                yield from types_in(inner)


# --- The files ------------------------------------------------------------------------------------


def with_levels(file, text):
    """Return the text of a file with the level and requirements of each case under its name."""
    data = json.loads(text)
    cases = {case["name"]: case for case in data["cases"]}
    head, cases_at, rest = text.partition('"cases": [')

    def members(found):
        case = cases[found["name"]]
        spread = found["space"].startswith("\n")
        made = [f'"level": "{level_of(file, case)}"']
        needed = requirements(case, data.get("records", {}))
        if needed:
            made.append(f'"requires": {json.dumps(needed)}')
        between = found["space"] if spread else " "
        return f'"name": "{found["name"]}",{between}{", ".join(made)},{found["space"]}'

    pattern = (
        r'"name": "(?P<name>[a-z0-9-]+)",'
        r'(?:\s+"level": "[a-z]+"(?:, "requires": \[[^\]]*\])?,)?(?P<space>\s+)(?="(?:'
        r"text|texts|query|params|schema|filters|json|record)\")"
    )
    return head + cases_at + re.sub(pattern, members, rest)


def refused():
    """Return the text of `refused.json`: accepted or not, of what `errors.json` says more of."""
    cases = []
    for case in read("errors")["cases"]:
        if case.keys() & {"schema", "max_length"}:
            continue
        asked = {key: case[key] for key in ("texts", "one", "query", "params") if key in case}
        made = {"name": f"core-{case['name']}", "level": "core"}
        needed = requirements(case, {})
        if needed:
            made["requires"] = needed
        cases.append({**made, **asked, "invalid": has_error(case)})
    head = {
        "$schema": "vectors.schema.json",
        "format": 2,
        "version": read("errors")["version"],
        "about": "Whether texts, query strings and pairs are filters. Written from errors.json.",
    }
    lines = ",\n".join("    " + written(case) for case in cases)
    opening = json.dumps(head, indent=2).removesuffix("\n}")
    return f'{opening},\n  "cases": [\n{lines}\n  ]\n}}\n'


def written(case):
    """Return a case as JSON; what isn't plain ASCII stands as escapes."""
    return json.dumps(case)


if __name__ == "__main__":
    for name in file_names():
        path = FOLDER / f"{name}.json"
        path.write_text(with_levels(name, path.read_text(encoding="utf-8")), encoding="utf-8")
    (FOLDER / "refused.json").write_text(refused(), encoding="utf-8")
