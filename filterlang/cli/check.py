"""`filterlang check`: what is wrong with filters, for people, for programs and for GitHub."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from filterlang.backends.files.typed_texts.texts import escaped_json
from filterlang.checking.parse import parse
from filterlang.cli.console import is_terminal, refuse, wants_color
from filterlang.cli.exits import ExitCode
from filterlang.diagnostics.diagnostic import MAX_SHOWN
from filterlang.diagnostics.errors import FilterSyntaxError, limited_each
from filterlang.diagnostics.places import Place, written_in
from filterlang.syntax.nodes import unparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.report import Report
    from filterlang.cli.console import Console
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Clause, FilterSet


def accepted(
    texts: Sequence[str],
    schema: Schema | None,
    place: Place = Place.ARGUMENTS,
) -> FilterSet | None:
    """Say all there is to say about filters that are to be used; None if one has an error.

    `place` says how the command takes several, for whom a hint tells to write them.
    """
    if schema is None and (plain := parse_plain(texts)) is not None:
        return plain
    with written_in(place):
        report = _report(texts, schema)
    if report.diagnostics:
        text = report.render(color=is_terminal(sys.stderr) and wants_color())
        if report.filters is None:
            refuse(text)
            _tell_of_redirection(texts)
        else:
            click.echo(text, err=True)
    return report.filters


_LONG = 10_000
"""The checker may have something to say of the length."""
_NULL = {"empty", "nan", "nil", "none", "null", "undefined"}


def parse_plain(texts: Sequence[str]) -> FilterSet | None:
    """Parse filters of which nothing can be said without a schema; None for all others.

    A quarter of the time that a command takes to start would be that of what asks them.
    """
    if any(len(text) > _LONG for text in texts):
        return None
    try:
        filters = parse(texts)
    except FilterSyntaxError:
        return None
    # Only canonical text is as it looks.
    is_plain = unparse(filters) == [*texts] and all(
        _is_plain(clause) for filter_ in filters for clause in filter_
    )
    return filters if is_plain and not _may_repeat(filters) else None


def _may_repeat(filters: FilterSet) -> bool:
    """Return whether clauses of one filter have one name, or two filters may ask for the same."""
    if any(len({one.name for one in filter_}) < len(filter_.clauses) for filter_ in filters):
        return True
    asked = {frozenset(str(one).lower() for one in filter_) for filter_ in filters}
    return len(asked) < len(filters.filters)


def _is_plain(clause: Clause) -> bool:
    name, expression = clause.name.replace(".", ""), clause.expression
    if not (
        name.isascii() and name.isalnum() and name[0].islower() and isinstance(expression, str)
    ):
        return False
    if not (expression.isascii() and expression.isalnum()):
        return False
    if clause.operator.orders:
        return expression.isdecimal()
    return expression.lower() not in _NULL


def _report(texts: Sequence[str], schema: Schema | None) -> Report:
    from filterlang.checking.report import check as check_filters

    return check_filters(texts, schema)


def check(
    texts: Sequence[str],
    schema: Schema | None,
    format_: str,
    console: Console,
    *,
    fix: bool,
    strict: bool = False,
) -> ExitCode:
    """Write the report on the filters; with `fix` the mended filters, the report beside them.

    With `strict` a warning is as bad as an error.
    """
    with written_in(Place.ARGUMENTS):
        report = _report(texts, schema)
    shown = _FORMATS[format_](report)
    if fix:
        if report.fixed is None:
            return console.refuse(shown)
        if shown:
            console.say_rendered(shown)
        console.write_lines(report.fixed)
        console.flush()
        left = _report(report.fixed, schema) if strict else report
        return ExitCode.BAD_USAGE if strict and _warns(left) else ExitCode.SUCCESS
    if shown:
        console.write_lines([shown])
        console.flush()
    if not report.ok:
        _tell_of_redirection(texts)
    is_good = report.ok and not (strict and _warns(report))
    return ExitCode.SUCCESS if is_good else ExitCode.BAD_USAGE


def _tell_of_redirection(texts: Sequence[str]) -> None:
    from filterlang.cli.redirected import told_of_redirection  # mistakes alone ask for it

    told = told_of_redirection(texts)
    if told is not None:
        refuse(told)


def _warns(report: Report) -> bool:
    return any(one.severity == "warning" for one in report.diagnostics)


def _as_text(report: Report) -> str:
    return report.render(color=is_terminal(sys.stdout) and wants_color())


def _as_json(report: Report) -> str:
    return escaped_json(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))


def _as_github(report: Report) -> str:
    shown = limited_each(report.diagnostics, report.sources, MAX_SHOWN)
    return "\n".join(_annotation(diagnostic) for diagnostic in shown)


_GITHUB_LEVELS = {"error": "error", "warning": "warning", "hint": "notice"}


def _annotation(diagnostic: Diagnostic) -> str:
    """Write a workflow command of GitHub Actions; its lines and columns start at 1."""
    start, end = diagnostic.span
    title = f"{diagnostic.code} in filter {(diagnostic.source_index or 0) + 1}"
    place = f"title={_property(title)},col={start + 1},endColumn={max(end, start + 1)}"
    message = "\nhint: ".join(filter(None, (diagnostic.message, diagnostic.hint)))
    return f"::{_GITHUB_LEVELS[diagnostic.severity]} {place}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_FORMATS = {"text": _as_text, "json": _as_json, "github": _as_github}
