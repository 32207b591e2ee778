"""What is legal but hardly meant: where it is said, where it isn't, and what is suggested."""

from __future__ import annotations

import pytest

import filterlang as fl
from tests.support.reports import codes, hint, said, suggested


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Clauses joined in another way
        ("a==1 AND b==2", ["a==1;b==2"]),
        ("a==1   and   b == 2", ["a==1;b == 2"]),
        ("a==1 && b==2 && c==3", ["a==1;b==2 && c==3", "a==1 && b==2;c==3"]),
        ("a==1 & b==2", ["a==1;b==2"]),
        ("a==1\uff1bb==2", ["a==1;b==2"]),
        ("a==1\u037e b==2", ["a==1;b==2"]),
        (r"path==C:\\dir\;b==2", [r"path==C:\\dir\\;b==2"]),
        ("a==1 AND not b==2", ["a==1;not b==2"]),
        ("a==1 and (b==2)", ["a==1;(b==2)"]),
        ("a==1 OR b==2", []),
        ("a==1||b==2", []),
        ("a==1 | b==2", []),
        ("a==1&b=2", ["a==1;b==2"]),
        ("a==1&filter=b==2", []),
        ("a==1&filter[0]=b==2", []),
        ("a==1&pageSize=5", []),
        ("a==1 b==2", ["a==1;b==2"]),
        ("a==1 b>=2", ["a==1;b>=2"]),
        ("a==b==c", []),
        ("score>=5<=10", []),
        # Operators
        ("a===b", ["a==b"]),
        ("a!==b", ["a!=b"]),
        ("a<>b", ["a!=b"]),
        ("a><b", ["a!=b"]),
        ("a<=>b", ["a==b"]),
        ("a< =3", ["a<=3"]),
        ("a> =3", ["a>=3"]),
        ("a>==3", ["a>=3"]),
        ("a>>5", ["a>5"]),
        ("a>=>5", ["a>=5"]),
        ("a<<5", ["a<5"]),
        ("a<=<5", ["a<=5"]),
        ("a~~b*", ["a~b*"]),
        ("a!~~b*", ["a!~b*"]),
        ("a~=b*", ["a~b*"]),
        ("a==>5", ["a>=5"]),
        ("a==<5", ["a<=5"]),
        ("a==>=5", ["a>==5"]),
        ("a=== null", ["a== null", "a=== "]),
        # Values
        ("a==null", ["a=="]),
        ("a!=None", ["a!="]),
        ("a>null", []),
        ("a==x*", ["a~x*"]),
        ("a!=x?y", ["a!~x?y"]),
        ("a==*", ["a!="]),
        ("a!=*", ["a=="]),
        ("a~%Doe%", ["a~*Doe*"]),
        ("a~D_e", ["a~D?e"]),
        ("a~%D_e", ["a~*D?e"]),
        ("a~100%_", ["a~100*?"]),
        ("a~\uff0ax\uff1f", ["a~*x?"]),
        ("a~.*Doe.*", ["a~*Doe*"]),
        ("a~Doe.+", ["a~Doe?*"]),
        ("a~^Doe", ["a~Doe*"]),
        ("a~^Doe$", ["a~Doe"]),
        ("a~Doe$", ["a~Doe"]),
        ("a~^", ["a~*"]),
        ("a~[abc]*", []),
        ("a~(x|y)", []),
        ("a~$", []),
        ("a~Doe", ["a~*Doe*"]),
        ("a!~Doe", ["a!~*Doe*"]),
        ("a==New%20York", ["a==New York"]),
        ("a==x%3Bb", []),
        ("a==%20", []),
        ("a==x%0Ay%41", []),
        ("a==US OR UK", []),
        # Names
        ('"a"==b', ["a==b"]),
        ('a=="b"', ["a==b"]),
        ("a==“b”", ["a==b"]),
        ("a==«b»", ["a==b"]),
        ("a==`b`", ["a==b"]),
        ('a==""', ["a=="]),
        ('a<""', []),
        ('""==b', []),
        ('a==""b"', []),
        (r'a=="b\;"', ["a==b\\;"]),
        (r'a=="b\\"', []),
        ('"a==1;b==2"', ["a==1;b==2"]),
        ("(a==1;b==2)", ["a==1;b==2"]),
        ("(a==1) AND (b==2)", ["(a==1);(b==2)"]),
        ("(a==1);b==2", ["a==1;b==2"]),
        ("(a==);b==2", []),
        ("((a==1;b==2", []),
        ("a==1;(b==f(x))", []),
        ("and a==1", ["a==1"]),
        ("&& a==1", ["a==1"]),
        ("where a==1", ["a==1"]),
        ("or a==1", []),
        ("|| a==1", []),
        ("not a==1", ["a!=1"]),
        ("not a~1*", ["a!~1*"]),
        ("not a>1", []),
        ("not(a==1)", ["a!=1"]),
        ("not (a~x*)", ["a!~x*"]),
        ("not(a>1)", []),
        ("not(a==1;b==2", []),
        ("-a==1", ["a!=1"]),
        ("- a==1", ["a!=1"]),
        ("\u2212a==1", ["a!=1"]),
        ("\u00aca==1", ["a!=1"]),
        ("-(a==1)", ["a!=1"]),
        ("-a>1", []),
        ("+a==1", ["a==1"]),
        ("a>>", []),
        ("a<%3D", []),
        ("select * from users where a==1", ["a==1"]),
        ("a:==b", ["a==b"]),
        ("score:>10", ["score>10"]),
        ("10<=score", ["score>=10"]),
        ("10<score<=20", ["score>10;score<=20"]),
        ("5==score", ["score==5"]),
        ("score > 10 and < 20", ["score > 10;score< 20"]),
        ("a>1 && <5;b==2", ["a>1;a<5;b==2"]),
        ("a>1 or <5", []),
        ("a>1 and <5 and !=3", ["a>1;a<5 and !=3"]),
        ("['a==1']", ["a==1"]),
        ('{"filter": "a==1;b==2"}', ["a==1;b==2"]),
        ("['a>1']", ["a>1"]),
        ("[a==1]", ["a==1"]),
        ("a==x ORDER BY b", ["a==x"]),
        ("a==x LIMIT 10 OFFSET 5", ["a==x"]),
        ("a==x FETCH FIRST 5 ROWS ONLY", ["a==x"]),
        ("5==5", []),
        ("5==", []),
        ("fi\u200brst==x", ["first==x"]),
        ("first\u00a0name==x", ["first name==x"]),
        ("first\u00a0==x", ["first==x"]),
        ("\ufeffa==x", ["a==x"]),
        ("\u200b==x", []),
        ("a==x\u00a0", ["a==x"]),
        ("a==\u3000x", ["a==x"]),
        ("a==x\u200by", ["a==xy"]),
        ("a==\u00a0", []),
        # In this version of Unicode it has no name.
        ("a==x\u2065", ["a==x"]),
    ],
)
def test_suggestions(text, expected):
    assert suggested(text) == expected
    # Something is said all the same where nothing can be suggested, and it is no error.
    report = fl.check(text)
    assert report.diagnostics
    assert report.ok
    assert not any(fix.safe for one in report.diagnostics for fix in one.fixes)


def test_of_two_filters_nothing_is_left_out():
    hints = [fl.check(text).diagnostics[0].hint for text in ("a>1 or <5", "a==1 or b==2")]
    assert hints == [
        "for OR, write two filters: 'a>1' and 'a<5'",
        "for OR, write two filters: 'a==1' and 'b==2'",
    ]
    for text in ("c==1;a>1 or <5", "a>1 or <5;c==1"):
        hint = fl.check(text).diagnostics[0].hint
        assert hint == "for OR, write two filters, each with its name, here 'a<'"
    hints = [fl.check(text).diagnostics[0].hint for text in ("c==1;a==1 or b==2", "a==1|b==2;c==1")]
    assert hints == [
        "for OR, write two filters: 'c==1;a==1' and 'c==1;b==2'",
        "for OR, write two filters: 'a==1;c==1' and 'b==2;c==1'",
    ]


def test_the_second_spelling_of_an_operator_is_one_in_each_filter_too():
    assert hint("a==1 or b=@x") == "for OR, write two filters: 'a==1' and 'b=@x'"
    first = fl.check("!(a=@1 or b==2)").diagnostics[0]
    assert first.hint == "there is no NOT; write 'a!~1;b!=2'"


@pytest.mark.parametrize("rest", ["c=1", "c,d==1", f"c=={'x' * 200}"])
def test_a_filter_with_another_mistake_and_a_long_one_arent_written_out(rest):
    (found,) = [one for one in fl.check(f"a==1 or b==2;{rest}").diagnostics if one.code == "FL402"]
    assert found.hint == "for OR, write two filters"


@pytest.mark.parametrize(
    "text", ["filter=['a==1']", 'filter="a==1"', "filter=(a==1)", "filter={a==1}"]
)
def test_what_is_in_quotes_or_brackets_behind_the_key_is_no_filter_yet(text):
    report = fl.check(text)
    assert report.fixed is None
    assert not any(fix.safe for one in report.diagnostics for fix in one.fixes)


@pytest.mark.parametrize(
    "text",
    [
        "name==Research and Development",
        "name==AT&T",
        "name==a|b",
        "name==R&D; score>=1",
        "title~*engineer*",
        "title~J?n",
        "title~*50%*",
        "title~*a_b*",
        "title~5\\*",
        "file~*.*",
        "score~10",
        "seen~2024-01-31",
        "active~true",
        "website==https://example.com/?q=1",
        "path==/users?active&page=2",
        "title==Who are you?",
        "formula==5 * 3",
        "formula==5\\*3",
        "discount==50%",
        "discount==50% off",
        "bytes==100%ff",
        "line==x%0Ay",
        "plan==none",
        "token==YWJj==",
        "title==Java>=8",
        "a==<b>",
        "a==x=y",
        "a<x=y",
        "a==x<y",
        "name==O'Neill",
        "name=='",
        "name==sink or swim",
        "name==OR",
        "name==Portland OR",
        "name==R and <b>",
        "note==<b>x</b> and <i>y</i>",
        "tags==[x]",
        "tags==['x']",
        "a[0]==x",
        "title==no limit 5 here",
        "title==put in good order by hand",
        "title==Limit 5",
        "group==group by email",
        "name==👩\u200d💻",
        "name==نمی\u200cدانم",
        "name==New\u00a0York",
        "nota==1",
        "android==1",
        "a:b==1",
        "filter==x",
        "customAttributes.5==x",
        "segment==Key Accounts > 100",
        "plan==Research and Development",
        "plan==sales or marketing",
        "title~*rock* and roll",
        "tags==web|mobile",
        'size==5" pipe',
        "name=='n Sync",
        "plan==empty",
        "firm==Salt & Pepper",
        "firm==(formerly Acme)",
        "name~Ann*|x",
        "phone==49 170 1234567",
        "phone == 49 170 1234567",
        "phone== 12345",
        "count== 4917012345",
        "email== ann@example.com",
        "note==mail ann@example.com or bob@example.com",
        "name==R&amp",
    ],
)
def test_ordinary_filters_are_left_in_peace(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a==1 AND b==2", [("FL401", "AND")]),
        ("a==1 b==2", [("FL416", "b==")]),
        ("a=== 'x' && b==2", [("FL403", "==="), ("FL414", "'x'"), ("FL401", "&&")]),
        ("a=@x", [("FL415", "x")]),
        ("a~=x", [("FL403", "~=")]),
        ('"a"=="b"', [("FL414", '"a"'), ("FL414", '"b"')]),
        ('  "a==1;b==2" ', [("FL414", '"a==1;b==2"')]),
        ("(a==1;b==2)", [("FL411", "(a==1;b==2)")]),
        ("((a==1", [("FL411", "((")]),
        ("SELECT x WHERE a==1", [("FL410", "SELECT x WHERE")]),
        ("a==1 OR b==2 OR c==3", [("FL402", "OR"), ("FL402", "OR")]),
        ("a==A OR B OR C", [("FL418", "OR")]),
        ("a==*x*y?", [("FL405", "*")]),
    ],
)
def test_places(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A mistake in the same place says it already.
        ("==x", ["FL107"]),
        ("===x", ["FL107"]),
        ("!~x", ["FL107"]),
        ("a!b==c", ["FL106"]),
        ("a==1,b==2", ["FL111"]),
        ("a==1\nb==2", ["FL114"]),
        (r"a~\d+", ["FL112"]),
        # The first clause is not said again what is said of the whole filter.
        ('("a==1;b==2")', ["FL411"]),
    ],
)
def test_one_mistake_is_one_diagnostic(text, expected):
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a===b", r"write '==', or '\=' for an expression that starts with '='"),
        ("a>null", "nothing is ordered before or after a missing value"),
        ("not a==1", "there is no NOT; write 'a!=1'"),
        (
            "not a>1",
            "there is no NOT; the opposite is two filters: 'a<=1' and 'a=='",
        ),
        (
            "not a>1..2",
            (
                "there is no NOT; the opposite of an order is two filters, such as 'score<10' and"
                " 'score==' for what isn't 'score>=10'"
            ),
        ),
        ("or a==1", "for OR, write two filters"),
        (
            "a==1&pageSize=5",
            "a filter holds no other parameters; a whole query string is read by from_query",
        ),
        ("a~Doe", "write '~*Doe*' for what contains it, or '==Doe' for what equals it"),
        (
            "a~" + "x" * 99,
            f"write '~*{'x' * 57}…' for what contains it, or '=={'x' * 57}…' for what equals it",
        ),
        ("1==1", "write the name of what is compared, then the operator, then the value"),
    ],
)
def test_hints(text, expected):
    assert hint(text) == expected


def test_where_something_is_hardly_meant_no_fix_is_safe():
    report = fl.check("lastName='Doe';score=<10")
    assert [[fix.safe for fix in one.fixes] for one in report.diagnostics] == [
        [False],
        [False],
        [True],
    ]
    assert report.fixed is None


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("(a==1 or b==2) and c==3", "'a==1;c==3' and 'b==2;c==3'"),
        ("(a==1 || b==2);c==3", "'a==1;c==3' and 'b==2;c==3'"),
        ("c==3;(a==1 or b==2)", "'c==3;a==1' and 'c==3;b==2'"),
        ("c==3 AND (a==1 OR b==2)", "'c==3;a==1' and 'c==3;b==2'"),
        ("c==3 and (a==1 or b==2) and d==4", "'c==3;a==1;d==4' and 'c==3;b==2;d==4'"),
        ("(a==1 or b==2 or c==3) && d==4", "'a==1;d==4', 'b==2;d==4' and 'c==3;d==4'"),
    ],
)
def test_one_or_in_parentheses_is_written_out(text, filters):
    hints = {one.hint for one in fl.check(text).diagnostics if one.code in {"FL402", "FL411"}}
    every = (
        "for OR, write two filters: "
        if filters.count("'") == 4
        else "for OR, write a filter for each: "
    )
    assert every + filters in hints
    assert hints <= {every + filters, f"write a filter for each: {filters}"}


@pytest.mark.parametrize(
    "text",
    [
        "(a==1 and b==2) or c==3",
        "(a==1 or b==2) and (c==3 or d==4)",
        "(a==1 or b==2) or c==3",
        "(a==1 or b==f(x)) and c==3",
        "(a==1 and b==2 or c==3) and d==4",
        "(a==1 or b==2) and c==3 or d",
    ],
)
def test_what_is_more_than_one_or_is_not_written_out(text):
    assert {one.hint for one in fl.check(text).diagnostics} - {"write ';' for AND"} == {
        "join clauses with ';' for AND; for OR, write two filters",
        "for OR, write two filters",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Of several clauses one is in quotes.
        ("'a==1';b==2", ["a==1;b==2"]),
        ("'a=='1';b==2", ["'a==1;b==2"]),
        ("'a==1';b=='2'", ["a==1;b=='2'", "'a==1';b==2"]),
        # Quotes that nothing closes.
        ('a=="b', ["a==b"]),
        ('a=="b;c==1', ["a==b;c==1"]),
        # Several values
        ("a!=x | y", ["a!=x;a!=y"]),
        ("a!~x*|*y", ["a!~x*;a!~*y"]),
        ("a~x* and *y", ["a~x*;a~*y"]),
        ("a!=(x\\, y)", ["a!=x;a!=y"]),
    ],
)
def test_more_suggestions(text, expected):
    assert suggested(text) == expected


def test_a_comma_between_two_clauses_of_a_long_text():
    text = "a>1, b==2;c==" + "x" * 250
    (found,) = fl.check(text).diagnostics
    assert found.hint == (
        "write ';' for AND; for OR, write two filters; '\\,' is a comma that belongs to the"
        " expression"
    )
    assert [fix.apply(text)[:9] for fix in found.fixes] == ["a>1; b==2", "a>1\\, b=="]
