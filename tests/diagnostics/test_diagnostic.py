"""Places, fixes, and the way a diagnostic is shown to a person."""

from __future__ import annotations

import copy
import pickle

import pytest

import filterlang as fl
from filterlang.diagnostics.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Span,
    apply_edits,
    quoted,
    render,
)


def shown(text, start, end, **options):
    """Give the source line and the carets."""
    one = Diagnostic("FL000", "error", "message", Span(start, end), **options)
    return render([one], [text]).split("\n")[3:5]


def test_a_span_is_a_pair_in_order():
    assert tuple(Span(1, 3)) == (1, 3)
    for wrong in ((3, 1), (-1, 2)):
        with pytest.raises(ValueError, match="a span needs 0 <= start <= end"):
            Span(*wrong)


def test_edits_are_made_all_at_once():
    text = "abcdef"
    edits = [
        Edit(Span(4, 5), ""),
        Edit(Span(0, 0), ">"),
        Edit(Span(1, 3), "-+-"),
        Edit(Span(6, 6), "<"),
    ]
    assert apply_edits(text, edits) == ">a-+-df<"
    assert apply_edits(text, []) == text
    assert Fix(edits, safe=False).apply(text) == ">a-+-df<"


def test_diagnostics_are_values():
    (one,) = fl.check("a=1").diagnostics
    assert one == Diagnostic(
        code="FL104",
        severity="error",
        message="expected '==', found a single '='",
        span=Span(1, 2),
        hint="write '=='",
        fixes=(Fix((Edit(Span(1, 2), "=="),), safe=True),),
        source_index=0,
    )
    assert pickle.loads(pickle.dumps(one)) == one == copy.deepcopy(one)
    assert len({one, copy.copy(one)}) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Doe", "'Doe'"),
        ("O'Neill", '"O\'Neill"'),
        ("'\"", "''\"'"),
        ("a\tb\x7f\x80\u200b", "'a␉b␡<U+0080><U+200B>'"),
        ("x" * 60, f"'{'x' * 60}'"),
        ("x" * 61, f"'{'x' * 59}…'"),
    ],
)
def test_quoted_text(text, expected):
    assert quoted(text) == expected


# --- Carets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "start", "end", "line", "carets"),
    [
        ("a=1", 1, 2, "  | a=1", "  |  ^"),
        ("abc", 0, 3, "  | abc", "  | ^^^"),
        ("abc", 3, 3, "  | abc", "  |    ^"),
        ("", 0, 0, "  |", "  | ^"),
        ("abc   ", 3, 6, "  | abc", "  |    ^^^"),
        # Wide characters take two columns, combining ones none.
        ("東京=x", 2, 3, "  | 東京=x", "  |     ^"),
        ("a==東京", 3, 5, "  | a==東京", "  |    ^^^^"),
        ("e\u0301=x", 2, 3, "  | e\u0301=x", "  |  ^"),
        ("😀=x", 1, 2, "  | 😀=x", "  |   ^"),
        # What can't be seen is shown by a picture or a code, also a tab.
        ("a\tb=x", 3, 4, "  | a␉b=x", "  |    ^"),
        ("a\n=x", 1, 2, "  | a␊=x", "  |  ^"),
        ("a\u200b=x", 1, 2, "  | a<U+200B>=x", "  |  ^^^^^^^^"),
        ("a\ud800=x", 2, 3, "  | a<U+D800>=x", "  |          ^"),
    ],
)
def test_carets_stand_below_their_characters(text, start, end, line, carets):
    assert shown(text, start, end) == [line, carets]


@pytest.mark.parametrize(
    ("start", "end", "line", "carets"),
    [
        (0, 1, "x" * 100 + "…", "^"),
        (40, 41, "x" * 100 + "…", " " * 40 + "^"),
        (5000, 5002, "…" + "x" * 100 + "…", " " * 51 + "^^"),
        (9999, 10_000, "…" + "x" * 100, " " * 100 + "^"),
        (10_000, 10_000, "…" + "x" * 100, " " * 101 + "^"),
        # Of a long span the beginning is shown.
        (5000, 9000, "…" + "x" * 100 + "…", " " * 51 + "^" * 50),
    ],
)
def test_a_line_of_ten_thousand_characters_is_cut_around_the_span(start, end, line, carets):
    assert shown("x" * 10_000, start, end) == [f"  | {line}", f"  | {carets}"]


# --- The whole ------------------------------------------------------------------------------------


def test_several_findings():
    found = [
        Diagnostic("FL001", "warning", "one", Span(0, 1), source_index=1),
        Diagnostic("FL002", "hint", "two", Span(2, 2), "do that"),
        Diagnostic("FL003", "error", "three", Span(3, 4), source_index=None),
        # Without its text, a finding has no line.
        Diagnostic("FL004", "error", "four", Span(3, 4), source_index=7),
    ]
    assert render(found, ["abc", "xyz"], query="?a=b") == (
        "warning[FL001]: one\n"
        " --> filter 2, column 1\n"
        "  |\n"
        "  | xyz\n"
        "  | ^\n"
        "\n"
        "hint[FL002]: two\n"
        " --> filter 1, column 3\n"
        "  |\n"
        "  | abc\n"
        "  |   ^\n"
        "hint: do that\n"
        "\n"
        "error[FL003]: three\n"
        " --> query, column 4\n"
        "  |\n"
        "  | ?a=b\n"
        "  |    ^\n"
        "\n"
        "error[FL004]: four"
    )
    assert render([], ["abc"]) == ""


def test_no_colour_unless_asked():
    found = fl.check("a=1;;b==null").diagnostics
    plain = render(found, ["a=1;;b==null"])
    colored = render(found, ["a=1;;b==null"], color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[FL104]\x1b[0m: \x1b[1mexpected" in colored
    assert "\x1b[1;33mwarning[FL404]\x1b[0m" in colored
    assert "\x1b[1;36mhint\x1b[0m: " in colored
    for code in ("0", "1", "1;31", "1;33", "1;36"):
        colored = colored.replace(f"\x1b[{code}m", "")
    assert colored == plain
