"""The page that compares messages says what the library says now, and what the peers said."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

import pytest

from tests.tools import compare_messages
from tests.tools.compare_messages import PEERS


def test_the_page_is_current():
    page = compare_messages.PAGE.read_text(encoding="utf-8")
    assert page == compare_messages.current(), "run: python -m tests.tools.compare_messages"


def test_thirty_different_mistakes_are_asked_of_peers():
    cases = compare_messages.mistakes()
    assert len({case["title"] for case in cases}) == len(cases) == 30
    assert all(set(case["texts"]) - {compare_messages.OURS} for case in cases)


@pytest.mark.parametrize(
    "message",
    [
        "error: what\n  | a=b\n  |  ^",
        "LINE 1: a = b\n          ^",
        "<input>:1:7: what",
        "Token(type='WS', value=' ', lineno=1, index=5)",
        "LexToken(error,'= 10',1,6)",
        "at position 9",
        "unexpected end at the end!",
    ],
)
def test_a_place_is_seen_in_each_form(message):
    assert compare_messages.names_place(message)


def test_no_place_is_seen_where_none_is_named():
    assert not compare_messages.names_place("Failed to parse at: None, 10:20, ^ is no operator")


@pytest.mark.parametrize(
    ("message", "text", "named"),
    [
        ("write '=='", "a=1", True),
        ("found a single '='", "a=1", False),
        ("mismatched input 'and'", "a and b", False),
        ("write 'and'", "a && b", True),
    ],
)
def test_a_remedy_is_what_the_text_does_not_have(message, text, named):
    assert compare_messages.names_remedy(message, text, ["==", "'and'"]) is named


def test_what_is_left_out_is_told():
    assert compare_messages.shown("\n".join("abcdefghijklmnopqr")).endswith("p\n(… 2 more lines)")
    assert compare_messages.shown("a" * 301) == f"{'a' * 300} (… shortened)"
    assert compare_messages.shown(None) == "(nothing: it is accepted)"


@pytest.mark.slow
@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_says_what_is_stored(peer):
    """Each peer that is installed in the stored version, with what it is asked through."""
    told = compare_messages.stored()[peer]
    try:
        installed = version(peer)
        if peer == "odata-query":
            version("sqlalchemy")
    except PackageNotFoundError as error:
        pytest.skip(str(error))
    if installed != told["version"]:
        pytest.skip(f"{peer} {installed} is installed, not {told['version']}")
    assert compare_messages.asked_anew(sys.executable, [peer]) == {peer: told}
