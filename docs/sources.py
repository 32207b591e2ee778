"""What only the library's sources hold, not its objects: docstrings of constants, and aliases.

Aliases of types are names of the sources alone: whoever reads a signature is shown what they stand
for, unless the reference has an entry for the alias itself.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx import addnodes

import filterlang

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

MADE_FOR_YOU = {"filterlang.Field", "filterlang.Template", "filterlang.testing.LocalServer"}
"""Classes that functions of the library make: nobody else gives them their arguments."""

LEFT_OUT = re.compile("<(?:object|function) [^>]*>")
"""What Python shows of a default that can't be written."""


class Assigned(NamedTuple):
    """A name that a module assigns: what it stands for, as written, and its docstring."""

    value: str
    doc: str


@cache
def assigned(module: str) -> dict[str, Assigned]:
    """Return what a module assigns at its top, also for type checkers alone."""
    found: dict[str, Assigned] = {}
    for block in _blocks(module):
        for statement, after in zip(block, [*block[1:], None], strict=True):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    pass
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    pass
                case _:
                    continue
            doc = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                doc = inspect.cleandoc(str(after.value.value))
            found[name] = Assigned(ast.unparse(value), doc)
    return found


@cache
def imported(module: str) -> dict[str, str]:
    """Return the names that a module takes from others of this library, with those modules."""
    return {
        alias.asname or alias.name: statement.module
        for block in _blocks(module)
        for statement in block
        if isinstance(statement, ast.ImportFrom)
        and statement.module
        and statement.module.startswith("filterlang")
        for alias in statement.names
    }


def _blocks(module: str) -> Iterator[list[ast.stmt]]:
    """Return the statements of a module, and those that only type checkers see."""
    body = _parsed(module).body
    yield body
    for statement in body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            yield statement.body


@cache
def _parsed(module: str) -> ast.Module:
    source = importlib.import_module(module).__file__
    assert source is not None
    return ast.parse(Path(source).read_text(encoding="utf-8"))


def where(module: str, name: str) -> tuple[str, Assigned] | None:
    """Return the module that assigns a name which another one has, and what it assigns."""
    while name not in assigned(module):
        if name not in imported(module):
            return None
        module = imported(module)[name]
    return module, assigned(module)[name]


def meant(module: str, name: str) -> str | None:
    """Return what to show in a signature in the place of a name; None for the name itself."""
    found = None if name in filterlang.__all__ else where(module, name)
    if found is None:
        return None
    home, (value, _) = found
    if value.startswith("TypeVar("):
        return name.removeprefix("_")  # One type, the same at each place.
    names = {one.id for one in ast.walk(ast.parse(value)) if isinstance(one, ast.Name)}
    for inner in names - {name}:
        if shown := meant(home, inner):
            value = value.replace(inner, shown)
    return value


def spell_out(_: Sphinx, tree: nodes.document) -> None:
    """Let signatures say what the aliases in them stand for, and show nothing that Python made."""
    for signature in tree.findall(addnodes.desc_signature):
        module, name = signature.get("module"), signature.get("fullname", "").partition(".")[0]
        if not module or not module.startswith("filterlang"):
            continue
        if f"{module}.{signature['fullname']}" in MADE_FOR_YOU:
            for arguments in list(signature.findall(addnodes.desc_parameterlist)):
                arguments.parent.remove(arguments)
        value = getattr(importlib.import_module(module), name, None)
        home = getattr(value, "__module__", module)
        for text in list(signature.findall(nodes.Text)):
            if LEFT_OUT.fullmatch(text):
                text.parent.replace(text, nodes.Text("…"))
            elif isinstance(text.parent, addnodes.pending_xref) and (shown := meant(home, text)):
                text.parent.parent.replace(text.parent, nodes.Text(shown))
