"""Bytecode instead of source in the archives that the playground loads; it runs in Pyodide.

Pyodide brings Python's library as source, and a browser would compile it at each visit: that took
half of the time to the first answer.
"""

from __future__ import annotations

import importlib.util
import io
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]  # private

SOURCE = ".py"


def with_bytecode(archive: bytes, *, only_loaded: bool) -> bytes:
    """Return an archive with its modules compiled for the Python that runs this.

    Bytecode is twice as large as source when both are compressed. So what is rarely needed stays
    source with `only_loaded`: each module that isn't loaded here and now.
    """
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as read,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist()):
            content = read.read(name)
            if not name.endswith(SOURCE) or (only_loaded and module_of(name) not in sys.modules):
                written.writestr(name, content)
                continue
            code = compile(content, name, "exec", dont_inherit=True)
            # Without a look at the source, which isn't there.
            compiled = _code_to_hash_pyc(code, importlib.util.source_hash(content), checked=False)
            written.writestr(f"{name}c", compiled)
    return made.getvalue()


def module_of(name: str) -> str:
    """Return the name of the module that a file of an archive holds."""
    return name.removesuffix(SOURCE).removesuffix("/__init__").replace("/", ".")
