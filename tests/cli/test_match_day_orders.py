"""Dates with the day or the month first: what to write for one never means another date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HEAD = "another spelling of what 'd{}2024-02-01' asks for: "
KEPT = HEAD + "{} spelled as '{}', and none as '2024-02-01'; write 'd{}{}'\n"
FIRST = HEAD + (
    "all {} values are dates such as '{}', with the {} first; none is spelled as '2024-02-01'; "
    "write 'd{}'\n"
)
OPEN = HEAD + (
    "all 2 values are dates such as '{}', which don't tell whether day or month comes first; "
    "none is spelled as '2024-02-01'; write 'd{}' if the day does, 'd{}' if the month does\n"
)


def write(values):
    Path("t.csv").write_text("id,d\n" + "".join(f'1,"{one}"\n' for one in values))
    Path("t.jsonl").write_text("".join(f"{json.dumps({'d': one})}\n" for one in values))


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.parametrize("sign", ["/", "-", "."])
@pytest.mark.parametrize("year", ["2024", "24"])
def test_another_date_of_the_column_tells_which_comes_first(run, format_, sign, year):
    first, second = sign.join(["02", "01", year]), sign.join(["01", "02", year])
    for last, meant in (("31", "12"), second), (("12", "31"), first):
        proof = sign.join([*last, year])
        write([first, second, proof])
        told = KEPT.format("==", "1 of 3 values is", meant, "==", meant)
        assert run("match", "d==2024-02-01", f"t.{format_}", "-c").err == told
        assert run("match", f"d=={meant}", f"t.{format_}", "-c") == (0, "1\n", "")
        # None of these is the date that is asked for.
        other = first if meant == second else second
        write([other, proof])
        place = "day" if meant == second else "month"
        told = FIRST.format("!=", 2, other, place, f"!={meant}")
        assert run("match", "d!=2024-02-01", f"t.{format_}", "-c").err == told


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.parametrize("sign", ["/", "-", "."])
def test_both_are_named_where_no_date_tells(run, format_, sign):
    day_first, month_first = sign.join(["01", "02", "2024"]), sign.join(["02", "01", "2024"])
    write([month_first, sign.join(["03", "04", "2024"])])
    told = OPEN.format("==", month_first, f"=={day_first}", f"=={month_first}")
    assert run("match", "d==2024-02-01", f"t.{format_}", "-c").err == told


@pytest.mark.parametrize(
    ("text", "values", "told"),
    [
        # Those that disagree tell nothing, either.
        (
            "d==2024-02-01",
            ["12/31/2023", "31/12/2023"],
            OPEN.format("==", "12/31/2023", "==01/02/2024", "==02/01/2024"),
        ),
        (
            "d!=2024-02-01",
            ["2/1/2024", "12/31/2023"],
            KEPT.format("!=", "1 of 2 values is", "2/1/2024", "!=", "2/1/2024"),
        ),
        (
            "d==2024-02-01",
            ["1/2/2024", "12/31/2023"],
            FIRST.format("==", 2, "1/2/2024", "month", "==2/1/2024"),
        ),
        # Behind the day there is a time, which isn't asked for.
        (
            "d==2024-02-01",
            ["01/02/2024 10:00", "31/12/2023 10:00"],
            KEPT.format("==", "1 of 2 values is", "01/02/2024 10:00", "~", "01/02/2024*"),
        ),
        (
            "d!=2024-02-01",
            ["02/01/2024 10:00", "31/12/2023 10:00"],
            FIRST.format("!=", 2, "02/01/2024 10:00", "day", "!~01/02/2024*"),
        ),
        (
            "d==2024-02-01",
            ["03/04/2024"],
            HEAD.format("==")
            + "the one value is '03/04/2024', which doesn't tell whether day or month comes first; "
            "none is spelled as '2024-02-01'; write 'd==01/02/2024' if the day does, "
            "'d==02/01/2024' if the month does\n",
        ),
        (
            "d==2024-05-05",
            ["03/04/2024", "03/05/2024"],
            HEAD.format("==").replace("02-01", "05-05")
            + "all 2 values are dates such as '03/04/2024'; none is spelled as '2024-05-05'; "
            "write 'd==05/05/2024'\n",
        ),
        (
            "d==2024-02-01",
            ["01/02/2024", "x"],
            HEAD.format("==")
            + "1 of 2 values is '01/02/2024', which doesn't tell whether day or month comes first; "
            "none is spelled as '2024-02-01'; write 'd==01/02/2024' if the day does, "
            "'d==02/01/2024' if the month does\n",
        ),
        ("d==2024-02-01", ["1 Feb 2024", "x"], KEPT.format(
            "==", "1 of 2 values is", "1 Feb 2024", "==", "1 Feb 2024"
        )),
        # Versions, and what is no date in either order; times are asked for by themselves.
        ("d==2024-02-01", ["1.2.24", "3.1.12"], ""),
        ("d==2024-02-01", ["32/13/2024", "x"], ""),
        # Two digits are of another century.
        ("d==1924-02-01", ["01/02/24", "31/12/23"], ""),
        ("d==2024-02-01", ["03/04/2024", "x"], ""),
        ("d==2024-02-01T10:00", ["01/02/2024", "31/12/2023"], ""),
        ("d==2024-02-01T00:00+02:00", ["01/02/2024", "31/12/2023"], ""),
    ],
)  # fmt: skip  # a table
def test_days_are_told_as_they_are_spelled(run, text, values, told):
    write(values)
    assert run("match", text, "t.csv", "-c").err == told
