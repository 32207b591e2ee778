"""The files of the playground, put beside the pages after the site is built.

Pyodide comes from npm; the library is the checkout's, Lark the one that is installed. All of it is
served by the site itself, and none of it is committed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import lark
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
PYODIDE = "pyodide@314"
CORE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide-lock.json",
    "python_stdlib.zip",
)
WITHOUT = "FILTERLANG_SITE_WITHOUT_PLAYGROUND"
"""With this environment variable set, the page has no program, and no npm is needed."""


def put(app: Sphinx, failure: Exception | None) -> None:
    """Put the files into the folder of the site; without npm it's a warning, which `-W` refuses."""
    if failure is not None or app.builder.format != "html" or os.environ.get(WITHOUT):
        return
    folder = Path(app.outdir) / "playground"
    shutil.copytree(ROOT / "docs" / "playground", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "filterlang" / "web" / "static", folder, dirs_exist_ok=True)
    # A worker serves what lies beside and below it, and the page lies above.
    (folder / "service-worker.js").replace(folder.parent / "playground-service-worker.js")
    with tempfile.TemporaryDirectory() as made:
        temporary = Path(made)
        archive_libraries(temporary, folder)
        try:
            fetch_pyodide(temporary, folder / "pyodide")
            precompile(folder)
        except (OSError, subprocess.SubprocessError) as error:
            logging.getLogger(__name__).warning(
                "the playground needs %s from npm: %s (%s leaves it out)", PYODIDE, error, WITHOUT
            )


def archive_libraries(temporary: Path, folder: Path) -> None:
    """Pack the library and Lark as Pyodide unpacks them."""
    # The page runs neither the vectors nor the corpus, and they are most of it.
    ignored = shutil.ignore_patterns("__pycache__", "vectors", "corpus")
    for name, sources in {
        "filterlang": {"filterlang": ROOT / "filterlang", "filterlang/grammar": ROOT / "grammar"},
        "lark": {"lark": Path(lark.__file__).parent},
    }.items():
        packed = temporary / name
        for where, source in sources.items():
            shutil.copytree(source, packed / where, ignore=ignored)
        shutil.make_archive(str(folder / name), "zip", packed)


def fetch_pyodide(temporary: Path, folder: Path) -> None:
    """Take what of Pyodide a page needs out of its package."""
    npm = shutil.which("npm")
    if npm is None:
        message = "there is no npm on the path"
        raise FileNotFoundError(message)
    subprocess.run(  # noqa: S603 — the command is written here
        [npm, "pack", PYODIDE, "--silent"],
        cwd=temporary,
        check=True,
        capture_output=True,
        timeout=300,
    )
    (packed,) = temporary.glob("pyodide-*.tgz")
    folder.mkdir(exist_ok=True)
    with tarfile.open(packed) as archive:
        for name in CORE:
            file = archive.extractfile(f"package/{name}")
            assert file is not None, name
            (folder / name).write_bytes(file.read())
    # Its list of 300 packages is left out: they would be fetched from another host.
    lock = folder / "pyodide-lock.json"
    lock.write_text(json.dumps({**json.loads(lock.read_bytes()), "packages": {}}))


def precompile(folder: Path) -> None:
    """Replace source by bytecode in the archives, so that no visitor's browser has to compile."""
    node = shutil.which("node")
    if node is None:
        message = "there is no node on the path"
        raise FileNotFoundError(message)
    subprocess.run(  # noqa: S603 — as above
        [node, str(ROOT / "docs" / "precompile.mjs"), str(folder)],
        check=True,
        capture_output=True,
        timeout=300,
    )
