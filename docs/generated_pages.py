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


def heading(text: str) -> str:
    """Return the heading of a page."""
    return f"{text}\n{'=' * len(text)}\n"


def public_names(module: str) -> list[str]:
    """Return the names that a module gives, as its `__all__` has them."""
    return [name for name in importlib.import_module(module).__all__ if name not in ELSEWHERE]


def entry(module: str, name: str) -> str:
    """Return the directive that shows a name with its signature and docstring."""
    value = getattr(importlib.import_module(module), name)
    if isinstance(value, types.GenericAlias):
        return f".. py:data:: {module}.{name}\n\n   Another name of ``{value}``.\n"
    if isinstance(value, Mapping):
        # Sphinx would show what Python says of all mappings.
        keys = ", ".join(f"``{key}``" for key in value)
        return f".. py:data:: {module}.{name}\n\n   A mapping with the keys {keys}.\n"
    if inspect.isclass(value):
        kind = "autoexception" if issubclass(value, BaseException) else "autoclass"
    elif inspect.isroutine(value):
        kind = "autofunction"
    else:
        kind = "autodata"
    options = "   :no-value:\n" if kind == "autodata" else ""
    return f".. {kind}:: {module}.{name}\n{options}"


def module_page(module: str, what: str) -> str:
    """Return the page of a module: each public name with its signature and docstring."""
    entries = "\n".join(entry(module, name) for name in public_names(module))
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
    """Return the page of the extras and what they bring."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = "\n".join(
        f"   * - ``{extra}``\n     - {', '.join(f'``{one}``' for one in requirements)}"
        for extra, requirements in project["optional-dependencies"].items()
    )
    needed = ", ".join(f"``{one}``" for one in project["dependencies"])
    return (
        f"{heading('Extras')}\n"
        f"filterlang needs {needed}, and nothing else. What more it can do comes with extras:"
        " ``pip install 'filterlang[cli,files]'``.\n\n"
        f".. list-table::\n   :header-rows: 1\n\n   * - extra\n     - brings\n{rows}\n"
    )
