"""Names of columns that filters can't ask for: two of one name, and those that are no texts.

They matter only where a filter asks for them. A frame of pandas with two columns of one name is
asked as one without them, since narwhals takes none with such names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.backends.frames", "frames", "narwhals"):
    from narwhals import dependencies, to_native

from filterlang.diagnostics.diagnostic import quoted, shown
from filterlang.schema.binding import bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import FilterSet

ROW = "="
"""The column with the numbers of rows, by a name that no filter has."""


def names_of_columns(frame: object) -> list[object]:
    """Return the names of a frame's columns, where two may be the same or one may be no text."""
    native: Any = to_native(frame, pass_through=True)
    if type(native).__module__.startswith("pyarrow"):
        # Batches, streams and datasets, too.
        return list(getattr(getattr(native, "schema", None), "names", ()))
    if dependencies.is_pandas_dataframe(native) or dependencies.is_duckdb_relation(native):
        return list(native.columns)
    if dependencies.is_pyspark_dataframe(native) or dependencies.is_pyspark_connect_dataframe(
        native
    ):
        return list(native.columns)
    return []


def expect_askable(filters: FilterSet, names: Iterable[object], schema: Schema | None) -> None:
    """Check that filters ask for no column whose name they can't say.

    Raises:
        ValueError: for two columns of a name that is asked for, and where only the text of a name
            is.
    """
    names = list(names)
    texts = {name for name in names if isinstance(name, str)}
    refused = {name: _twice(name) for name in _repeated(names)}
    for name in names:
        if not isinstance(name, str):
            for text in _texts(name):
                if text not in texts:
                    refused.setdefault(text, _no_text(name))
    if not refused:
        return
    for filter_ in filters:
        for clause in filter_:
            path = bind(clause, schema).path
            whole = ".".join(path)
            message = refused.get(whole if whole in texts or whole in refused else path[0])
            if message is not None:
                raise ValueError(message)


def _twice(name: str) -> str:
    return f"two columns are called {quoted(name)}; rename one of them"


def _no_text(name: object) -> str:
    return f"the column {shown(name)} has a name that is no text; rename it"


def _repeated(names: Iterable[object]) -> set[str]:
    seen: set[str] = set()
    repeated: set[str] = set()
    for name in names:
        if isinstance(name, str):
            (repeated if name in seen else seen).add(name)
    return repeated


def _texts(name: object) -> list[str]:
    """Return the names by which a filter may mean a column whose name is no text."""
    if not isinstance(name, tuple) or not name:
        return [str(name)]
    parts = [str(part) for part in name]
    return [".".join(parts), ".".join(part for part in parts if part), parts[0]]


class Narrowed(NamedTuple):
    """A frame with the columns that have a name of their own, and what takes its rows of all."""

    frame: Any
    take: Callable[[Any], Any]


def narrowed(frame: Any, names: list[object]) -> Narrowed | None:
    """Return a frame without the columns whose names narwhals doesn't take, if there are such."""
    repeated = _repeated(names)
    labels = [str(name) for name in names]
    if len(set(labels)) == len(labels):
        return None
    places = [
        place for place, name in enumerate(names) if isinstance(name, str) and name not in repeated
    ]
    if dependencies.is_pandas_dataframe(frame):
        narrow = frame.iloc[:, places].set_axis([names[place] for place in places], axis=1)

        def of_frame(kept: Any) -> Any:
            return frame.iloc[kept[ROW].tolist()]

        return Narrowed(narrow.assign(**{ROW: range(len(frame))}), of_frame)
    return None
