"""What the playground's program answers; Pyodide runs it in the page, and Python here."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest

from tests.support.documents import ROOT

PROGRAM = ROOT / "docs" / "playground" / "playground.py"


@pytest.fixture(scope="module")
def asked():
    spec = importlib.util.spec_from_file_location("playground_answers", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def ask(records="", own=None, filters=("a==1",), schema=None):
        payload = {"filters": list(filters), "records": records}
        schema = schema or ("none" if own is None else "own")
        return json.loads(
            module.answer("report", json.dumps({"payload": payload, "schema": schema, "own": own}))
        )

    return ask


DEEP = "more than 100 lists and objects within each other"


@pytest.mark.parametrize("text", ["[" * 3000, '{"a":' * 3000, '{"b": 1}\n' + "[" * 3000])
def test_what_would_overflow_the_browser_is_refused(asked, text):
    assert asked(text)["unread"] == f"Not read: {DEEP}"
    answer = asked(own=text)
    verdict = "No verdict: the schema can't be read."
    assert (answer["error"], answer["verdict"]) == (f"The schema: {DEEP}", verdict)


def test_brackets_in_texts_are_not_counted(asked):
    deep = {"a": "1", "b": "[{" * 300 + '"\\' + "[" * 300}
    assert [one["matched"] for one in asked(json.dumps(deep))["records"]] == [True]
    wide = {"a": 1, "b": [[]] * 300}
    assert [one["matched"] for one in asked(json.dumps(wide))["records"]] == [True]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n{"a": 2}',
        '{"a": 1}\r\n\r\n{"a": 2}',
        '[{"a": 1}, {"a": 2}]',
        '{"a": 1}{"a": 2}',
        '{\n "a": 1\n}\n{\n "a": 2\n}\n',
        '{"users": [{"a": 1}], "totalHits": 2}\n{"users": [{"a": 2}], "totalHits": 2}',
    ],
)
def test_records_are_a_list_or_one_a_line(asked, text):
    for given in (text, f"\ufeff{text}"):
        assert [one["matched"] for one in asked(given)["records"]] == [True, False]


def test_a_line_ends_where_json_says_so(asked):
    given = '{"a": 1, "b": "x\u2028y"}\n{"a": 2}'
    assert [one["matched"] for one in asked(given)["records"]] == [True, False]


@pytest.mark.parametrize("beside", [{}, {"totalHits": 2, "scrollId": "x"}, {"pageNumber": 1}])
def test_an_answer_of_the_api_holds_records(asked, beside):
    given = json.dumps({"users": [{"a": 1}, {"a": 2}], **beside}, indent=1)
    assert [one["matched"] for one in asked(given)["records"]] == [True, False]


@pytest.mark.parametrize("record", [{"a": 1, "b": [{"a": 2}]}, {"a": [1]}, {"a": [1], "b": [{}]}])
def test_a_record_with_lists_is_none(asked, record):
    (one,) = asked(json.dumps(record))["records"]
    assert (one["matched"], one["text"]) == (True, json.dumps(record))


def test_the_beginning_of_a_record_is_shown(asked):
    (one,) = asked(json.dumps({"a": 1, "b": "ö" * 200}))["records"]
    assert one["text"] == '{"a": 1, "b": "' + "ö" * 84 + "…"


WRITE = 'write objects such as {"score": 12}, one a line or in a list, or CSV with a line of names'
PYTHON = "single quotes are Python's, not JSON's; write it by json.dumps"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b", f"no JSON: expecting value in line 1, column 1; {WRITE}"),
        ("what is this\nand that", f"no JSON: expecting value in line 1, column 1; {WRITE}"),
        ("{'a': True}", f"no JSON in line 1, column 2: {PYTHON}"),
        ("[{'a': 1},\n {'a': 2}]", f"no JSON in line 1, column 3: {PYTHON}"),
        ("{\"a\": 1}\n{'a': 2}", f"no JSON in line 2, column 2: {PYTHON}"),
        (
            '{"a": True}',
            (
                "no JSON in line 1, column 7: this is a word of Python's, not of JSON's; write it"
                " by json.dumps"
            ),
        ),
        (
            "{a: 1}",
            "no JSON in line 1, column 2: this is JavaScript, not JSON; write it by JSON.stringify",
        ),
        (
            '{"a": 1,}',
            # Python tells the comma since 3.13, and what follows it before.
            (
                f"no JSON in line 1, column {8 if sys.version_info >= (3, 13) else 9}: JSON has no"
                " comma behind the last one; take it away"
            ),
        ),
        ("- a: 1\n- a: 2", "no JSON in line 1, column 1: this is YAML; convert it to JSON"),
        (
            '{"a": 1},\n{"a": 2}',
            (
                "no JSON in line 1, column 9: a comma between records is that of a list; put ["
                " before the first one and ] behind the last one, in place of its comma if it"
                " has one"
            ),
        ),
        ('{"a": 1}\n{"a": 2', f"no JSON: expecting ',' delimiter in line 2, column 8; {WRITE}"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", f"this is a table of Markdown; {WRITE}"),
        ("<users>\n<a>1,2</a></users>", f"this is XML or HTML; {WRITE}"),
        ("https://example.com/a.csv\nb", f"nothing is fetched from an address; {WRITE}"),
        ("a,b\n1\n2", "as CSV, line 2: expected 2 cells as in the first row, found 1"),
        ("sep=;\na;b", "as CSV: there are names, but nothing below them"),
        ("a,b\n1,\ud800", "as CSV, line 2: expected UTF-8, found the byte 0xED in the column 'b'"),
        ('a,"b\n1,2', "as CSV: the names in the first row can't be read: unexpected end of data"),
        (
            '{"a" 1}',
            f"no JSON: expecting ':' delimiter in line 1, column 6; {WRITE}",
        ),
        ('[{"a": 1},\n{"a": }]', f"no JSON: expecting value in line 2, column 7; {WRITE}"),
        ('{"a": 1}\n\nfoo\n{"a": 2}', f"no JSON: expecting value in line 3, column 1; {WRITE}"),
        ('{"a": 1}\n[2]', f"number 2 is no object; {WRITE}"),
    ],
)
def test_what_is_wrong_with_records_is_told(asked, text, told):
    answer = asked(text)
    assert answer["unread"] == f"Not read: {told}"
    assert answer["verdict"] == ("No verdict: the records can't be read; why is told below them.")
    assert answer["written"]
    assert "records" not in answer


@pytest.mark.parametrize(
    ("text", "records", "told"),
    [
        ("a,b\n1,x\n2,y\n", [True, False], "2 columns, named in the first line: a, b"),
        ("a;b\r\n1;x,z\r\n2;y", [True, False], "2 columns, named in the first line: a, b"),
        ("a\tb\n1\tx", [True], "2 columns, named in the first line: a, b"),
        ('"a","b"\n"1","x\ny"', [True], "2 columns, named in the first line: a, b"),
        ("\ufeffa\n1\n\n2", [True, False, False], "one column, named in the first line: a"),
        (
            "a,a\n1,2",
            [True],
            (
                "2 columns, named in the first line: a, a_2; the columns 1 and 2 are both called"
                " 'a'; the second one is called 'a_2' here"
            ),
        ),
        (
            "a,b\n1,x\n2\n3\n4\n",
            [True],
            (
                "2 columns, named in the first line: a, b; line 3 is left out: expected 2 cells as"
                " in the first row, found 1; and 2 more lines"
            ),
        ),
        (
            ",".join("abcdefghij") + "\n" + ",".join("1234567890"),
            [True],
            "10 columns, named in the first line: a, b, c, d, e, f, g, h and 2 more",
        ),
    ],
)
def test_csv_is_read(asked, text, records, told):
    answer = asked(text)
    assert [one["matched"] for one in answer["records"]] == records
    assert answer["read"] == f"Read as CSV: {told}."


def test_cells_have_their_types_or_those_of_the_schema(asked):
    text = "a,b\n9,1.50\n10,\n"
    own = '{"a": "text", "b": "number"}'
    for filters, without, within in (
        (["a>=9"], [True, True], [True, False]),
        (["b==1.5"], [True, False], [True, False]),
        (["b=="], [False, True], [False, True]),
    ):
        matched = [
            [one["matched"] for one in asked(text, own, filters)["records"]] for own in (None, own)
        ]
        assert matched == [without, within]
    (first, _) = asked(text, filters=["b>1"])["records"]
    assert first["text"] == '{"a": 9, "b": 1.5}'
    assert first["why"].endswith("b>1: 1.50")


def test_a_mistake_leaves_the_records(asked):
    for given in ({"filters": ["a=1"]}, {"own": "{"}):
        answer = asked('{"a": 1}\n{"a": 2}', **given)
        assert "written" not in answer
        assert answer["unwritten"] == "They are here again as soon as no filter has a mistake."
        assert answer["records"] == [
            {
                "number": n,
                "matched": None,
                "why": f'{{\n "a": {n}\n}}',
                "text": f'{{"a": {n}}}',
            }
            for n in (1, 2)
        ]
    answer = asked("x y", filters=["a=1"])
    assert answer["verdict"] == "No verdict: a filter has a mistake, shown above."
    assert answer["unread"].startswith("Not read: no JSON")
    assert answer["records"] == []


def test_a_schema_may_be_a_whole_one(asked):
    whole = {"dimensions": {"a": "integer", "b": "text"}, "open": True}
    for own in (whole, whole["dimensions"], {"dimensions": {"a": "integer"}}):
        assert asked('{"a": "1"}', json.dumps(own))["records"][0]["matched"]
    told = asked(own='{"a": integer}')["error"]
    assert told == "The schema: no JSON: expecting value in line 1, column 7"


# --- What is told beside the verdict --------------------------------------------------------------

USERS = """\
{"id": 1, "score": 90, "lastSeenDate": 1714318401218, "email": "ann@example.com"}
{"id": 2, "score": 7, "lastSeenDate": 1714318401219, "email": null}
"""
SCROE = "unknown name 'scroe': nothing in the records read is called so; "
SEEN = (
    "wrong type in 'lastSeenDate>=2024-01-01': all 2 values are numbers, and '2024-01-01' is a"
    " date; "
)


@pytest.mark.parametrize(
    ("filters", "verdict", "remarks"),
    [
        (["score>=10"], "1 of 2 records match", []),
        (["email!=x", "score==7"], "2 of 2 records match", []),
        (["scroe!=90"], "2 of 2 records match", [SCROE + "did you mean 'score'?"]),
        (
            ["scroe!=90;lastSeenDate>=2024-01-01"],
            "0 of 2 records match",
            [
                SCROE + "did you mean 'score'?",
                f"{SEEN}choose the schema 'users of Gainsight PX'",
            ],
        ),
        (["email>=7"], "1 of 2 records match", []),
        (
            ["score==Bonn"],
            "0 of 2 records match",
            ["wrong type in 'score==Bonn': all 2 values are numbers, and 'Bonn' is a text"],
        ),
    ],
)
def test_names_and_types_that_the_records_lack_are_told(asked, filters, verdict, remarks):
    answer = asked(USERS, filters=filters)
    assert (answer["verdict"], answer["remarks"]) == (verdict, remarks)


def test_the_schema_that_is_named_helps(asked):
    answer = asked(USERS, filters=["lastSeenDate>=2024-01-01"], schema="user")
    assert (answer["verdict"], answer["remarks"]) == ("2 of 2 records match", [])
    page = (ROOT / "docs" / "playground.md").read_text(encoding="utf-8")
    assert '<option value="user">users of Gainsight PX</option>' in page
    assert '<option value="account">accounts of Gainsight PX</option>' in page
    record = '{"lastSeenDate": 1714318401218, "createDate": 1, "id": "a"}'
    either = asked(record, filters=["lastSeenDate>=2024-01-01"])
    (told,) = either["remarks"]
    assert told.endswith(
        "; choose the schema 'users of Gainsight PX' or 'accounts of Gainsight PX'"
    )


def test_a_schema_of_ones_own_is_written_out(asked):
    given = '{"t": "95"}\n{"t": "100"}'
    own = '{"dimensions": {"t": "number"}, "open": true}'
    written = "numbers written as texts, so '10' is less than '9'"
    told = f"wrong type in 't>=90': all 2 values are {written}; write a schema of your own: {own}"
    answer = asked(given, filters=["t>=90"])
    assert (answer["verdict"], answer["remarks"]) == ("1 of 2 records match", [told])
    answer = asked(given, filters=["t>=90"], own=own)
    assert (answer["verdict"], answer["remarks"]) == ("2 of 2 records match", [])


def test_what_a_schema_cannot_read_is_told(asked):
    answer = asked('{"score": "n/a"}', filters=["score>=10"], schema="user")
    told = "wrong type in 'score>=10': the one value is not as the schema says"
    assert answer["remarks"] == [f"{told}; correct the schema, or the records"]


def test_all_records_are_judged_though_not_all_are_shown(asked):
    text = "\n".join(f'{{"a": {number}}}' for number in range(1, 1001))
    for filter_, number, matched, others in (
        ("a==997", 1, [997], range(1, 200)),
        ("a>=1", 1000, range(1, 201), []),
        ("a>150", 850, range(151, 251), range(1, 101)),
        ("a<=150", 150, range(1, 101), range(151, 251)),
        ("a>1000", 0, [], range(1, 201)),
    ):
        answer = asked(text, filters=[filter_])
        shown = answer["records"]
        assert [one["number"] for one in shown] == [*matched, *others]
        assert [one["number"] for one in shown if one["matched"]] == list(matched)
        assert answer["verdict"] == f"{number} of 1000 records match"
        assert answer["shown"] == "200 of them are shown, those that match first. "
    assert "shown" not in asked('{"a": 1}')
    unjudged = asked(text, filters=["a=1"])["records"]
    assert [one["number"] for one in unjudged] == list(range(1, 201))


def test_of_very_many_records_the_first_ones_are_judged(asked):
    lines = ['{"a": 1}'] * 20_000 + ['{"b": 1}']
    answer = asked("\n".join(lines), filters=["b!=2"])
    verdict = "20000 of the first 20000 records match; there are 20001"
    assert (answer["verdict"], answer["remarks"]) == (verdict, [])


def test_a_filter_that_is_too_long_for_the_box_has_no_verdict(asked):
    answer = asked(USERS, filters=["email!=" + "x" * 5000])
    assert answer["verdict"] == "No verdict: a filter has a mistake, shown above."
    assert "written" not in answer


def test_where_there_is_no_verdict_it_is_told_why(asked):
    answer = asked(USERS, filters=["score=10"])
    assert answer["verdict"] == "No verdict: a filter has a mistake, shown above."
    answer = asked("", filters=["score==10"])
    assert (answer["verdict"], answer["remarks"]) == ("No verdict: there are no records below.", [])
    answer = asked(USERS, filters=["", " "])
    assert answer["verdict"] == "2 of 2 records match: without a filter, all do"
    assert answer["written"] == []


FIRST = """
import json, runpy, sys
asked = {"payload": {"filters": ["score>=10"], "records": '{"score": 12}'}, "schema": "user"}
runpy.run_path(sys.argv[1])["answer"]("report", json.dumps({**asked, "own": ""}))
print(json.dumps([name for name in sys.modules if name.startswith("filterlang.backends")]))
"""


def test_the_first_answer_loads_nothing_that_reads_files():
    # A browser waits for each module, and may lack what unpacks compressed files.
    done = subprocess.run(
        [sys.executable, "-c", FIRST, str(PROGRAM)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert sorted(json.loads(done.stdout)) == [
        "filterlang.backends",
        "filterlang.backends.files",
        "filterlang.backends.files.cleaning",
        "filterlang.backends.files.depths",
        "filterlang.backends.files.faults",
        "filterlang.backends.files.json_records",
        "filterlang.backends.files.json_records.lines",
        "filterlang.backends.files.limits",
        "filterlang.backends.files.matching_records",
        "filterlang.backends.files.opening",
        "filterlang.backends.files.opening.byte_order_mark",
        "filterlang.backends.files.typed_texts",
        "filterlang.backends.files.typed_texts.other_spellings",
        "filterlang.backends.files.typed_texts.written_types",
        "filterlang.backends.files.watching",
        "filterlang.backends.files.watching.empty_texts",
        "filterlang.backends.files.watching.mistyped",
        "filterlang.backends.files.watching.sought",
        "filterlang.backends.files.watching.suspects",
        "filterlang.backends.files.watching.type_remedies",
        "filterlang.backends.files.watching.unholdable_names",
        "filterlang.backends.plan",
        "filterlang.backends.plan.known_names",
        "filterlang.backends.plan.storage",
    ]


JSON = """{
 "version": 1,
 "filters": [
  [
   {
    "name": "email",
    "operator": "%s",
    "pattern": "ann*"
   }
  ]
 ]
}"""
OLD = "For servers that know the API as it was documented in 2019. It differs in one operator"
DIFFERENCE = f"{OLD}: `~` is written `=@`, encoded `%3D@`, and there is no `!~`."


@pytest.mark.parametrize(
    ("operator", "encoded", "of_2019"),
    [
        ("~", "~", "filter=email%3D@ann%2A"),
        ("!~", "%21~", ""),
    ],
)
def test_each_form_says_what_it_is_for(asked, operator, encoded, of_2019):
    spelling, query, old, data = asked(USERS, filters=[f"email {operator} ann*"])["written"]
    assert spelling == [
        "In the library's own spelling",
        "One filter a line, without spaces and backslashes that mean nothing.",
        f"email{operator}ann*",
    ]
    name, note, text = query
    assert (name, text) == ("In the address of a request", f"filter=email{encoded}ann%2A")
    behind = "What stands behind the `?`."
    assert note == f"{behind} Characters that mean something else in an address are encoded."
    lack = " There is none here: the dialect 'aptrinsic-2019' has no operator '!~'."
    note = DIFFERENCE if of_2019 else DIFFERENCE + lack
    assert old == ["In an address, as in 2019", note, of_2019]
    name, note, text = data
    assert (name, text) == ("As JSON", JSON % operator)
    lists = "with AND within the inner lists and OR between them."
    clauses = "name, operator and value of each clause"
    assert note == f"For programs that keep or build filters: {clauses}, {lists}"


def test_forms_that_do_not_differ_say_so(asked):
    _, query, old, _ = asked(USERS, filters=["score>=10"])["written"]
    assert old == [
        "In an address, as in 2019",
        f"{OLD}, `~`, which these filters don't have.",
        query[2],
    ]
