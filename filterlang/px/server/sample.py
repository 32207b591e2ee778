"""The sample data, which is served where nobody names any: `docs/data` of the checkout."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def sample_records() -> dict[str, list[dict[str, Any]]]:
    """Return the records of the sample data, by the paths of their lists.

    Example:
        >>> {path: len(records) for path, records in sample_records().items()}
        {'users': 400, 'accounts': 120, 'events/custom': 1250}
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for path, file in sample_files().items():
        with file.open(encoding="utf-8") as lines:
            found[path] = [json.loads(line) for line in lines]
    return found


def sample_files() -> dict[str, Traversable]:
    """Return the files of the sample data, by the paths of their lists.

    They lie in the package where it is installed, and in `docs/data` of a checkout.

    Example:
        >>> sample_files()["users"].name
        'users.jsonl'
    """
    folder: Traversable = resources.files("filterlang") / "sample_data"
    if not folder.is_dir():
        folder = Path(__file__).parents[3] / "docs" / "data"
    return {path: folder / name for path, name in FILES.items()}
