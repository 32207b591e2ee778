"""The sample data, which is served where nobody names any: `docs/data` of the checkout."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FILES = {
    "users": "users.jsonl",
    "accounts": "accounts.jsonl",
    "events/custom": "custom_events.jsonl",
}
"""The path of a list → the file of its records."""

END = 1_719_792_000_000
"""When the data ends, in epoch milliseconds: 1 July 2024. Its "last day" is the day before."""


def sample_files() -> dict[str, Traversable]:
    """Return the files of the sample data, by the paths of their lists.

    They lie in the package where it is installed, and in `docs/data` of a checkout.

    Example:
        >>> sample_files()["users"].name
        'users.jsonl'
    """
    folder: Traversable = resources.files("filterlang") / "sample_data"
    if not folder.is_dir():
        folder = Path(__file__).parents[2] / "docs" / "data"
    return {path: folder / name for path, name in FILES.items()}
