"""Numbers whose points or commas may stand between thousands, by what divides their cells."""

from __future__ import annotations

from pathlib import Path

import pytest

TOLD = (
    "{}: numbers such as {} are decimals here, though all their points stand as between thousands;"
    " if they are thousands, take the points away (and say --decimal comma, if others have such"
    " decimals)\n"
)
CELLS = "id;price;tax\n1;1.234;1,5\n2;-12.500;2,5\n3;-999;3,5\n4;;0,5\n"


@pytest.mark.parametrize("operator", [">=", "<", "==", "!="])
def test_points_as_between_thousands_are_told(run, operator):
    clause = f"price{operator}1000"
    told = TOLD.format(clause, "'-12.500'")
    found = run("match", clause, "--count", "--input-format", "csv", stdin=CELLS.encode())
    assert found.err == told
    Path("sold.csv").write_text(CELLS)
    for more in ((), ("--explain",), ("--jobs", "2")):
        assert run("match", clause, "sold.csv", "--count", *more).err.endswith(told)
    # Once for a column, whatever is asked of it.
    assert run("match", clause, "-e", "price>5", "sold.csv", "--count").err.count("thousands;") == 1


def test_what_is_said_to_do_helps(run):
    cells = CELLS.replace(".", "").encode()
    options = ("--input-format", "csv", "--decimal", "comma", "--count")
    assert run("match", "price>=1000;tax<=1.5", *options, stdin=cells) == (0, "1\n", "")


@pytest.mark.parametrize(
    ("clause", "cells", "options"),
    [
        ("price>=1", "id,price\n1,1.234\n", ()),
        ("price>=1", "id;price\n1;1.234\n2;1.5\n", ()),
        ("price>=1", "id;price\n1;0.234\n", ()),
        ("price>=1", "id;price\n1;1.234\n2;1234\n", ()),
        ("price>=1", "id;price\n1;1234.567\n", ()),
        ("price>=1", "id;price\n1;1234\n", ()),
        ("price~1.2*", "id;price\n1;1.234\n", ()),
        ("price==", "id;price\n1;1.234\n", ()),
        ("id==1", "id;price\n1;1.234\n", ()),
        # Degrees have decimals, and so has all else in their file.
        ("lat>=20", "lat;lon\n48.137;12.345\n-33.869;151.209\n", ()),
        ("geoLatitude>=20", "geoLatitude;geo_lng\n48.137;12.345\n", ()),
        ("price>=20", "Breite;Länge;price\n48.137;12.345;1.250\n", ()),
        # The points of another column stand before decimals.
        ("lat>=20", "lat;rate\n52.520;0.5\n", ()),
        ("lat>=20", "rate;lat\n1.25;52.520\n", ()),
    ],
)
def test_nothing_is_said_of_other_points(run, clause, cells, options):
    found = run("match", clause, "--count", "--input-format", "csv", *options, stdin=cells.encode())
    assert found.err == ""


@pytest.mark.parametrize(
    "cells",
    [
        # One of them alone, or more than degrees, may be anything.
        "price;lat\n1.234;48.137\n",
        "price;lat;lon\n1.234;148.137;12.345\n",
        "price;lat;lon\n1.234;48;12\n",
        "price;plate;along\n1.234;48.137;12.345\n",
    ],
)
def test_points_are_told_beside_what_are_no_degrees(run, cells):
    found = run("match", "price>=1000", "--count", "--input-format", "csv", stdin=cells.encode())
    assert found.err == TOLD.format("price>=1000", "'1.234'")


COMMAS = (
    "{}: numbers such as {} are decimals here, though all their commas stand as between thousands;"
    " if they are thousands, take the commas away and leave out --decimal comma\n"
)
SAID = ("--count", "--input-format", "csv", "--decimal", "comma")


@pytest.mark.parametrize("operator", [">=", "<", "==", "!="])
def test_commas_as_between_thousands_are_told(run, operator):
    clause = f"p{operator}1000"
    cells = b'id,p\n1,"1,234"\n2,"2,000"\n3,999\n'
    assert run("match", clause, *SAID, stdin=cells).err == COMMAS.format(clause, "'1,234'")
    # What is said to do helps.
    cells = cells.replace(b'"1,234"', b"1234").replace(b'"2,000"', b"2000")
    assert run("match", "p>=1000", *SAID[:3], stdin=cells) == (0, "2\n", "")


@pytest.mark.parametrize(
    "cells",
    [
        # Those who divide cells so have a comma before decimals.
        "id;p\n1;1,234\n2;2,000\n",
        "id\tp\n1\t1,234\n2\t2,000\n",
        'id,p\n1,"1,234"\n2,"2,5"\n',
        'id,p,tax\n1,"1,234","0,5"\n',
        'id,p\n1,"1,234"\n2,1234\n',
        'lat,lon,p\n"48,137","12,345","1,250"\n',
        "id,p\n1,1234\n",
    ],
)
def test_nothing_is_said_of_other_commas(run, cells):
    assert run("match", "p>=1", *SAID, stdin=cells.encode()).err == ""
