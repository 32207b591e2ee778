"""Files as spreadsheets write them: what is told of them, and the options that read them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

WRONG = "wrong type in 'score>=90': "


def wrote(name, text):
    Path(name).write_text(text, encoding="utf-8", newline="")


def test_decimal_commas(run):
    wrote("x.csv", "id;score\n1;95,5\n2;100,0\n3;9,75\n")
    told = "all 3 values are numbers with a comma, so '10' is less than '9'; say --decimal comma\n"
    assert run("match", "score>=90", "x.csv") == (0, "id;score\n1;95,5\n", WRONG + told)
    for mark in ("comma", ","):
        found = run("match", "score>=90", "x.csv", "--decimal", mark)
        assert found == (0, "id;score\n1;95,5\n2;100,0\n", "")
    inferred = run("schema", "infer", "x.csv", "--decimal", "comma").out
    assert '"score": {\n      "type": "number"' in inferred
    Path("f.json").write_text('{"high": "score>=90"}')
    tagged = run("tag", "x.csv", "--filters", "f.json", "--decimal", "comma", "--only-tagged")
    assert tagged.out == (
        '{"id":1,"score":95.5,"matches":["high"]}\n{"id":2,"score":100.0,"matches":["high"]}\n'
    )
    told = run("tag", "x.csv", "--filters", "f.json", "--only-tagged").err
    assert told.endswith("say --decimal comma\n")


@pytest.mark.parametrize("more", [("--text",), ("--text", "--schema", "users")])
def test_decimal_commas_of_texts(run, more):
    found = run("match", "score>=90", "x.csv", "--decimal", "comma", *more)
    assert (found.code, found.out) == (2, "")
    assert found.err.endswith(
        "Error: with --text (in Python text=True) cells are texts, so --decimal has nothing to do; "
        "leave one out\n"
    )


def test_words_for_nothing(run):
    wrote("x.csv", "id,t,note\n1,95,\n2,N/A,\n3,100,\n4,k. A.,\n5,N/A,\n")
    told = (
        "all 5 values are numbers written as texts or texts such as 'N/A', so '10' is less than "
        "'9'; say --null N/A --null 'k. A.', or --schema FILE, which holds "
        '{"dimensions": {"t": "number"}, "open": true}\n'
    )
    assert run("match", "t>=90", "x.csv", "-c") == (0, "4\n", WRONG.replace("score", "t") + told)
    words = ("--null", "N/A", "--null", "k. A.")
    assert run("match", "t>=90", "x.csv", *words, "--select", "id") == (0, "id\n1\n3\n", "")
    assert run("match", "t==", "x.csv", *words, "--select", "id,t") == (
        0,
        "id,t\n2,\n4,\n5,\n",
        "",
    )
    assert run("match", "t==", "x.csv", *words, "-c", "--explain").out == "3\n"
    wrote("x.csv", "id;t\n1;95,5\n2;-\n")
    found = run("match", "t>=90", "x.csv", "-c").err
    assert found.endswith("so '10' is less than '9'; say --decimal comma --null -\n")
    assert run("match", "t>=90", "x.csv", "-c", "--decimal", ",", "--null", "-").out == "1\n"


def test_what_no_option_helps(run):
    """Where other words stand there, and where numbers wouldn't be any, it isn't said."""
    for cells in ("a b c d e f", "007 x"):
        wrote("x.csv", "id,t\n" + "".join(f"1,{cell}\n" for cell in ["95", *cells.split()]))
        assert "--null" not in run("match", "t>=90", "x.csv", "-c").err
    wrote("x.jsonl", '{"t": "95,5"}\n{"t": "N/A"}\n')
    assert "say" not in run("match", "t>=90", "x.jsonl", "-c").err


def test_spaces_around_names_and_cells(run):
    wrote("x.csv", " id , score \n 1 , 95 \n 2 , 9 \n")
    told = (
        "all 2 values are numbers with spaces around them, so '10' is less than '9'; say --trim\n"
    )
    assert run("match", "score>=90", "x.csv") == (1, "id,score\n", WRONG + told)
    assert run("match", "score~*95*", "x.csv") == (0, "id,score\n 1 , 95 \n", "")


@pytest.mark.parametrize("mark", ["", "# "])
@pytest.mark.parametrize("number", [1, 2, 3, 7, 15])
def test_many_lines_before_the_names(run, mark, number):
    titles = "".join(f"{mark}Title {line}\n" for line in range(number))
    wrote("x.csv", f"{titles}\nCountry,Users\nGermany,100\nFrance,200\nItaly,50\n")
    skip = number + 1
    found = run("match", "Users>=150", "x.csv", "-c").err.splitlines()
    assert found[1] == (
        f"x.csv: the first row has fewer cells than those behind it; if the names stand in line "
        f"{skip + 1}, say --skip {skip}, in Python skip"
    )
    assert run("match", "Users>=150", "x.csv", "-c", "--skip", str(skip)) == (0, "1\n", "")


def test_a_column_of_texts_with_commas_has_no_lines_before_the_names(run):
    wrote("x.csv", "note\nhello\nhow\nwho\nhello, world\nhi\na, b\nhe\nc, d\nend\n")
    assert "--skip" not in run("match", "note==x", "x.csv", "-c").err


def test_lines_before_the_names(run):
    wrote("x.csv", "Export of users\n\nid,score\n1,95\n2,9\n")
    told = (
        "x.csv: the first row has fewer cells than those behind it; if the names stand in line 3, "
        "say --skip 2, in Python skip\n"
    )
    assert told in run("match", "score>=90", "x.csv").err
    assert told in run("match", "score>=90", "x.csv", "--schema", "users").err
    assert run("match", "score>=90", "x.csv", "--skip", "2") == (0, "id,score\n1,95\n", "")
    read = ("--input-format", "csv", "--skip", "2")
    data = Path("x.csv").read_bytes()
    assert run("match", "score>=90", *read, stdin=data) == (0, "id,score\n1,95\n", "")
    found = run("match", "score>=90", "--input-format", "csv", stdin=data).err
    assert told.replace("x.csv", "<stdin>") in found


def test_names_that_are_there_twice(run):
    wrote("x.csv", "id,score,score\n1,95,7\n")
    told = (
        "x.csv: the columns 2 and 3 are both called 'score'; the second one is called 'score_2' "
        "here\n"
    )
    assert run("match", "id==1", "x.csv") == (0, "id,score,score_2\n1,95,7\n", told)
    assert run("match", "id==1", "x.csv", "--explain", "-c").out == "1\n"
    refused = "x.csv: the columns 2 and 3 are both called 'score'; rename one of them\n"
    assert run("match", "score==95", "x.csv") == (3, "", refused)
    assert run("match", "score==95", "x.csv", "--explain") == (3, "", refused)
    assert run("match", "id==1", "x.csv", "--select", "score") == (3, "score\n", refused)


LATE = (
    "1 cell is compared as text, as the first 1,000 rows hold nothing in these columns: '95' in "
    "'score' in x.csv:1002; --schema FILE says what they are, such as "
    '{"dimensions": {"score": "number"}, "open": true}\n'
)


def test_numbers_behind_a_thousand_empty_cells(run):
    wrote("x.csv", "id,score\n" + "1,\n" * 1000 + "2,95\n")
    assert run("match", "score>=9", "x.csv") == (0, "id,score\n2,95\n", LATE)
    assert run("match", "score>=9", "x.csv", "-c", "--explain").err.endswith(LATE)
    Path("schema.json").write_text(LATE.partition("such as ")[2], encoding="utf-8")
    assert run("match", "score>=9", "x.csv", "-c", "--schema", "schema.json") == (0, "1\n", "")


# --- What is written ------------------------------------------------------------------------------


def test_what_divides_cells_that_are_written(run):
    wrote("x.csv", "id;score\n1;95\n")
    wrote("y.jsonl", '{"id": 1, "score": 95}\n')
    asked = ("match", "score==95", "x.csv")
    assert run(*asked).out == "id;score\n1;95\n"
    assert run(*asked, "--color", "always").out == "id;score\n1;\x1b[1;31m95\x1b[0m\n"
    assert run(*asked, "--sort", "score", "--format", "csv").out == "id;score\n1;95\n"
    assert run(*asked, "--count-by", "score", "--format", "csv").out == "score;count\n95;1\n"
    assert run(*asked, "--output-delimiter", "tab").out == "id\tscore\n1\t95\n"
    assert run(*asked, "-o", "to.csv").code == 0
    assert Path("to.csv").read_text() == "id;score\n1;95\n"
    assert run(*asked, "-o", "to.csv", "--output-delimiter", ",").code == 0
    assert Path("to.csv").read_text() == "id,score\n1,95\n"
    assert run("match", "score==95", "y.jsonl", "--format", "csv").out == "id,score\n1,95\n"
    found = run("match", "score==95", "y.jsonl", "--format=csv", "--output-delimiter", ";")
    assert found.out == "id;score\n1;95\n"
    assert run("match", "score==95", "y.jsonl", "x.csv", "--format=csv").out == (
        "id,score\n1,95\n1,95\n"
    )


NO_CELLS = (
    "--output-delimiter divides the cells of CSV and TSV, and none are written; say --format csv, "
    "too, or leave it out\n"
)


@pytest.mark.parametrize(
    "more", [("-c",), ("--format", "json"), ("-o", "to.parquet"), ("--count-by", "id")]
)
def test_where_no_cells_are_written(run, more):
    wrote("x.csv", "id;score\n1;95\n")
    found = run("match", "id==1", "x.csv", "--output-delimiter", ";", *more)
    assert found == (2, "", NO_CELLS)


def test_what_cannot_divide_cells(run):
    found = run("match", "id==1", "x.csv", "--output-delimiter", "::")
    assert (found.code, found.out) == (2, "")
    assert "expected one ASCII character that is no quote, or comma" in found.err


def test_counts_tell_what_is_missing_from_what_is_empty(run):
    wrote("x.jsonl", '{"plan": ""}\n{"plan": null}\n{"plan": ""}\n{}\n{"plan": ""}\n')
    asked = ("match", "--all", "x.jsonl", "--count-by", "plan")
    assert run(*asked, "--format", "csv") == (0, "plan,count\n(empty),3\n,2\n", "")
    assert run(*asked, "-o", "to.tsv").code == 0
    assert Path("to.tsv").read_text() == "plan\tcount\n(empty)\t3\n\t2\n"
    assert run(*asked, "--format", "jsonl").out == (
        '{"plan":"","count":3}\n{"plan":null,"count":2}\n'
    )
    wrote("x.jsonl", '{"plan": ""}\n{"plan": "(empty)"}\n{"plan": "(missing)"}\n{}\n')
    told = "there are values {}, too; --format jsonl tells what is missing or empty\n"
    assert run(*asked, "--format", "csv") == (
        0,
        "plan,count\n(empty),1\n(empty),1\n(missing),1\n,1\n",
        told.format("'(empty)'"),
    )
    assert run(*asked) == (
        0,
        "1  (empty)\n1  (empty)\n1  (missing)\n1  (missing)\n",
        told.format("'(missing)' and '(empty)'"),
    )
    assert run(*asked, "--format", "jsonl").err == ""
    assert run(*asked, "-o", "to.json").err == "read 4, matched 4, bad 0\n"
    wrote("x.jsonl", '{"plan": "(empty)"}\n{"plan": "(missing)"}\n')
    assert run(*asked).err == ""


@pytest.mark.parametrize("text", ["User,Result\n", "# by X, on Monday\n", "a,b\n"])
@pytest.mark.parametrize("ends", ["csv", "tsv"])
def test_names_that_stand_in_the_second_row(text, ends, run):
    text = f"{text}id,score\n1,95\n2,7\n"
    wrote(f"x.{ends}", text if ends == "csv" else text.replace(",", "\t"))
    told = (
        f"unknown name 'score': no column is called so; it stands in line 2 of x.{ends}; if that "
        "has the names, say --skip 1 (in Python skip=)\n"
    )
    assert run("match", "score>=90", f"x.{ends}", "--count") == (1, "0\n", told)
    assert run("match", "score>=90", f"x.{ends}", "--skip", "1", "--count") == (0, "1\n", "")
    # Without names in the file there is nothing to skip.
    bare = run("match", "score>=90", f"x.{ends}", "--no-header").err
    assert "--skip" not in bare
    assert "column_1" in bare


AGAIN = (
    "the names of the columns stand again in rows behind them, which are records as all others; "
    r"""leave these out: awk '{r = $0; gsub(/^\357\273\277|[" \t\r]/, "", r)} NR == 1 {n = r} """
    "NR <= 1 || r != n'\n"
)


def test_names_that_stand_there_again(run, tmp_path):
    text = "id,name\n1,x\nid,name\n2,y\nid,name\n3,x\n"
    wrote("x.csv", text)
    out = "id,name\nid,name\n2,y\nid,name\n"
    assert run("match", "name!=x", "x.csv") == (0, out, AGAIN)
    program = re.search("awk '(.*)'", AGAIN)[1]
    if shutil.which("awk") is None:
        pytest.skip("there is no awk")
    done = subprocess.run(["awk", program, "x.csv"], capture_output=True, check=True, cwd=tmp_path)
    wrote("y.csv", done.stdout.decode())
    assert run("match", "name!=x", "y.csv") == (0, "id,name\n2,y\n", "")
    wrote("x.csv", "id,name\n1,id\nid,x\n")
    assert run("match", "name!=x", "x.csv").err == ""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("begin", ["", "sep=,\n", "Title\n\n"])
@pytest.mark.parametrize("names", ["id,name\r", '"id","name"', "id , name"])
@pytest.mark.parametrize("again", ["id,name", "\ufeffid,name\r", "id , name"])
@pytest.mark.skipif(shutil.which("awk") is None, reason="there is no awk")
def test_what_takes_away_the_names_that_stand_again_written_otherwise(
    again, names, begin, mark, run, tmp_path
):
    wrote("x.csv", f"{mark}{begin}{names}\n1,x\n{again}\n2,y\n")
    more = ["--skip", "2"] if begin.startswith("T") else []
    told = run("match", "name!=z", "x.csv", "--count", *more)
    assert told.out == "3\n"
    program = re.search("awk '(.*)'", told.err)[1]
    done = subprocess.run(["awk", program, "x.csv"], capture_output=True, check=True, cwd=tmp_path)
    wrote("y.csv", done.stdout.decode())
    assert run("match", "name!=z", "y.csv", "--count", *more) == (0, "2\n", "")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ('"i\nd",name\n1,x\n"i\nd",name\n', ()),
        ("1,x\nid,name\n2,y\n", ("--no-header", "--columns", "id,name")),
    ],
)
def test_names_that_stand_again_where_no_line_is_theirs(text, more, run):
    wrote("x.csv", text)
    told, _, _ = AGAIN.partition("; leave")
    assert run("match", "name!=z", "x.csv", "--count", *more).err == f"{told}; take these away\n"


MANY = [f"{place},n{place % 7},2024-01-0{place % 9 + 1}" for place in range(1300)]
NAMES = [
    ("id,name,seen", "id,name,seen"),
    ("id, name,name", "id, name,name"),
    ('"id","name","seen"', '"id","name","seen"'),
    ("id,name,seen", "\ufeffid,name,seen"),
]


def check_told_again(run, names, again, rows, place, *more):
    late = [*rows]
    late[place] = again
    wrote("x.csv", "\r\n".join([names, *late, ""]))
    found = run("match", "id==7", "x.csv", *more)
    assert [line for line in found.err.splitlines() if "names" in line] == [AGAIN.strip()]
    # A cell among numbers is owed to it.
    assert "compared as text in columns" not in found.err
    wrote("x.csv", "\n".join([names, *rows]))
    assert "names" not in run("match", "id==7", "x.csv", *more).err


@pytest.mark.sampled(10, 16)
@pytest.mark.parametrize("more", [(), ("--text",), ("--explain",), ("--limit", "9999")])
@pytest.mark.parametrize(("names", "again"), NAMES)
@pytest.mark.parametrize("before", ["", "x"])
def test_names_that_stand_again_at_any_row(names, again, before, more, run):
    rows = [f"{before}{row}" for row in MANY]
    for place in (3, 1200, -1):
        check_told_again(run, names, again, rows, place, *more)


@pytest.mark.parametrize(("names", "again"), NAMES[1::2])
@pytest.mark.parametrize("before", ["", "x"])
def test_names_that_stand_again_in_a_large_file(names, again, before, run):
    rows = [f"{before}{row}" for row in MANY] * 400
    check_told_again(run, names, again, rows, -2000, "--count")


def test_names_within_a_cell_are_no_row(run):
    cells = [f'"{place}\nid,name\n",x' for place in range(300_000)]
    wrote("x.csv", "\n".join(["id,name", *cells, ""]))
    assert run("match", "name!=x", "x.csv", "--count") == (1, "0\n", "")


@pytest.mark.parametrize("option", [("score>=9",), ("--all", "--sort", "score")])
def test_what_names_among_the_rows_make_of_numbers_is_told_by_one_remedy(option, run):
    wrote("x.csv", "id,score\n1,95\n2,8\nid,score\n3,100\n")
    assert run("match", *option, "x.csv").err == AGAIN
    wrote("x.csv", "id,score\n1,95\n2,8\n3,100\n")
    assert run("match", *option, "x.csv").err == ""
    # What else stands there is told behind it.
    wrote("x.csv", "id,score\n1,95\n2,N/A\nid,score\n3,100\n")
    first, then = run("match", *option, "x.csv").err.splitlines()
    assert first == AGAIN.strip()
    assert "all 3 values" in then
    assert "say --null N/A" in then


STRAY = (
    "1 cell is compared as text in columns of which the first 1,000 rows hold something else: "
    "'id' among the numbers of 'id' in x.csv:1502; --text keeps all cells as text\n"
)


def test_the_name_of_a_column_in_a_row_of_others_is_a_stray(run):
    rows = [f"{place},x" for place in range(1500)]
    wrote("x.csv", "\n".join(["id,name", *rows, "id,y", ""]))
    assert run("match", "name==y", "x.csv", "--count") == (
        0,
        "1\n",
        STRAY,
    )


@pytest.mark.parametrize(
    ("delimiter", "options"),
    [
        (",", "--icsv --lazy-quotes"),
        (";", "--icsv --lazy-quotes --ifs ';'"),
        ("|", "--icsv --lazy-quotes --ifs '|'"),
        ("\t", "--itsv"),
    ],
)
def test_cells_that_hold_json(delimiter, options, run, tmp_path):
    name = "x.tsv" if delimiter == "\t" else "x.csv"
    made = (
        "the cells of 'b' are texts that hold JSON; make {} of them: mlr "
        f"{options} --ojsonl put 'is_empty(${{{{b}}}}) {{{{${{{{b}}}} = \"null\"}}}}' then "
        "json-parse -f b FILE | filterlang …\n"
    )

    def check(clause, cells, told):
        if delimiter != "\t":
            cells = ['"{}"'.format(cell.replace('"', '""')) for cell in cells]
        rows = [f"{place}{delimiter}{cell}\n" for place, cell in enumerate(cells)]
        wrote(name, "".join([f"id{delimiter}b\n", *rows]))
        assert run("match", clause, name, "--count") == (1, "0\n", told)
        if shutil.which("mlr") is None:
            pytest.skip("there is no mlr")
        command = shlex.split(re.search(r"(mlr .*) FILE", told)[1])
        done = subprocess.run([*command, name], capture_output=True, check=True, cwd=tmp_path)
        assert run("match", clause, "--count", stdin=done.stdout) == (0, "1\n", "")

    unknown = "unknown name 'b.a': no column is called so; "
    check("b.a==1", ['{"a":1}', '{"a":2}', ""], unknown + made.format("objects"))
    check("b.a==1", ['[{"a":1}]', '[{"a":2}]', ""], unknown + made.format("objects"))
    check("b==x", ['["x","y"]', '["y"]', ""], made.format("lists"))
    check("b==5", ["[5, 6]", "[15]", ""], made.format("lists"))


@pytest.mark.parametrize(
    ("clause", "is_told"),
    [
        ("b==x", True),
        ("b!=x", True),
        ("b>=x", True),
        ("b~x*", True),
        # These ask for the text that the JSON is, or for no value.
        ("b~*x*", False),
        ('b=="[""x""]"', False),
        ("b!=", False),
        ("id==1", False),
    ],
)
def test_which_clauses_look_into_cells_that_hold_lists(clause, is_told, run):
    wrote("x.csv", 'id,b\n1,"[""x"",""y""]"\n2,"[""y""]"\n')
    assert ("hold JSON" in run("match", clause, "x.csv").err) is is_told
    # They are texts as well where brackets hold no JSON.
    wrote("x.csv", "id,b\n1,[draft] x\n2,[final] y\n")
    assert "hold JSON" not in run("match", clause, "x.csv").err


QUALTRICS = (
    'Date,Q1\n"Start Date","How likely\nare you?"\n"{""ImportId"":""date"",""timeZone"":""Z""}",'
    '"{""ImportId"":""QID1""}"\n2024-01-05,9\n2024-03-01,10\n'
)


def test_rows_that_say_what_columns_are(run, tmp_path):
    wrote("x.csv", QUALTRICS)
    told = (
        "the first two rows behind the names say what the columns are, as Qualtrics writes them, "
        "and are records as all others; leave these out: mlr --csv --lazy-quotes filter 'NR > 2' "
        "FILE | filterlang … --input-format csv\n"
    )
    assert run("match", "Q1!=9", "x.csv", "--count") == (0, "3\n", told)
    if shutil.which("mlr") is None:
        pytest.skip("there is no mlr")
    command = shlex.split(re.search(r"(mlr .*) FILE", told)[1])
    done = subprocess.run([*command, "x.csv"], capture_output=True, check=True, cwd=tmp_path)
    found = run("match", "Q1!=9", "--input-format", "csv", "--count", stdin=done.stdout)
    assert found == (0, "1\n", "")
