"""Plain data → plain data: what the filter box asks, and what it is answered.

Whatever a page sends is looked at before it is used, and every answer is bounded by `Limits`. All
places are code points of the text, as everywhere in this library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filterlang._immutable import Immutable
from filterlang.checking.completion import complete as completions_at
from filterlang.checking.report import check as report_on
from filterlang.checking.report import safely_mended
from filterlang.checking.unfinished import unfinished
from filterlang.diagnostics.diagnostic import MAX_SHOWN, shown
from filterlang.diagnostics.errors import limited_each
from filterlang.diagnostics.places import Place, written_in
from filterlang.matching.matcher import compile as compiled
from filterlang.matching.matcher import date_beside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeGuard

    from filterlang.checking.completion import Completion
    from filterlang.checking.placed_clauses import ClauseSpans
    from filterlang.diagnostics.diagnostic import Diagnostic, Edit, Span
    from filterlang.matching.matcher import FilterExplanation, Verdict
    from filterlang.schema.schema import Schema

_set = object.__setattr__

_MOST_VALUES: Final = 20
"""So many values that a name led to are told of a record."""


class PayloadError(ValueError):
    """What was sent is not what is asked for.

    Example:
        >>> try:
        ...     check({"filter": "score>10"})
        ... except PayloadError as error:
        ...     print(error)
        expected an object with 'filters', found the keys ['filter']
    """


class Limits(Immutable):
    """How much one request may ask for.

    Fields: `filters`, how many texts may be sent at once; `length`, how many code points one of
    them may have, beyond which it is a mistake (FL301); `diagnostics`, how many findings are told
    of one text, the gravest ones; `completions`, how many are offered at most.

    Raises:
        ValueError: for a limit below 1.

    Example:
        >>> Limits(filters=1)
        Limits(filters=1, length=4096, diagnostics=20, completions=50)
    """

    __slots__ = ("completions", "diagnostics", "filters", "length")
    __match_args__ = ("filters", "length", "diagnostics", "completions")
    filters: int
    length: int
    diagnostics: int
    completions: int

    def __init__(
        self,
        filters: int = 20,
        length: int = 4096,
        diagnostics: int = MAX_SHOWN,
        completions: int = 50,
    ) -> None:
        given = {
            "filters": filters,
            "length": length,
            "diagnostics": diagnostics,
            "completions": completions,
        }
        for name, limit in given.items():
            if limit < 1:
                message = f"the limit of {name} must be at least 1, not {limit}"
                raise ValueError(message)
            _set(self, name, limit)

    def __repr__(self) -> str:
        return (
            f"Limits(filters={self.filters}, length={self.length},"
            f" diagnostics={self.diagnostics}, completions={self.completions})"
        )


_LIMITS: Final = Limits()


def check(
    payload: object, schema: Schema | None = None, *, limits: Limits = _LIMITS
) -> dict[str, Any]:
    """Answer what is wrong with texts of filters, and where their parts stand.

    Args:
        payload: `{"filters": [text, …]}`, and while somebody types in one of them, `typing`:
            `{"index": which, "cursor": code points before it}`.
        schema: what names there are, and of what types.
        limits: how much may be asked for.

    Returns:
        `ok`, whether no text has an error, and `filters`, for each text its `canonical` form (None
        unless all are right, or if it is blank), its `clauses` and its `diagnostics`. Where several
        of them can be mended safely, `fixed` is the text with all safe fixes applied. What typing
        on may mend is `unfinished`.

    Raises:
        PayloadError: if the payload is something else.

    Example:
        >>> answer = check({"filters": ["score=10"]})
        >>> answer["ok"], answer["filters"][0]["clauses"]
        (False, [{'span': [0, 8], 'name': [0, 5], 'operator': [5, 6], 'expression': [6, 8]}])
        >>> answer["filters"][0]["diagnostics"][0]["fixes"]
        [{'safe': True, 'edits': [{'span': [5, 6], 'text': '=='}]}]
    """
    (given,) = _fields(payload, "filters")
    texts = _texts(given, limits)
    typing = _typing(payload, texts)
    with written_in(Place.LINES):
        report = report_on(texts, schema, max_length=limits.length)
    written = iter(() if report.filters is None else report.filters)
    answers: list[dict[str, Any]] = [
        {
            "canonical": str(next(written)) if report.ok and text.strip(" ") else None,
            "clauses": [],
            "diagnostics": [],
        }
        for text in texts
    ]
    for clause in report.clauses:
        # Of a text that is too long nobody colours anything.
        if len(texts[clause.source_index]) <= limits.length:
            answers[clause.source_index]["clauses"].append(_clause(clause))
    told: list[list[Diagnostic]] = [[] for _ in texts]
    for diagnostic in limited_each(report.diagnostics, texts, limits.diagnostics):
        told[diagnostic.source_index or 0].append(diagnostic)
    for index, (answer, found) in enumerate(zip(answers, told, strict=True)):
        answer["diagnostics"] = [_diagnostic(one) for one in found]
        if len(texts[index]) > limits.length:
            continue
        with written_in(Place.LINES):
            if sum(any(fix.safe for fix in one.fixes) for one in found) > 1:
                answer["fixed"], _ = safely_mended(texts[index], schema, found)
            if typing is not None and typing[0] == index:
                held = unfinished(texts[index], typing[1], found, schema)
                for one, plain in zip(found, answer["diagnostics"], strict=True):
                    if one in held:
                        plain["unfinished"] = True
    return {"ok": report.ok, "filters": answers}


def complete(
    payload: object, schema: Schema | None = None, *, limits: Limits = _LIMITS
) -> dict[str, Any]:
    """Answer what may stand at the cursor.

    Args:
        payload: `{"filter": text, "cursor": code points before it}`.
        schema: what names there are, and of what types.
        limits: how much may be asked for; to a longer text nothing is offered.

    Returns:
        `completions`, the best first, each with `label`, `kind`, `detail` and `edit`.

    Raises:
        PayloadError: if the payload is something else, or the cursor is outside of the text.

    Example:
        >>> best = complete({"filter": "a", "cursor": 1})["completions"][0]
        >>> best["label"], best["kind"], best["edit"]
        ('==', 'operator', {'span': [1, 1], 'text': '=='})
    """
    text, cursor = _fields(payload, "filter", "cursor")
    if not isinstance(text, str):
        message = f"expected a text as 'filter', found {shown(text)}"
        raise PayloadError(message)
    at = _cursor(cursor, text)
    if len(text) > limits.length:
        return {"completions": []}
    offered = completions_at(text, at, schema, limit=limits.completions)
    return {"completions": [_completion(one) for one in offered]}


def explain(
    payload: object, schema: Schema | None = None, *, limits: Limits = _LIMITS
) -> dict[str, Any]:
    """Answer whether a record matches, and which clauses decided.

    Args:
        payload: `{"filters": [text, …], "record": {…}}`.
        schema: what names there are, and of what types.
        limits: how much may be asked for.

    Returns:
        `ok`, whether no text has an error; `matched`, None unless `ok`; and `filters`, those that
        aren't blank, each with its canonical `text`, `matched` and its `verdicts`: `clauses` as
        text, `matched`, `values` (for each clause those that its name led to, shown as Python does,
        epoch milliseconds with their date, 20 at most; none where it is missing) and `through`, the
        list of objects of which one element has to satisfy all of them.

    Raises:
        PayloadError: if the payload is something else.

    Example:
        >>> answer = explain({"filters": ["score>10"], "record": {"score": 3}})
        >>> answer["matched"], answer["filters"][0]["verdicts"]
        (False, [{'clauses': ['score>10'], 'matched': False, 'values': [['3']], 'through': None}])
    """
    given, record = _fields(payload, "filters", "record")
    if not isinstance(record, dict):
        message = f"expected an object as 'record', found {shown(record)}"
        raise PayloadError(message)
    report = report_on(_texts(given, limits), schema, max_length=limits.length)
    if report.filters is None:
        return {"ok": False, "matched": None, "filters": []}
    explanation = compiled(report.filters, schema=schema).explain(record)
    return {
        "ok": True,
        "matched": explanation.matched,
        "filters": [_explanation(one) for one in explanation.filters],
    }


# --- What was sent --------------------------------------------------------------------------------


def _fields(payload: object, *names: str) -> list[object]:
    expected = " and ".join(repr(name) for name in names)
    if not isinstance(payload, dict):
        message = f"expected an object with {expected}, found {shown(payload)}"
        raise PayloadError(message)
    fields: Mapping[object, object] = payload
    if not all(name in fields for name in names):
        message = f"expected an object with {expected}, found the keys {shown(list(fields))}"
        raise PayloadError(message)
    return [fields[name] for name in names]


def _texts(given: object, limits: Limits) -> list[str]:
    if not isinstance(given, list):
        message = f"expected a list of texts as 'filters', found {shown(given)}"
        raise PayloadError(message)
    if len(given) > limits.filters:
        message = f"expected at most {limits.filters} filters, found {len(given)}"
        raise PayloadError(message)
    texts: list[str] = []
    for index, text in enumerate(given):
        if not isinstance(text, str):
            message = f"expected a list of texts as 'filters', found {shown(text)} at {index}"
            raise PayloadError(message)
        texts.append(text)
    return texts


def _typing(payload: object, texts: Sequence[str]) -> tuple[int, int] | None:
    """Return in which text somebody types, and where; None where nobody does."""
    given = payload.get("typing") if isinstance(payload, dict) else None
    if given is None:
        return None
    index, cursor = _fields(given, "index", "cursor")
    if not _is_index(index, len(texts) - 1):
        message = f"expected the index of a filter as 'index', found {shown(index)}"
        raise PayloadError(message)
    return index, _cursor(cursor, texts[index])


def _cursor(given: object, text: str) -> int:
    if not _is_index(given, len(text)):
        message = f"expected an integer from 0 to {len(text)} as 'cursor', found {shown(given)}"
        raise PayloadError(message)
    return given


def _is_index(given: object, most: int) -> TypeGuard[int]:
    # In Python a truth value is an integer.
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= most


# --- What is answered -----------------------------------------------------------------------------


def _clause(clause: ClauseSpans) -> dict[str, Any]:
    return {
        "span": list(clause.span),
        "name": list(clause.name),
        "operator": list(clause.operator),
        "expression": list(clause.expression),
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "span": list(diagnostic.span),
        "fixes": [
            {"safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}
            for fix in diagnostic.fixes
        ],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    span: Span = edit.span
    return {"span": list(span), "text": edit.text}


def _completion(completion: Completion) -> dict[str, Any]:
    return {
        "label": completion.label,
        "kind": completion.kind,
        "detail": completion.detail,
        "edit": _edit(completion.edit),
    }


def _explanation(explanation: FilterExplanation) -> dict[str, Any]:
    return {
        "text": str(explanation.filter),
        "matched": explanation.matched,
        "verdicts": [_verdict(one) for one in explanation.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    values = [
        [
            shown(value) + (date_beside(value) if clause in verdict.dates else "")
            for value in found[:_MOST_VALUES]
        ]
        for clause, found in zip(verdict.clauses, verdict.values, strict=True)
    ]
    return {
        "clauses": [str(clause) for clause in verdict.clauses],
        "matched": verdict.matched,
        "values": values,
        "through": verdict.through,
    }
