"""The pages of the reference that are written from the library itself, before the site is built.

`write_all` writes them below `docs/reference/`; git ignores them.
"""

from __future__ import annotations

import importlib
import inspect
import re
import textwrap
import tomllib
import types
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

import api_lists
import sources

import filterlang as fl

if TYPE_CHECKING:
    from pathlib import Path

MODULES = {
    "filterlang": ("filterlang", "All that `import filterlang as fl` gives."),
    "px": ("filterlang.px", "The API's own schemas, requests and pages."),
    "testing": ("filterlang.testing", "Help for the tests of what is built on this library."),
    "pydantic": ("filterlang.integrations.pydantic", "Types for pydantic."),
    "fastapi": ("filterlang.integrations.fastapi", "The filters of a request, for FastAPI."),
    "files": ("filterlang.backends.files", "Match the records of files."),
    "frames": ("filterlang.backends.frames", "Match the rows of data frames."),
    "sql": ("filterlang.backends.sql", "Match the rows of databases."),
    "web": ("filterlang.web", "Help people to type filters on web pages."),
}
"""The page → the module whose public names it lists, and what it is for."""

OF_NODES = {f"filterlang.{name}" for name in ("Clause", "Filter", "FilterSet")}
NODES = "   :inherited-members: Immutable\n   :special-members: __and__, __or__, __invert__\n"
"""What else is shown of the nodes: what all three have, and what their operators do."""

BESIDE = {
    "filterlang.testing": """
The keywords of ``local_server``, which are also the fields of ``server.behaviour``:

.. autoclass:: filterlang.px.server.behaviour.Behaviour
   :no-members:
"""
}
"""The module → what its page shows of others."""

EXTRAS = {
    "cli": "the command ``filterlang``",
    "fast": "JSON Lines and gzip in a fraction of the time",
    "files": "Parquet, Arrow, ORC, Avro, xlsx, zstd and lz4; large CSV in less time",
    "pydantic": "fields of pydantic's models that hold filters",
    "fastapi": "the filters of a request, for FastAPI",
    "web": "the filter box for web pages",
    "sql": "databases: SQLite, and PostgreSQL with a driver of yours",
    "mariadb": "the same for MariaDB, with a driver",
    "frames": "data frames; pandas, pyarrow and DuckDB you install yourself",
    "polars": "data frames of polars",
    "dask": "data frames of dask",
    "spark": "data frames of PySpark",
    "server": "the API on your own machine: ``filterlang serve``",
    "testing": "``filterlang.testing``: the same server in your tests, drawn filters and records",
    "test": "work on filterlang: its tests",
    "docs": "work on filterlang: this site",
    "bench": "work on filterlang: the peers that measurements compare with",
    "dev": "work on filterlang: all of it",
}
"""The extra → what it is for, in the order of the page."""

ELSEWHERE = {"__version__", "px"}
"""Names that need no entry: the version, and a module that has a page."""


def write_all(root: Path) -> None:
    """Write every page anew."""
    folder = root / "docs" / "reference"
    (folder / "api").mkdir(exist_ok=True)
    for page, (module, what) in MODULES.items():
        (folder / "api" / f"{page}.rst").write_text(module_page(module, what), encoding="utf-8")
    (folder / "command.rst").write_text(COMMAND, encoding="utf-8")
    (folder / "extras.rst").write_text(extras_page(root), encoding="utf-8")
    (folder / "lists.rst").write_text(api_lists.page(), encoding="utf-8")


def heading(text: str) -> str:
    """Return the heading of a page."""
    return f"{text}\n{'=' * len(text)}\n"


def public_names(module: str) -> list[str]:
    """Return the names that a module gives, as its `__all__` has them."""
    return [name for name in importlib.import_module(module).__all__ if name not in ELSEWHERE]


def entry(module: str, name: str) -> str:
    """Return the directive that shows a name with its signature and docstring."""
    value = getattr(importlib.import_module(module), name)
    if inspect.isclass(value) and not isinstance(value, types.GenericAlias):
        kind = "autoexception" if issubclass(value, BaseException) else "autoclass"
        options = NODES if f"{module}.{name}" in OF_NODES else ""
        return f".. {kind}:: {module}.{name}\n{options}"
    if inspect.isroutine(value):
        return f".. autofunction:: {module}.{name}\n"
    return data_entry(module, name, value)


def data_entry(module: str, name: str, value: object) -> str:
    """Return the directive that shows a constant, or another name of a type, with its docstring.

    Sphinx knows neither: it would show what Python says of the class of the value.
    """
    homes = getattr(importlib.import_module(module), "_HOMES", {})
    home = next((f"{module}.{one}" for one, names in homes.items() if name in names), module)
    found = sources.where(home, name)
    written, doc = found[1] if found else (repr(value), "")
    is_short = isinstance(value, int) or not isinstance(value, Mapping | fl.Schema | type(fl.F))
    options = f"   :value: {value if isinstance(value, int) else written}\n" if is_short else ""
    if isinstance(value, Mapping):
        doc += f"\n\nIts keys are {', '.join(f'`{key}`' for key in value)}."
    # In Markdown, as docstrings have it, a single backtick is code.
    doc = doc.replace("`", "``")
    if module == "filterlang.px" and not is_short:
        doc += "\n\n:doc:`All names, with their types and operators </reference/lists>`."
    return f".. py:data:: {module}.{name}\n{options}\n{textwrap.indent(doc, '   ')}\n"


def module_page(module: str, what: str) -> str:
    """Return the page of a module: each public name with its signature and docstring."""
    entries = "\n".join(entry(module, name) for name in public_names(module))
    entries += BESIDE.get(module, "")
    what = what.replace("`", "``")
    return f"{heading(module)}\n{what}\n\n{entries}"


COMMAND = f"""{heading("The command")}
``filterlang`` comes with the extra ``cli``: ``pip install 'filterlang[cli]'``. Each command says
the same with ``--help``.

.. click:: filterlang.cli.commands:group
   :prog: filterlang
   :nested: full
"""


def plain_help(*told: Any) -> None:
    """Let the help of a command be shown as a terminal shows it.

    It is plain text. Read as reStructuredText its `*` would be emphasis, and `FILE:LINE` and an
    address in a filter would be links.
    """
    lines: list[str] = told[-1]  # The last of three arguments: the help, to be changed in place.
    shown: list[str] = []
    for is_example, group in groupby(lines, key=lambda line: line.startswith("| ")):
        if is_example:  # sphinx-click marks so what click leaves as it is written.
            block = textwrap.dedent("\n".join(line.removeprefix("| ") for line in group))
            shown += [".. code-block:: text", "", *textwrap.indent(block, "    ").split("\n"), ""]
        else:
            shown += [plain(line) for line in group]
    lines[:] = shown


def plain_options(*told: Any) -> None:
    """Let the help of options be shown as a terminal shows it."""
    lines: list[str] = told[-1]  # As above.
    lines[:] = [
        line if re.match(r"\.\. option::|\s*:(?:default|options): ", line) else plain(line)
        for line in lines
    ]


def plain(line: str) -> str:
    """Return what reStructuredText shows as a line of plain text."""
    return re.sub(r"([^\w\s])", r"\\\1", line)


def extras_page(root: Path) -> str:
    """Return the page of the extras: what they are for, and what they bring."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    brought = project["optional-dependencies"]
    rows = "\n".join(
        f"   * - ``{extra}``\n     - {what}\n"
        f"     - {', '.join(f'``{one}``' for one in brought[extra])}"
        for extra, what in EXTRAS.items()
    )
    needed = ", ".join(f"``{one}``" for one in project["dependencies"])
    return (
        f"{heading('Extras')}\n"
        f"filterlang needs {needed}, and nothing else. What more it can do comes with extras:"
        " ``pip install 'filterlang[cli,files]'``.\n\n"
        f".. list-table::\n   :header-rows: 1\n\n   * - extra\n     - for\n     - brings\n{rows}\n"
    )
