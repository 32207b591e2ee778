"""Queries near each other, and records made of their own values, drawn by a seeded generator.

Hypothesis draws too slowly for what is wanted here: many records, each of which might tell two
queries apart. A law draws the seed, and so can still be replayed.
"""

from __future__ import annotations

from filterlang import Clause, Filter, FilterSet, Operator, Pattern
from filterlang.reasoning.boundary_values import points
from filterlang.reasoning.implication import Term

PATTERNS = [
    "*",
    "?",
    "?*",
    "a",
    "a*",
    "a?",
    "*a",
    "?a",
    "a*b",
    "a?b",
    "ab*",
    "*b*",
    "1*",
    "10",
    "L*",
]
FAMILIES = [["5", "5.0", "5.5", "6"], ["a", "ab", "A", ""], ["10", "9", "1e1", "b"],
            ["2024-01-01", "1704067200000", "1704067200001"], ["true", "FALSE", "x"],
            ["9007199254740992", "9007199254740993", "9007199254740994"],
            ["LEAD", "USER", "lead"],
            ["0.3", "0.30000000000000001", "0.30000000000000004"]]  # fmt: skip
GROUPS = [["l.x", "l.y"], ["l.x", "l.m.x", "l.m.y"], ["a"], ["a", "b"], ["l.m.x", "l.m.y"]]
TYPED_GROUPS = [["score"], ["nps"], ["seen"], ["name"], ["type"], ["tags"], ["counts"], ["active"],
                ["channels.kind", "channels.sent"], ["name", "score"], ["visits.x", "visits.y"],
                ["cityName", "location.city"]]  # fmt: skip


def near_pair(draw, schema):
    """Give two queries over a few clauses."""
    names = draw.choice(GROUPS if schema is None else TYPED_GROUPS)
    expressions, patterns = draw.choice(FAMILIES), draw.sample(PATTERNS, 3)
    few = []
    for _ in range(draw.randint(2, 5)):
        operator = draw.choice(list(Operator))
        if operator.matches_pattern:
            expression = Pattern(draw.choice(patterns))
        else:
            expression = draw.choice(expressions) or ("" if operator.allows_empty else "5")
        few.append(Clause(draw.choice(names), operator, expression))
    return _query(draw, few), _query(draw, few)


def _query(draw, few):
    return FilterSet(
        Filter(draw.choices(few, k=draw.randint(1, 3))) for _ in range(draw.choice([1, 1, 2]))
    )


def records_about(draw, queries, schema, count):
    """Give records as the schema says, made of values that the clauses can tell apart."""
    terms = [Term(clause, schema) for query in queries for filter_ in query for clause in filter_]
    by_name = {}
    for term in terms:
        by_name.setdefault(term.name, []).append(term)
    pools = {name: _pool(name, found, schema) for name, found in by_name.items()}
    for _ in range(count):
        record = {}
        for name, pool in pools.items():
            _put(draw, record, name, pool, schema)
        yield record


def _pool(name, terms, schema):
    clauses = [term.bound for term in terms]
    values = [point.value for point in points(terms[0].type, clauses)]
    values += [value + "b" for value in values if type(value) is str and "\0" not in value]
    found = None if schema is None else schema.find(name)
    dimension = None if found is None else found.dimension
    if dimension is not None and dimension.type == "enum":
        return [None, *dimension.values]
    return values if dimension is None else [value for value in values if value != {}]


def _put(draw, record, name, pool, schema):
    """Put values where the name leads, through lists or not, whatever stands there already."""
    found = None if schema is None else schema.find(name)
    dimension = None if found is None else found.dimension
    may_list = dimension is None or dimension.is_list
    if schema is None and draw.random() < 0.1:
        record[name] = _value(draw, pool, may_list=True)
        return
    *way, last = name.split(".")
    places = [record]
    for depth, segment in enumerate(way):
        path = ".".join(way[: depth + 1])
        is_list = schema is None or path in found.lists
        following = []
        for place in places:
            if segment not in place:
                count = draw.randint(0, 3) if is_list else 1
                place[segment] = [{} for _ in range(count)] if is_list else {}
            inside = place[segment]
            following += inside if isinstance(inside, list) else [inside]
        places = [one for one in following if isinstance(one, dict)]
    for place in places:
        if draw.random() < 0.85:
            place[last] = _value(draw, pool, may_list=may_list)


def _value(draw, pool, *, may_list):
    if may_list and draw.random() < 0.3:
        return draw.choices(pool, k=draw.randint(0, 3))
    return draw.choice(pool)
