"""However lines are looked at, the verdicts and the bad lines are those of the plain way."""

from __future__ import annotations

import json
import pickle
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang
from filterlang.backends.files.json_records.lines import BadRecordError, read_record
from filterlang.backends.files.scanning import scanner as scanning
from filterlang.backends.files.scanning.prefilter import Prefilter
from filterlang.backends.files.scanning.record_types import readable_layout
from filterlang.backends.files.scanning.scanner import Scanner
from filterlang.semantics.values import fold
from tests.support.engines import need, without_fast


def scanned(scanner, block, limit=None):
    """Return what was found; no number that JSON lacks is in lines that are said to be JSON."""
    scan = scanner.scan(block, limit)
    if scan.is_json:
        for line in scan.kept:
            json.loads(line, parse_int=len, parse_constant=pytest.fail)
    return tuple(scan[:4])


def plainly(block, matcher, *, invert=False):
    """Do by the standard library alone what a scanner does."""
    kept, bad, records = [], [], 0
    lines = block.split(b"\n")
    if not lines[-1]:
        del lines[-1]
    for number, line in enumerate(lines, 1):
        try:
            found = [(line, read_record(line))]
        except BadRecordError as error:
            if not error.parts:
                bad.append((len(kept), number, str(error)))
            found = [(part, read_record(part)) for part in error.parts]
        for part, record in found:
            records += record is not None
            if record is not None and matcher(record) is not invert:
                kept.append(part)
    return kept, len(lines), records, bad


# --- Lines, good and bad --------------------------------------------------------------------------

NAMES = ("a", "b.c", "a.b", "k", "tags")
FILTERS = [
    *("a==US", "a~*kit*", "b.c==us", "a.b~in*;k==1", "tags==kiki", "a!=us", "a==1", "k>1", "k==",
      "a==k\\,i/", 'a==x"y', "b.c==9007199254740993", "a~*σ*", "a~infinity", "a~tru*", "a~*e*",
      "a==İ", "nothing==7"),
]  # fmt: skip  # many a row

_texts = st.sampled_from(
    ["US", "us", "uS", "kit", "\u212aİT", "Kit!", "in", "İN", "ıN", "kiki", "k,i/", 'x"y', "x\\y",
     "ΣΑΣ", "true", "Infinity", "1", "", "\ud800", "\n", "é"]
) | st.text('usKkiİ\u212a/"\\é\x7f', max_size=4)  # fmt: skip  # many a row
_scalars = (
    _texts
    | st.none()
    | st.booleans()
    | st.sampled_from([0, 1, 2, -1, 2**53 + 1, 2**64, -(2**63) - 1, 10**30, 1.0, 1.5, 1e300])
    | st.sampled_from([float("nan"), float("inf"), -float("inf")])
)
_values = st.recursive(
    _scalars,
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "b.c", "k"]), values, max_size=3)
    ),
    max_leaves=6,
)
_records = st.dictionaries(
    st.sampled_from(["a", "b", "b.c", "a.b", "k", "tags", "other", "\u212a"]), _values, max_size=5
)


def _escaped(text, chance):
    """Write some characters as escapes that JSON would allow, but nobody needs."""
    out = []
    inside = False
    for at, character in enumerate(text):
        if character == '"' and text[at - 1] != "\\":
            inside = not inside
        plain = character.isalnum() and character.isascii() and text[at - 1] != "\\"
        if inside and plain and "\\" not in text[max(0, at - 6) : at] and chance(at):
            out.append(f"\\u{ord(character):04{'x' if at % 2 else 'X'}}")
        else:
            out.append(character)
    return "".join(out)


@st.composite
def lines(draw):
    record = draw(_records)
    text = json.dumps(
        record,
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " : ")])),
    )
    kind = draw(st.integers(0, 12))
    if kind == 0:
        seed = draw(st.integers(2, 5))
        text = _escaped(text, lambda at: at % seed == 0)
    line = text.encode(errors="surrogatepass" if kind == 1 else "backslashreplace")
    match kind:
        case 2:  # damaged
            place = draw(st.integers(0, len(line)))
            line = line[:place] + draw(st.sampled_from([b"", b"\xff", b"}", b'"', b"\x01", b"{"]))
            line += b"" if draw(st.booleans()) else b"}"
        case 3:  # of a key that is there twice the last one counts
            line = line[:-1] + (b"," if len(line) > 2 else b"") + b'"a":"US","a":1}'
        case 4:
            line = draw(st.sampled_from([b"", b" ", b"\r", b"\xef\xbb\xbf", b"[]", b"1", b"null"]))
        case 5:
            line = b"\xef\xbb\xbf" + line
        case 6:
            line += b"\r"
        case 7:
            line += line
        case 8:  # over two lines
            line = line.replace(b":", b":\n", 1)
    return line


@pytest.mark.parametrize("has_simdjson", [True, False])
@given(st.lists(lines(), max_size=8), st.sampled_from(FILTERS), st.booleans())
def test_fast_ways_say_what_the_standard_library_says(has_simdjson, found, text, invert):
    """Scanner(with msgspec).scan(block) == plainly(block), bad lines included."""
    need("msgspec", "fast")
    matcher = filterlang.compile(text)
    block = b"".join(line + b"\n" for line in found)
    with pytest.MonkeyPatch.context() as patch:
        if has_simdjson:
            need("fastsimdjson", "fast")
        else:
            patch.setitem(sys.modules, "fastsimdjson", None)
        scanner = Scanner(matcher, invert=invert)
    assert scanned(scanner, block) == plainly(block, matcher, invert=invert)
    assert scanned(scanner, block[:-1]) == plainly(block[:-1], matcher, invert=invert)


@given(st.lists(lines(), min_size=1, max_size=8), st.lists(st.sampled_from(FILTERS), min_size=1))
def test_the_prefilter_rejects_no_line_that_matches(found, texts):
    """For every line that matches, search(block) gives the line or None."""
    matcher = filterlang.compile(texts)
    prefilter = Prefilter.of(matcher)
    if prefilter is None:
        return
    for block in (b"\n".join(found), *(line + b"\n" for line in found)):
        kept = [line for line in block.split(b"\n") if plainly(line, matcher)[0]]
        searched = prefilter.search(block)
        if searched is not None:
            assert searched[0] == plainly(block, matcher)[1]
            assert set(kept) <= set(searched[1])


@given(st.lists(lines(), max_size=8), st.sampled_from(FILTERS))
def test_without_msgspec_the_same_lines_are_kept(found, text):
    """Scanner(without msgspec) keeps what plainly(block) keeps; strict or small, all."""
    matcher = filterlang.compile(text)
    block = b"".join(line + b"\n" for line in found)
    with pytest.MonkeyPatch.context() as patch:
        without_fast(patch)
        quick, strict, small = Scanner(matcher), Scanner(matcher, strict=True), Scanner(matcher)
        assert scanned(small, block) == plainly(block, matcher)
        patch.setattr(scanning, "_CHECKED", -1)
        assert quick.scan(block).kept == plainly(block, matcher)[0]
        assert scanned(strict, block) == plainly(block, matcher)


# --- What the prefilter rests on ------------------------------------------------------------------


def test_two_characters_beyond_ascii_are_folded_to_ascii():
    found = [chr(code) for code in range(128, 0x110000) if fold(chr(code)).isascii()]
    assert [unicodedata.name(character) for character in found] == [
        "LATIN CAPITAL LETTER I WITH DOT ABOVE",
        "KELVIN SIGN",
    ]


@pytest.mark.parametrize(
    ("filters", "needles"),
    [
        ("a==US", [b'"us"']),
        ("a==us/eu", [b"us"]),
        ("a==naïve text", [b"ve text"]),
        ("a~*abc*defg*", [b"defg"]),
        ("a==1;bcd==2", [b'bcd"']),
        ("a.bcd>=2", [b'bcd"']),
        ("a.schlüssel>=2", [b'ssel"']),
        ("a==x;bcd==Y\\ ", [b'"y "']),
        (["a==US", "b==UK"], [b'"us"', b'"uk"']),
        ("abc==Infinity", [b'abc"']),
        ("abc~tr*", [b'abc"']),
        ("abc~10*", [b'abc"']),
        ("a!=US", None),
        ("a==", None),
        ("a>1", [b'a"']),
        ("é>1", None),
        (["a==US", "b!=UK"], None),
        ([f"a==US{number}" for number in range(9)], None),
        ([], None),
    ],
)
def test_the_text_that_is_looked_for(filters, needles):
    found = Prefilter.of(filterlang.compile(filters))
    assert found == (None if needles is None else (tuple(needles),))


def test_a_schema_tells_the_name_and_what_may_be_text():
    schema = filterlang.Schema(
        {"score": "number", "place": {"type": "object", "fields": {"city": "text"}}},
        aliases={"cityName": "place.city"},
    )
    for text, needle in {"score==top": b'score"', "cityName>a": b'city"', "x==ab": b'"ab"'}.items():
        assert Prefilter.of(filterlang.compile(text, schema=schema)) == ((needle,),)


def test_what_rejects_little_is_given_up(monkeypatch):
    without_fast(monkeypatch)
    monkeypatch.setattr(scanning, "_CHECKED", -1)
    scanner = Scanner(filterlang.compile("score>1"))
    block = b'{"score": 1}\n' * 4
    for _ in range(2):
        assert scanned(scanner, block) == ([], 4, 4, [])
    assert scanner._prefilter is None


# --- Odds and ends --------------------------------------------------------------------------------


def test_a_limit_ends_the_scan_within_a_block(engine):
    scanner = Scanner(filterlang.compile("a==us"))
    block = b'{"a":"us"}\n[]\n{"a":"us"}\n[]\n'
    assert scanned(scanner, block, 2) == (
        [b'{"a":"us"}'] * 2,
        3,
        2,
        [(1, 2, "expected a JSON object, found an array")],
    )


def test_bad_lines_that_might_match_are_told_by_their_number(monkeypatch):
    without_fast(monkeypatch)
    monkeypatch.setattr(scanning, "_CHECKED", -1)
    scanner = Scanner(filterlang.compile("a==us"))
    block = b'{"a":"uk"}\n' * 5 + b'{"a":"us"}\n{"a":"us" "b"}\n'
    message = "expected a JSON object: expecting ',' delimiter in column 11"
    assert scanned(scanner, block) == ([b'{"a":"us"}'], 7, 6, [(1, 7, message)])


def test_a_scanner_goes_to_other_processes(engine):
    scanner = pickle.loads(pickle.dumps(Scanner(filterlang.compile("a==us"), invert=True)))
    assert scanned(scanner, b'{"a":"us"}\n{"a":"uk"}') == ([b'{"a":"uk"}'], 2, 2, [])


def test_names_that_are_too_many_or_too_long_are_read_in_full():
    assert readable_layout([(str(number),) for number in range(65)]) is None
    assert readable_layout([("a",) * 17]) is None


def test_names_beyond_ascii_are_found(engine):
    """Of a type with such a key msgspec finds nothing, and says nothing."""
    found = {"größe": 3, "ort": {"straße": "x"}, "wege": [{"名": {"ß": 1}}]}
    for ensure_ascii in (True, False):
        line = json.dumps(found, ensure_ascii=ensure_ascii).encode()
        for text in ("größe==3", "ort.straße==x", "wege.名.ß==1", "größe==3;ort.straße==x"):
            assert Scanner(filterlang.compile(text)).scan(line).kept == [line]
    assert readable_layout([("größe",)]) is readable_layout([("ort", "straße"), ("a",)]) is None
    need("msgspec", "fast")
    matcher = filterlang.compile(".".join("a" * 17) + "==1")
    assert scanned(Scanner(matcher), b'{"a":1}\n') == ([], 1, 1, [])
