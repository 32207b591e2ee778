"""Text that isn't UTF-8, nor what it says it is: which encoding it is likely in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ASCII = 0x7F
_UNUSED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
"""Bytes that cp1252 has no character for."""
_LETTERS_OF_DOS = {0x81, 0x82, 0x84, 0x85, 0x87, 0x88, 0x8A, 0x8E, 0x90, 0x94, 0x99, 0x9A, 0xE1}
"""Bytes that the old encoding of DOS has the common letters of western Europe for."""


def likely_encoding(found: Iterable[int]) -> str | None:
    """Return the encoding that bytes beyond ASCII are likely in; None where nothing tells.

    Western texts are taken for granted: the bytes alone don't tell them from others.

    Example:
        >>> likely_encoding("Köln – Zürich".encode("cp1252"))
        'cp1252'
        >>> likely_encoding("Zürich".encode("cp850"))
        'cp850'
    """
    high = {byte for byte in found if byte > _ASCII}
    if not high & _UNUSED:
        return "cp1252"
    return "cp850" if high <= _LETTERS_OF_DOS else None


def unmarked(head: bytes) -> str | None:
    """Return which UTF-16 or UTF-32 a text is in that lacks the mark; None if it is in neither.

    Example:
        >>> unmarked("id".encode("utf-16-le")), unmarked("id".encode("utf-16-be")), unmarked(b"id")
        ('utf-16-le', 'utf-16-be', None)
    """
    match [byte != 0 for byte in head[:4]]:
        case [True, False, False, False]:
            return "utf-32-le"
        case [False, False, False, True]:
            return "utf-32-be"
        case [True, False, *_]:
            return "utf-16-le"
        case [False, True, *_]:
            return "utf-16-be"
        case _:
            return None


def is_no_text(head: bytes) -> bool:
    r"""Whether data in which bytes are NUL isn't UTF-16 either, as none of its characters is NUL.

    Example:
        >>> is_no_text(b"\0\0\1\0"), is_no_text("Ελ\n".encode("utf-16-le"))
        (True, False)
    """
    return all("\0" in head.decode(one, errors="replace") for one in ("utf-16-le", "utf-16-be"))
