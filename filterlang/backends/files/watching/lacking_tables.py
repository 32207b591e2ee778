"""Tables without a name that other inputs have, though a column of theirs is called nearly so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.plan.storage import Scalar, StructOf, leads_on
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from filterlang.backends.plan.storage import Storages


class LackingTables:
    """Notes which names the tables of a run lack.

    Of tables of one format `Watch.compare` complains; this is for files of several.

    Example:
        >>> tables = LackingTables()
        >>> tables.see("users.csv", "csv", {"Score": Scalar.TEXT}, {"score": ("score",)})
        >>> tables.told(missing=())[0].partition("; ")[2]
        "did you mean 'Score'?"
    """

    def __init__(self) -> None:
        self._lacking: dict[tuple[str, str], tuple[str, Storages]] = {}
        self._having: set[tuple[str, str]] = set()

    def see(
        self, file: str, format_: str, storages: Storages, names: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Look at the columns of a table for names, each with the path that it stands for."""
        row = StructOf(storages)
        for name, path in names.items():
            if leads_on(path, row):
                self._having.add((format_, name))
            else:
                self._lacking[file, name] = format_, storages

    def told(self, missing: Collection[str]) -> list[str]:
        """Say of each table what it lacks, if an input of another format has it.

        `missing` are the names that no input had at all.
        """
        return [
            f"{file}: the column {quoted(name)} is missing, though other files have it{near}"
            for (file, name), (format_, storages) in self._lacking.items()
            if name not in missing
            and (format_, name) not in self._having
            and (near := _near(name, storages))
        ]


def meant(column: str, columns: Iterable[str]) -> str:
    """Return the end of a message that names the columns that may be meant, if any are.

    Example:
        >>> meant("score", ["id", "Score"])
        "; did you mean 'Score'?"
    """
    return _near(column, dict.fromkeys(columns, Scalar.TEXT))


def _near(name: str, storages: Storages) -> str:
    # Hardly a run has such columns.
    from filterlang.backends.plan.known_names import KnownNames
    from filterlang.checking.meant_values.held_clause import alternatives

    near = KnownNames(storages, None).near(name)
    return f"; did you mean {alternatives(near)}?" if near else ""
