"""Conditions of programs, sentences, and what was pasted with its surroundings: what is written.

Each text is answered with filters that mean just the same, and never by a safe fix.
"""

from __future__ import annotations

import pytest

import filterlang as fl
from filterlang.checking.other_notations.nested_values import nested_values
from filterlang.checking.other_notations.pasted_text import element, quoted_filters, quoted_in_mail
from filterlang.checking.other_notations.program_clauses import of_program
from filterlang.diagnostics.diagnostic import quoted

PROGRAMS = {
    "startswith(title,'eng') and score gt 10": ["title~eng*;score>10"],
    "contains(title,'eng') eq true": ["title~*eng*"],
    "contains(title,'eng') eq false": ["title!~*eng*"],
    "startswith(title,'eng') ne true": ["title!~eng*"],
    "not (startswith(title,'a') or score gt 10)": ["title!~a*;score<=10", "title!~a*;score=="],
    "substringof('eng',title)": ["title~*eng*"],
    "starts-with(@title,'eng')": ["title~eng*"],
    "ends-with(title, 'eng')": ["title~*eng"],
    "contains(title,'eng')&score>10": ["title~*eng*;score>10"],
    "score>10 and startswith(title,'eng')": ["score>10;title~eng*"],
    "title.includes('eng') && score > 10": ["title~*eng*;score>10"],
    "score > 10 && title.includes('eng')": ["score>10;title~*eng*"],
    "!title.includes('eng') || score > 10": ["title!~*eng*", "score>10"],
    "['admin','editor'].includes(role)": ["role==admin", "role==editor"],
    "x => x.score > 10": ["score>10"],
    "(x) => x.score > 10": ["score>10"],
    "u => u.role === 'admin' && u.score > 10": ["role==admin;score>10"],
    "x => x.role === 'a' || x.role === 'b'": ["role==a", "role==b"],
    "x => x.title !== null": ["title!="],
    "users.filter(u => u.role === 'admin')": ["role==admin"],
    "x -> x.score > 10": ["score>10"],
    "lambda x: x['score'] > 10": ["score>10"],
    "score.between(5,10)": ["score>=5;score<=10"],
    "score.between(5,10) == False": ["score<5", "score==", "score>10"],
    "pl.col('score').is_between(5,10)": ["score>=5;score<=10"],
    "title.isna()": ["title=="],
    "~df['title'].isna()": ["title!="],
    "df.title.notnull()": ["title!="],
    "role.isin(['admin','editor'])": ["role==admin", "role==editor"],
    "~df.role.isin(['a','b'])": ["role!=a;role!=b"],
    "df[(df.score > 10) & (df['role'] == 'admin')]": ["score>10;role==admin"],
    "title.str.contains('eng')": ["title~*eng*"],
    "col('score') >= 10": ["score>=10"],
    'role %in% c("a","b")': ["role==a", "role==b"],
    '!(role %in% c("a","b"))': ["role!=a;role!=b"],
    "is.na(title)": ["title=="],
    "!is.na(title)": ["title!="],
    "Q(score__gte=10)": ["score>=10"],
    "Q(score__gte=10) & Q(role='admin')": ["score>=10;role==admin"],
    "Q(score__gte=10) | Q(role='admin')": ["score>=10", "role==admin"],
    "~Q(role='admin')": ["role!=admin"],
    "User.objects.filter(role='admin', score__gte=10)": ["role==admin;score>=10"],
    "exclude(score__gt=10)": ["score<=10", "score=="],
    "and(gt(score,10),eq(role,admin))": ["score>10;role==admin"],
    "or(gt(score,10),not(eq(role,admin)))": ["score>10", "role!=admin"],
    "title.equals('Smith, J')": ["title==Smith\\, J"],
    "title.like('%eng')": ["title~*eng"],
    "String.IsNullOrEmpty(title)": ["title=="],
    "title.startsWith('a') or title == ''": ["title~a*", "title=="],
    "role not in ['a'] and title.isna()": ["role!=a;title=="],
    "role in ['a', 'b'] and title.isna()": ["role==a;title==", "role==b;title=="],
    "title.isna() and role is not None": ["title==;role!="],
    "filter(role__in=['a','b'])": ["role==a", "role==b"],
    "tolower(title) eq 'eng' and score gt 1": ["title==eng;score>1"],
    "title.toLowerCase().includes('eng')": ["title~*eng*"],
    "title.equalsIgnoreCase('eng')": ["title==eng"],
    "title.indexOf('eng') >= 0": ["title~*eng*"],
    "title.indexOf('eng') === -1": ["title!~*eng*"],
    "indexof(title,'eng') eq 0": ["title~eng*"],
    "role eq 'a' and not(score gt 10)": ["role==a;score<=10", "role==a;score=="],
    "role IN ('a','b') AND score > 10": ["role==a;score>10", "role==b;score>10"],
    "role not in ('a','b') and score > 10": ["role!=a;role!=b;score>10"],
    "title is not null and role in ('a','b')": ["title!=;role==a", "title!=;role==b"],
    "_.includes(['a','b'], role)": [],
    "where(where(score.gt(10)))": [],
}
OBJECTS = {
    '{"$or":[{"role":"a"},{"role":"b"}]}': ["role==a", "role==b"],
    '{"$and":[{"role":"a"},{"score":{"$gt":10,"$lt":20}}]}': ["role==a;score>10;score<20"],
    '{"$nor":[{"role":"a"},{"role":"b"}]}': ["role!=a;role!=b"],
    '{"score":{"$not":{"$gt":10}}}': ["score<=10", "score=="],
    '{"location":{"countryCode":"US"}}': ["location.countryCode==US"],
    '{"$or":[{"role":"a"},{"score":1}],"type":"LEAD"}': [
        "role==a;type==LEAD",
        "score==1;type==LEAD",
    ],
    "{where: {AND: [{role: 'a'}, {score: {gt: 5}}]}}": ["role==a;score>5"],
    '{"_or":[{"role":{"_eq":"a"}},{"title":{"_is_null":true}}]}': [],
    '{"query":{"bool":{"must":[{"term":{"role":"a"}}],'
    '"must_not":[{"exists":{"field":"email"}}]}}}': ["role==a;email=="],
    '{"range":{"score":{"gte":10}}}': ["score>=10"],
    '{"condition":"OR","rules":[{"field":"score","operator":"greater","value":10},'
    '{"field":"role","operator":"equal","value":"a"}]}': ["score>10", "role==a"],
    '{"not":{"role":"a"}}': ["role!=a"],
}
SENTENCES = {
    "lastSeenDate after 2024-01-01 and before 2024-02-01": [
        "lastSeenDate>=2024-01-02;lastSeenDate<2024-02-01"
    ],
    "score higher than 10 but less than 20": ["score>10;score<20"],
    "score is at least 5 and score is at most 10": ["score>=5;score<=10"],
    "score less than 5 or greater than 10": ["score<5", "score>10"],
    "title contains a but does not contain b": ["title~*a*;title!~*b*"],
    "score from 5 to 10": ["score>=5;score<=10"],
    "score is 5 to 10": ["score>=5;score<=10"],
    "score 5\u201310": ["score>=5;score<=10"],
    "lastSeenDate from 2024-01-01 until 2024-01-31": [
        "lastSeenDate>=2024-01-01;lastSeenDate<2024-02-01"
    ],
    "role is either admin or editor": ["role==admin", "role==editor"],
    "role is either a, b or c": ["role==a", "role==b", "role==c"],
    "role is neither admin nor editor": ["role!=admin;role!=editor"],
    "has email": ["email!="],
    "with an email": ["email!="],
    "no email": ["email=="],
    "has no email": ["email=="],
    "doesn't have email": ["email=="],
    "missing email": ["email=="],
    "without email": ["email=="],
    "lastSeenDate on 2024-01-01": ["lastSeenDate>=2024-01-01;lastSeenDate<2024-01-02"],
    "lastSeenDate was during 2024-02": ["lastSeenDate>=2024-02-01;lastSeenDate<2024-03-01"],
    "lastSeenDate not on 2024-01-01": [
        "lastSeenDate<2024-01-01",
        "lastSeenDate>=2024-01-02",
        "lastSeenDate==",
    ],
    "lastSeenDate is never": ["lastSeenDate=="],
    "score\uff1a10": ["score==10"],
}
PASTED = {
    "**score>10**": ["score>10"],
    "*score>10*": ["score>10"],
    "```score>10```": ["score>10"],
    "```text\nscore>10\n```": ["score>10"],
    "<b>score>10</b>": ["score>10"],
    '<p class="x"><code>score>10</code></p>': ["score>10"],
    "> score>10": ["score>10"],
    "> > score>10": ["score>10"],
    "1. score>10": ["score>10"],
    "\u2022 score>10": ["score>10"],
    "$ filterlang check 'score>10'": ["score>10"],
    'python -m filterlang match --schema users "score>10" users.jsonl': ["score>10"],
    "filterlang match 'score>10' 'role==admin'": ["score>10", "role==admin"],
    "* score>10": ["score>10"],
    '"filter": "score>10"': ["score>10"],
    "--filter 'score>10'": ["score>10"],
    "curl 'https://api.example.com/v1/users?filter=score%3E10'": ["score>10"],
    "curl -G https://api.example.com --data-urlencode 'filter=score>10'": ["score>10"],
    "GET /v1/users?filter=score%3E10&filter=role%3D%3Dadmin HTTP/1.1": ["score>10", "role==admin"],
    '"score>10","role==admin"': ["score>10", "role==admin"],
    '["score>10", "role==admin"]': ["score>10", "role==admin"],
    "score>10,": ["score>10"],
    "role==admin,;score>10": ["role==admin;score>10"],
    "score>10\\": ["score>10"],
    "filter=score>10&sort=score": ["score>10"],
    "q=score>10": ["score>10"],
    "where = score>10;role==admin": ["score>10;role==admin"],
    "score:gt:10": ["score>10"],
    "score|gt|10": ["score>10"],
    "score.gte.10": ["score>=10"],
    "score[lt]:10": ["score<10"],
    "title:contains:eng": ["title~*eng*"],
    "score:between:5,10": ["score>=5;score<=10"],
    "role:in:a,b": ["role==a", "role==b"],
}


@pytest.mark.parametrize("schema", [None, fl.px.USER], ids=["no schema", "users"])
@pytest.mark.parametrize(
    ("text", "filters"), (PROGRAMS | OBJECTS | SENTENCES | PASTED).items(), ids=repr
)
def test_what_is_written_means_the_same(text, filters, schema):
    report = fl.check(text, schema)
    assert not any(fix.safe for one in report.diagnostics for fix in one.fixes)
    if not filters:
        return
    mended = [fix.apply(text) for one in report.diagnostics for fix in one.fixes]
    if len(filters) == 1:
        assert mended[0] == filters[0]
    else:
        hints = [one.hint or "" for one in report.diagnostics]
        assert any(all(quoted(one) in hint for one in filters) for hint in hints)
        assert len(fl.parse(filters)) == len(filters)


def test_a_year_is_a_time_or_a_number():
    [said] = fl.check("lastSeenDate in 2024").diagnostics
    assert [fix.apply("lastSeenDate in 2024") for fix in said.fixes] == [
        "lastSeenDate>=2024-01-01;lastSeenDate<2025-01-01",
        "lastSeenDate==2024",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "score > 10",
        "score > 10 and role == 'a'",
        "Revenue (USD)>10",
        "f(x)>1",
        "len(title) > 10",
        "title.includes(other)(x)",
        "contains(title,'a*b')",
        "contains(title,'a','b')",
        "x => x.score > x.minimum",
        "x => x.score > 10 && y.score > 10",
        "x => x.email",
        "x =>",
        "score.between(10)",
        "score.between(a(),b())",
        "role.isin(roles())",
        "role.isin([])",
        "indexof(title,'x') ge 1",
        "indexof(title,'x*y') lt 0",
        "startswith(title,'eng') eq 1",
        "startswith(title,'eng') gt true",
        "score.gt(null)",
        "title.contains('it\\'s')",
        "Q(score__regex='x')",
        "Q(score__gte=10, 5)",
        "Q(score__gte=F('x'))",
        "Q(score__year=x)",
        "filter(score)",
        "filter(x => x.score)",
        "a.isna() && (((((((((((b.isna())))))))))))",
        "title.isna() and",
        "title.isna() and " * 40,
        "(" * 100 + "title.isna()" + ")" * 100,
        "a.isin(['a','b','c','d']) and b.isin(['a','b','c','d'])",
        "!(a.isin(['a']) && score.gt(x*2))",
        "title.isna()\x00",
        "title.like('a_b')",
        "df[df.a.isna()",
        "['a'].includes(f(x))",
        "['a'].every(x)",
        "role in roles and title.isna()",
        "title.str",
        "title.includes(term) && score > 1",
        "score.gt(minimum)",
        "x => x.score > minimum",
        "role.isin([admin])",
        "Q(score__gte=minimum)",
        "Q(role__in=ROLES)",
        "score.gt(5) == x",
        "~score.gt('a=b')",
        "not (a.isin([1]) and b.between('x*','y'))",
        "-title.isna()",
    ],
)
def test_what_is_not_understood_as_a_whole_stands_for_nothing(text):
    assert of_program(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "role==admin",
        "{}",
        '{"a":{}}',
        '{"a":1',
        '{"a":1 "b":2}',
        '{"a":[1 2]}',
        '{"a":[{"b":1}]}',
        '{"a":{"b":1},"a":{"b":2}}',
        '{"a":{"b":}}',
        '{"a":{"b":]}}',
        '{"a":[1,{"b":}]}',
        '{"match":{"title":"x"}}',
        '{"term":{"a":1,"b":2}}',
        '{"range":{"a":1}}',
        '{"term":{"a":[{"b":1}]}}',
        '{"exists":{"field":"a","boost":1}}',
        '{"bool":{"must":[{"term":{"a":1}}],"should":[{"term":{"b":1}}]}}',
        '{"query":{"term":{"a":1}},"size":5}',
        '{"tags":{"some":{"name":"a"}}}',
        '{"a":{"$elemMatch":{"b":1}}}',
        '{"$where":"a"}',
        '{"$expr":{"$gt":["$a","$b"]}}',
        '{"a":{"$mod":[4,0]}}',
        '{"rules":[{"field":"a","operator":"x","value":1}],"condition":"AND"}',
        '{"rules":[{"a":1}],"condition":"XOR"}',
        '{"all":[{"fact":"a","operator":"equal","value":1,"path":"x"}]}',
        '{"$or":[{"a":1},{"$where":"x"}]}',
        '{"$and":[{"a":{"in":[1,2,3,4]}},{"b":{"in":[1,2,3,4]}}]}',
        '{"$nor":[{"a":{"$gt":1}},{"b":{"$gt":1}},{"c":{"$gt":1}},{"d":{"$gt":1}}]}',
        "{a:" * 20 + "1" + "}" * 20,
        '{"a":{"b":"' + "x" * 1000 + '"}}',
        '{"a":{"b":1}} more',
        '[{"a":1}]',
        '{"score":{"greaterThan":10}}',
        '{"score":{"min":5,"max":10}}',
        '{"score":{"more_than":5}}',
        '{"title":{"starts_with":"x"}}',
        '{"a":{"before":"2024-01-01"}}',
    ],
)
def test_objects_that_are_not_understood_stand_for_nothing(text):
    assert nested_values(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "score from a to b",
        "score-1 from 5 to 10 to 15",
        "a b has email",
        "has first name",
        "role is neither admin",
        "role is either head of x or y",
        "lastSeenDate in 2024-01-01",
        "lastSeenDate on 2024-13-01",
        "seen is on or after 2024-01-31",
        "score higher than 10 but less than",
        "score more or less than 10",
        "name gt__x",
        "score isn't never 1 and not never 2",
        "x" * 400 + " has email",
        "a__gt has email and is b",
        "not.x is never",
        "score over a*b and under 10",
    ],
)
def test_sentences_that_may_mean_more_get_no_clause_of_theirs(text):
    said = [one for one in fl.check(text).diagnostics if one.severity == "error"]
    ours = ("several, of which", "two clauses: '")
    assert not any((one.hint or "").startswith(ours) for one in said)


def test_what_has_no_filter_in_it_was_not_pasted():
    assert element("<b>score</b>") is None
    assert element("<b>" * 300) is None
    assert element("<b>" * 6 + "a==1" + "</b>" * 6) is None
    assert quoted_in_mail("> 10") is None
    assert quoted_in_mail("> score>") is None
    assert quoted_filters('"a","b"') == []
    assert quoted_filters('"a==1"') == []


@pytest.mark.parametrize(
    "text", ["**a**", "$ filterlang check 'a'", "curl https://x.y/?a=1", "q=5"]
)
def test_without_a_filter_nothing_is_said_of_the_surroundings(text):
    hints = " ".join(one.hint or "" for one in fl.check(text).diagnostics)
    assert "alone" not in hints
    assert "leave" not in hints


@pytest.mark.parametrize("text", ["path==C:\\", "path==a\\\\b\\", "a==\\"])
def test_a_backslash_that_may_be_of_a_path_is_not_left_out(text):
    [said] = fl.check(text).diagnostics
    assert [fix.apply(text) for fix in said.fixes] == [text + "\\"]


def test_with_much_beside_it_what_takes_several_filters_is_not_written():
    text = "a==" + "x" * 300 + ";role.isin(['a','b'])"
    assert all("several filters, of" not in (one.hint or "") for one in fl.check(text).diagnostics)
    text = "a==" + "x" * 300 + ";score less than 5 or greater than 10"
    assert all("several filters, of" not in (one.hint or "") for one in fl.check(text).diagnostics)
