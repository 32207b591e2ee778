"""The closed tables: their file holds what the page says, and the code says nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import filterlang as fl
from filterlang.checking import closed_tables
from filterlang.checking.doubts import name_mistakes, value_mistakes
from filterlang.checking.other_notations import other_languages
from filterlang.syntax._grammar import tables_text
from filterlang.syntax.operators import Operator
from filterlang.testing.conformance.questions import language_version

ROOT = Path(__file__).parents[2]
TABLES = json.loads(tables_text())


def test_the_file_is_of_its_schema():
    schema = json.loads((ROOT / "grammar" / "tables.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(TABLES, schema)


def test_the_tables_are_of_the_language_of_the_vectors():
    assert TABLES["version"] == language_version()


def test_the_page_describes_each_table():
    page = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `([a-z_]+)` \|", page, flags=re.MULTILINE)
    assert described == list(TABLES)[4:]


def test_words_that_stand_in_the_code_are_those_of_the_table():
    words = {key: set(those) for key, those in TABLES["null_words"].items()}
    assert words == {
        "any_case": value_mistakes._NULL,
        "exactly": value_mistakes._NULL_EXACTLY,
        "of_texts": value_mistakes._NULL_OF_TEXTS,
    }


def test_letters_are_of_the_alphabets_that_are_looked_for():
    letters = closed_tables.letter_look_alikes()
    assert all(name_mistakes._OTHER_LETTER.fullmatch(letter) for letter in letters)


def test_mends_of_spellings_are_on_the_closed_list():
    assert {
        one.mend for one in closed_tables.misspelled_operators().values()
    } <= closed_tables.mends().keys()


def test_no_misspelled_operator_is_one():
    written = {one.value for one in Operator} | {"=@"}
    assert not written & closed_tables.misspelled_operators().keys()


@pytest.mark.parametrize("word", TABLES["words"])
def test_each_word_is_told_whole_in_any_case_and_with_more_spaces(word):
    for written in (word, word.upper(), word.replace(" ", "  ")):
        text = f"plan {written} (x)"
        (found,) = [one for one in fl.check(text).diagnostics if one.code == "FL119"]
        assert text[slice(*found.span)] == written


@pytest.mark.parametrize("word", TABLES["rsql_words"])
def test_each_word_of_rsql_is_told_with_its_signs(word):
    text = f"plan={word}=x"
    codes = [(one.code, tuple(one.span)) for one in fl.check(text).diagnostics]
    assert ("FL105", (4, 6 + len(word))) in codes


@pytest.mark.parametrize("spelling", TABLES["misspelled_operators"])
def test_each_misspelled_operator_is_told_whole(spelling):
    for written in {spelling, spelling.replace(" ", "   ")}:
        text = f"plan{written}x"
        (found,) = [one for one in fl.check(text).diagnostics if one.code == "FL105"]
        assert tuple(found.span) == (4, 4 + len(written))


@pytest.mark.parametrize("sign", TABLES["sign_look_alikes"])
def test_each_look_alike_of_a_sign_is_told(sign):
    codes = [(one.code, tuple(one.span)) for one in fl.check(f"plan{sign}x").diagnostics]
    assert ("FL118", (4, 5)) in codes


@pytest.mark.parametrize("letter", TABLES["letter_look_alikes"])
def test_each_look_alike_of_a_letter_is_told(letter):
    codes = [(one.code, tuple(one.span)) for one in fl.check(f"x{letter}x==1").diagnostics]
    assert codes == [("FL420", (1, 2))]


@pytest.mark.parametrize("sign", TABLES["wildcard_look_alikes"])
def test_each_look_alike_of_a_wildcard_is_told(sign):
    codes = [(one.code, tuple(one.span)) for one in fl.check(f"plan~go{sign}").diagnostics]
    assert codes == [("FL406", (7, 8))]


@pytest.mark.parametrize("row", TABLES["operator_continuations"], ids=str)
def test_each_continuation_of_an_operator_is_told(row):
    text = f"a{row['operator']} {row['next']}x"
    codes = [(one.code, tuple(one.span)) for one in fl.check(text).diagnostics]
    assert ("FL403", (1, len(text) - 1)) in codes


@pytest.mark.parametrize("call", TABLES["methods"])
def test_each_method_is_told(call):
    codes = [(one.code, tuple(one.span)) for one in fl.check(f"a.{call}('x')").diagnostics]
    assert ("FL119", (2, 2 + len(call))) in codes


@pytest.mark.parametrize("call", TABLES["functions"])
def test_each_function_is_told(call):
    habit = other_languages.function_call(f"{call}(a,'x')", fl.Span(0, len(call) + 7))
    assert habit is not None
    assert habit.written == call


@pytest.mark.parametrize("ending", TABLES["name_endings"])
def test_a_name_that_ends_so_holds_the_operator(ending):
    names = [f"score__{ending}", f"score[{ending.upper()}]", f"score.{ending}", f"score:{ending}"]
    names.append(f"score{ending.capitalize()}")
    assert [name for name in names if other_languages.is_plain_name(name)] == []
    assert other_languages.is_plain_name(f"score{ending}")


@pytest.mark.parametrize(
    "text",
    [
        *(f"{word} x" for word in TABLES["value_beginnings"]["before_space"]),
        *(f"{word.upper()}.x" for those in TABLES["value_beginnings"].values() for word in those),
        *(f"x {word}" for word in TABLES["joining_words"]),
        *(f"x {word.upper()} y" for word in TABLES["joining_words"]),
    ],
)
def test_a_value_with_such_words_is_not_plain(text):
    assert not other_languages.is_plain_value(text)


@pytest.mark.parametrize(("sign", "pattern"), TABLES["pattern_signs"].items())
def test_a_sign_before_the_single_equals_asks_for_a_part(sign, pattern):
    (found,) = [one for one in fl.check(f"plan{sign}=x").diagnostics if one.code == "FL104"]
    (edit,) = found.fixes[0].edits
    assert edit.text == "~" + pattern.format("x")


@pytest.mark.parametrize("sign", TABLES["equals_signs"])
def test_a_sign_that_makes_another_equality_goes(sign):
    (found,) = [one for one in fl.check(f"plan{sign}=x").diagnostics if one.code == "FL104"]
    (edit,) = found.fixes[0].edits
    assert (tuple(edit.span), edit.text) == ((4, 6), "==")


READ = """\
import sys
import filterlang as fl
from filterlang.checking.closed_tables import _tables
fl.check(["name==Ada;score>=10;plan~go*", "größe!=1"])
print(_tables.cache_info().currsize, {"json", "importlib.resources"} & sys.modules.keys())
fl.check("name=Ada")
print(_tables.cache_info().currsize)
"""


def test_the_tables_are_read_when_something_is_wrong():
    done = subprocess.run(
        [sys.executable, "-c", READ], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["0", "set()", "1"]
