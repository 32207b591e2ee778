"""A comparison for people who write backends: the rows they select are those of the matcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import shown
from filterlang.matching.matcher import compile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Clause, Filter, FilterSet

_MOST_SHOWN = 5


def assert_same_rows(
    selected: Iterable[int],
    records: Sequence[object],
    filters: FilterSet | Filter | Clause | str | Iterable[str],
    schema: Schema | None = None,
) -> None:
    """Fail unless a backend selected exactly the records that the matcher does.

    Args:
        selected: the indexes of the records that the backend selected, in any order.
        records: all the records, as the matcher takes them.
        filters: what `filterlang.compile` takes.
        schema: as for `filterlang.compile`.

    Raises:
        AssertionError: if a record was selected that doesn't match, was not selected though it
            does, or was selected twice. The message shows the first few, and why they match or not.

    Example:
        >>> users = [{"score": 9}, {"score": 10}]
        >>> assert_same_rows([1], users, "score>=10")
        >>> assert_same_rows([0, 1], users, "score>=10")
        Traceback (most recent call last):
        ...
        AssertionError: the rows differ from the matcher's for score>=10
        record 0 was selected, but doesn't match: {'score': 9}
          no match
          filter 1 does not match: score>=10
            no   score>=10: 9
    """
    matcher = compile(filters, schema=schema)
    indexes = list(selected)
    found = set(indexes)
    wrong = [
        (index, index in found)
        for index, record in enumerate(records)
        if matcher(record) is not (index in found)
    ]
    twice = sorted({index for index in indexes if indexes.count(index) > 1})
    unknown = sorted(found - set(range(len(records))))
    if not wrong and not twice and not unknown:
        return
    lines = [f"the rows differ from the matcher's for {' or '.join(map(str, matcher.filters))}"]
    lines += [f"record {index} was selected more than once" for index in twice[:_MOST_SHOWN]]
    lines += [f"record {index} was selected, but isn't there" for index in unknown[:_MOST_SHOWN]]
    for index, was_selected in wrong[:_MOST_SHOWN]:
        lines += _explained(matcher, index, records[index], was_selected=was_selected)
    if len(wrong) > _MOST_SHOWN:
        lines.append(f"and {len(wrong) - _MOST_SHOWN} more")
    raise AssertionError("\n".join(lines))


def _explained(matcher: Matcher, index: int, record: object, *, was_selected: bool) -> list[str]:
    what = "was selected, but doesn't match" if was_selected else "matches, but wasn't selected"
    explanation = str(matcher.explain(record)).splitlines()
    return [f"record {index} {what}: {shown(record)}", *(f"  {line}" for line in explanation)]
