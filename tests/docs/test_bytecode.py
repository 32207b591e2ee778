"""The archives of the playground hold bytecode, so that no visitor's browser compiles."""

from __future__ import annotations

import importlib.util
import io
import sys
import zipfile

import pytest

from tests.support.documents import ROOT


@pytest.fixture(scope="module")
def bytecode():
    spec = importlib.util.spec_from_file_location("bytecode", ROOT / "docs" / "bytecode.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def archive(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        written.mkdir("bytecode_tried")
        for name, text in files.items():
            written.writestr(f"bytecode_tried/{name.replace('_dot_', '.')}", text)
    return made.getvalue()


SOURCES = {
    "__init___dot_py": "'''A package.'''\n",
    "one_dot_py": "from __future__ import annotations\nvalue = 1\n",
    "two_dot_txt": "value = 2\n",
}


def names_in(content):
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        return sorted(name for name in read.namelist() if not name.endswith("/"))


def test_modules_become_bytecode_that_can_be_imported(bytecode, tmp_path, monkeypatch):
    made = bytecode.with_bytecode(archive(**SOURCES), only_loaded=False)
    assert names_in(made) == [
        "bytecode_tried/__init__.pyc",
        "bytecode_tried/one.pyc",
        "bytecode_tried/two.txt",
    ]
    (tmp_path / "made.zip").write_bytes(made)
    monkeypatch.syspath_prepend(tmp_path / "made.zip")
    from bytecode_tried import one

    assert one.value == 1
    assert sys.modules["bytecode_tried"].__doc__ == "A package."
    del sys.modules["bytecode_tried"], sys.modules["bytecode_tried.one"]


def test_what_is_not_loaded_may_stay_source(bytecode, monkeypatch):
    monkeypatch.setitem(sys.modules, "bytecode_tried", pytest)
    made = bytecode.with_bytecode(archive(**SOURCES), only_loaded=True)
    assert names_in(made) == [
        "bytecode_tried/__init__.pyc",
        "bytecode_tried/one.py",
        "bytecode_tried/two.txt",
    ]
