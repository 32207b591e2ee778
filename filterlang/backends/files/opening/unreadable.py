"""What people take for files of records, and what to do with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Unreadable(NamedTuple):
    """Data that can't be read: its `magics`, and at which `place`; `what` it is, `remedy`."""

    magics: tuple[bytes, ...]
    what: str
    remedy: str
    place: int = 0


_RECORDS = "name a file of records"
_EXPORT = "export its records, as CSV or JSON Lines"
_UNPACK = "unpack it, and name the files in it"

_UNREADABLE = (
    _Unreadable((b"ustar",), "a tar archive", _UNPACK, 257),
    _Unreadable((b"7z\xbc\xaf\x27\x1c",), "a 7z archive", _UNPACK),
    _Unreadable((b"Rar!\x1a\x07",), "a rar archive", _UNPACK),
    _Unreadable((b"\x1f\x9d",), "data of compress (.Z)", "unpack it: gzip -dc FILE | filterlang …"),
    _Unreadable((b"LZIP",), "lzip data", "unpack it: lzip -dc FILE | filterlang …"),
    _Unreadable((b"\x89LZO\0",), "lzop data", "unpack it: lzop -dc FILE | filterlang …"),
    _Unreadable(
        (b"\x02\x21\x4c\x18",),
        "lz4 data in the form of its first versions",
        "unpack it: lz4 -dc FILE | filterlang …",
    ),
    _Unreadable((b"\xff\x06\0\0sNaPpY",), "snappy data", "unpack it, and name the file in it"),
    _Unreadable((b"SQLite format 3\0",), "a database of SQLite", _EXPORT),
    _Unreadable((b"DUCK",), "a database of DuckDB", _EXPORT, 8),
    _Unreadable(
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        "a file of Excel before 2007 (.xls), or another old file of Office",
        "save it as CSV",
    ),
    _Unreadable((b"%PDF-",), "a PDF", _RECORDS),
    _Unreadable(
        (
            *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"\0\0\1\0"),
            *(b"II*\0", b"MM\0*"),
        ),
        "a picture",
        _RECORDS,
    ),
    _Unreadable((b"WEBP",), "a picture", _RECORDS, 8),
    _Unreadable((b"WAVE",), "sound", _RECORDS, 8),
    _Unreadable((b"ID3\3\0", b"ID3\4\0", b"OggS\0", b"fLaC\0"), "sound", _RECORDS),
    _Unreadable((b"ftyp",), "a film or a picture", _RECORDS, 4),
    _Unreadable((b"\x1a\x45\xdf\xa3",), "a film", _RECORDS),
    _Unreadable((b"wOFF", b"wOF2", b"OTTO\0"), "a font", _RECORDS),
    _Unreadable(
        (
            *(b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\0asm"),
            # Two letters alone may be the beginning of a text.
            *(b"MZ\x90\0", b"MZ\x80\0", b"MZ\0\0", b"MZP\0", b"MZx\0"),
        ),
        "a program",
        f"if it is an archive that unpacks itself, {_UNPACK}",
    ),
    _Unreadable((b"\x89HDF\r\n\x1a\n",), "HDF5 data", _EXPORT),
    _Unreadable((b"\x93NUMPY",), "an array of NumPy", _EXPORT),
    _Unreadable((b"$FL2@(#)", b"$FL3@(#)"), "a file of SPSS", _EXPORT),
    _Unreadable(
        (b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0\x09\xc7\x31\x8c",),
        "a file of SAS",
        _EXPORT,
        12,
    ),
    _Unreadable((b"HEADER RECORD*******LIB",), "a file of SAS (.xpt)", _EXPORT),
    _Unreadable((b"<stata_dta>",), "a file of Stata", _EXPORT),
    _Unreadable((b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n"), "data of R", _EXPORT),
    _Unreadable((b"Standard Jet DB\0", b"Standard ACE DB\0"), "a database of Access", _EXPORT, 4),
    _Unreadable((b"bplist00",), "a property list", _EXPORT),
    _Unreadable(
        (
            *(b"\x80\2]q\0", b"\x80\2}q\0", b"\x80\3]q\0", b"\x80\3}q\0"),
            *(b"\x80\4\x95", b"\x80\5\x95"),
        ),
        "what Python's pickle wrote",
        _EXPORT,
    ),
    _Unreadable((b"SEQ\6",), "a sequence file of Hadoop", _EXPORT),
    _Unreadable((b"PGDMP",), "a dump of PostgreSQL", "restore it, and export the tables as CSV"),
    _Unreadable(
        (b"-----BEGIN PGP ", b"age-encryption.org/"),
        "encrypted data",
        "decrypt it",
    ),
)
_FEW = 1 << 9
_ENCRYPTED = re.compile(rb"PARE[\x00-\xff]{0,3}\x00")
_ENCRYPTED_NAME = "encrypted Parquet"
_BSON = re.compile(rb"[\x05-\xff][\x00-\xff]{2}\x00[\x01-\x13][\w$.-]{1,64}\x00")
_BSON_NAME = "BSON, as mongodump writes it"
_MEMBERS = {
    "xl/workbook.bin": ("an Excel workbook (.xlsb)", "save the sheet as CSV"),
    "word/document.xml": ("a document of Word (.docx)", _RECORDS),
    "ppt/presentation.xml": ("a presentation (.pptx)", _RECORDS),
    "content.xml": ("a file of OpenDocument (.ods, .odt)", "save the sheet as CSV"),
    "Index/Document.iwa": ("a file of Numbers or Pages", "save the sheet as CSV"),
}
"""What zip archives are that hold such a file."""
MAGICS = tuple(magic for one in _UNREADABLE if not one.place for magic in one.magics)
UNREADABLE_NAMES = (
    *dict.fromkeys(one.what for one in _UNREADABLE),
    _BSON_NAME,
    _ENCRYPTED_NAME,
    *(what for what, _ in _MEMBERS.values()),
    "an HTML page",
    "XML",
)
TAR = max(one.place + len(one.magics[0]) for one in _UNREADABLE)
"""So many bytes tell everything."""
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:(!doctype\s+html|html|head|body)|(\?xml)|!--)", re.IGNORECASE
)
_BEGUN = re.compile(rb"(?:\xef|\xef\xbb|(?:\xef\xbb\xbf)?\s{0,200}(?:<[^\n]{0,20})?)\Z")


def what_begins_so(head: bytes) -> str | None:
    """Return what data is that can't be read, and what to do with it; None for other data."""
    for magics, what, remedy, place in _UNREADABLE:
        # Further on a text may have these letters, but no NUL.
        if head.startswith(magics, place) and not (place and b"\0" not in head[:_FEW]):
            return _message(what, remedy)
    if _ENCRYPTED.match(head):
        return _message(_ENCRYPTED_NAME, "write it without that")
    if _BSON.match(head):
        return _message(_BSON_NAME, "make JSON Lines of it: bsondump FILE | filterlang …")
    return None


def what_page_begins_so(head: bytes) -> str | None:
    """Return the same of text that can't be read."""
    found = _PAGE.match(head)
    if found is None:
        return None
    if found[2]:
        return _message("XML", "convert it to JSON Lines or CSV")
    remedy = "fetch the file again, and look at the page to see why it came in its place"
    return _message("an HTML page", remedy)


def is_page_begun(head: bytes) -> bool:
    """Whether more has to be read to tell a page from other text, as behind blank lines."""
    return _BEGUN.match(head) is not None


def what_has_members(names: Iterable[str]) -> str | None:
    """Return what an archive is that is more than that, and what to do with it."""
    for name in names:
        if name in _MEMBERS:
            return _message(*_MEMBERS[name])
    return None


def _message(what: str, remedy: str) -> str:
    return f"this is {what}, which can't be read; {remedy}"
