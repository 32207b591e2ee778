"""Hints write several filters in the form of the place that they are written in."""

from __future__ import annotations

import pytest

import filterlang as fl
from filterlang.diagnostics.places import (
    Place,
    by_own_schema,
    by_schema,
    several,
    written_in,
)
from filterlang.web.payloads import check

FORMS = {
    Place.TEXTS: "'a==1' and \"b=='x'\"",
    Place.QUERY: "filter=a%3D%3D1&filter=b%3D%3D%27x%27",
    Place.LINES: "'a==1' and \"b=='x'\", each on a line of its own",
    Place.OPTIONS: "a==1 -e 'b=='\"'\"'x'\"'\"''",
    Place.ARGUMENTS: "a==1 'b=='\"'\"'x'\"'\"''",
}
WORDS = {
    Place.TEXTS: "",
    Place.QUERY: "; in a query string '&filter=' starts the next one",
    Place.LINES: ", each on a line of its own",
    Place.OPTIONS: "; each further one stands behind -e",
    Place.ARGUMENTS: "; each is an argument of its own",
}


@pytest.mark.parametrize("place", Place)
def test_filters_that_are_known_are_written_as_they_stand_there(place):
    with written_in(place):
        assert several(["a==1 ", " b=='x'"]) == FORMS[place]


@pytest.mark.parametrize("place", Place)
def test_of_filters_that_arent_known_is_told_how_they_are_written(place):
    with written_in(place):
        hint = fl.check("a==1 or b==2 and c==3").diagnostics[0].hint
    assert hint == f"for OR, write two filters{WORDS[place]}"


@pytest.mark.parametrize("place", Place)
def test_many_filters_are_cut_and_counted(place):
    with written_in(place):
        written = several([f"a=={number}" for number in range(40)])
    assert "a==12" not in written.replace("%3D", "=")
    assert "… (40 in all)" in written


def test_after_the_block_it_is_as_before():
    with pytest.raises(ZeroDivisionError), written_in(Place.QUERY):
        1 / 0  # noqa: B018 — what raises in the block
    assert several(["a==1", "b==2"]) == "'a==1' and 'b==2'"


def test_an_error_of_a_query_string_shows_a_query_string():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_query("filter=score%3E1%3Bplan%3Din%3D(gold,free)")
    assert caught.value.diagnostics[0].hint == (
        "for one of several values, write a filter for each:"
        " filter=score%3E1%3Bplan%3D%3Dgold&filter=score%3E1%3Bplan%3D%3Dfree"
    )
    shown = caught.value.diagnostics[0].hint.partition(": ")[2]
    assert fl.unparse(fl.from_query(shown)) == ["score>1;plan==gold", "score>1;plan==free"]


def test_an_error_of_decoded_pairs_shows_texts():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_params([("filter", "plan==gold,free")])
    assert "'plan==gold' and 'plan==free'" in str(caught.value)


def test_the_filter_box_shows_lines():
    (answer,) = check({"filters": ["a==1 or b==2"]})["filters"]
    assert answer["diagnostics"][0]["hint"] == (
        "for OR, write two filters: 'a==1' and 'b==2', each on a line of its own"
    )


@pytest.mark.parametrize("place", Place)
def test_a_schema_is_an_option_or_the_choice_of_a_form(place):
    with written_in(place):
        told = by_schema(["users", "accounts"]), by_own_schema('{"score": "number"}')
    if place is Place.LINES:
        assert told == (
            "choose the schema 'users' or 'accounts'",
            'write a schema of your own: {"score": "number"}',
        )
    else:
        assert told == (
            "say --schema users or --schema accounts",
            'say --schema FILE, which holds {"score": "number"}',
        )
