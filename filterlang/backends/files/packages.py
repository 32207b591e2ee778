"""The libraries of the formats, each imported when a file first needs it.

They belong to extras, and are not typed, or by each release otherwise. So they are imported by
name, and what comes from them is of any type.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def load_pyarrow() -> ModuleType:
    """Import pyarrow with what is used of it, which takes a tenth of a second.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    need = "Parquet, Arrow or Feather data"
    for part in ("pyarrow.compute", "pyarrow.parquet"):
        _load(part, need, "pyarrow")
    return _load("pyarrow", need, "pyarrow")


def load_zstandard() -> ModuleType:
    """Import zstandard; the standard library has its like only since Python 3.14.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    return _load("zstandard", "zstd data", "zstandard")


def load_lz4() -> ModuleType:
    """Import the part of lz4 that knows frames.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    return _load("lz4.frame", "lz4 data", "lz4")


def load_orc() -> ModuleType:
    """Import the part of pyarrow that reads ORC.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    return _load("pyarrow.orc", "ORC data", "pyarrow")


def load_fastavro() -> ModuleType:
    """Import fastavro.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    return _load("fastavro", "Avro data", "fastavro")


def load_calamine() -> ModuleType:
    """Import python-calamine, which reads workbooks.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    return _load("python_calamine", "xlsx data", "python-calamine")


def find_arrow_csv() -> tuple[ModuleType, ModuleType, ModuleType] | None:
    """Import pyarrow, and of it what reads CSV and what computes; None where it isn't installed."""
    try:
        return (
            import_module("pyarrow"),
            import_module("pyarrow.csv"),
            import_module("pyarrow.compute"),
        )
    except ModuleNotFoundError:
        return None


def _find(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


def find_igzip() -> ModuleType | None:
    """Import the part of isal that unpacks gzip; None where it isn't installed."""
    return _find("isal.igzip")


def find_field_reader() -> tuple[ModuleType, ModuleType] | None:
    """Import fastsimdjson, and StringZilla to look for texts; None where one isn't installed."""
    try:
        return import_module("fastsimdjson"), import_module("stringzilla")
    except ModuleNotFoundError:
        return None


def find_searches() -> ModuleType | None:
    """Import StringZilla, which looks for characters; None where it isn't installed."""
    return _find("stringzilla")


def find_msgspec() -> ModuleType | None:
    """Import the part of msgspec that reads JSON; None where it isn't installed."""
    return _find("msgspec.json")


def msgspec_itself() -> Any:
    """Import msgspec, the part of which that reads JSON has been found."""
    return import_module("msgspec")


def find_splitter() -> Callable[[bytes], list[bytes] | None]:
    """Return a function that splits a JSON list into the bytes of its elements.

    It returns None for what msgspec refuses, or where that isn't installed.
    """
    msgspec = find_msgspec()
    if msgspec is None:
        return lambda _: None
    whole: Any = msgspec_itself()
    decode = msgspec.Decoder(list[whole.Raw]).decode

    def split(text: bytes) -> list[bytes] | None:
        try:
            return list(map(bytes, decode(text)))
        except (whole.DecodeError, RecursionError):
            return None

    return split


def _load(name: str, need: str, package: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingPackageError(need, package, "files") from None
