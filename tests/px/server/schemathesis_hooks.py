"""What Schemathesis sends as filters: what the lists take, and some of anything.

It runs in an environment of its own, which this module is loaded into.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

from filterlang.px.endpoints import LISTS
from filterlang.testing import filters

ANSWERS = Path(os.environ["FILTERLANG_ANSWERS"])
"""Gets a line for each call of a list: its path, its status, and how many records it brought."""


def _filters(path):
    endpoint = LISTS.get(path.removeprefix("/v1/"))
    if endpoint is None or endpoint.schema is None:
        return st.just([])
    drawn = filters(endpoint.schema).map(str)
    if endpoint.has_window:
        drawn = drawn.map(lambda text: f"{text};date>=2024-03-01;date<2024-07-01")
        drawn |= st.just("date>=2024-03-01;date<2024-07-01")
    return st.lists(drawn, max_size=2)


@schemathesis.hook
def flatmap_query(context, query):
    """Put filters into queries, and leave out ids that no server has given."""
    kept = {name: value for name, value in (query or {}).items() if name not in _REPLACED}
    asked = _filters(context.operation.path)
    return asked.map(lambda texts: {**kept, "filter": texts} if texts else kept)


_REPLACED = ("filter", "scrollId")


@schemathesis.hook
def after_call(context, case, response):
    """Note what a list has answered."""
    endpoint = LISTS.get(case.operation.path.removeprefix("/v1/"))
    if endpoint is None or case.method.upper() != "GET":
        return
    records = 0
    if response.status_code == 200:
        records = len(json.loads(response.content)[endpoint.records_key])
    with ANSWERS.open("a") as answers:
        answers.write(json.dumps([endpoint.path, response.status_code, records]) + "\n")
