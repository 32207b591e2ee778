"""Conditions of other languages that are taken as a whole: what is suggested means the same."""

from time import process_time

import pytest

import filterlang as fl
from filterlang.checking.other_notations.nested_conditions import nested_filters


def suggestions(text, schema=None):
    return [fix.apply(text) for one in fl.check(text, schema).diagnostics for fix in one.fixes]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("(&(role=admin)(score>=10))", "role==admin;score>=10"),
        ("(&(!(role=admin))(mail=ann*))", "role!=admin;mail~ann*"),
        ("(!(|(role=a)(role=b)))", "role!=a;role!=b"),
        ('=AND({role}="a",{score}>10)', "role==a;score>10"),
        ('NOT(OR({role}="a",{email}=BLANK()))', "role!=a;email!="),
        ("=AND(active=TRUE,score<>-5)", "active==true;score!=-5"),
        ('select(.user.role == "x" and .score != null)', "user.role==x;score!="),
        ('.[] | select((.a == 1) and .b == "x y")', "a==1;b==x y"),
        ("{email}=BLANK()", "email=="),
        ('{"field": "score", "operator": ">=", "value": 10}', "score>=10"),
        ('{"score": {">": 10}, "role": "a"}', "score>10;role==a"),
        ('["role", "!=", "a"]', "role!=a"),
        ("location->>'city' = 'Bonn'", "location.city==Bonn"),
        ('data->"$.a" >= 5', "data.a>=5"),
        ("data->>'a' like 'B%'", "data.a~B*"),
        ("data->>'a' is not null", "data.a!="),
        ('=AND(FIND("eng",{title}),{score}>1)', "title~*eng*;score>1"),
        ('=role="admin"', "role==admin"),
        ("score =gt 10", "score>10"),
        ("score gte= 10", "score>=10"),
        ("score<>5_10", "score>=5;score<=10"),
        ("score[gte]=10&role=a", "score>=10;role==a"),
        (r"firstName=='O\'Brien'", "firstName==O'Brien"),
        ("firstName=='O''Brien'", "firstName==O'Brien"),
        ("filters=['role==admin']", "role==admin"),
        ("email~@example.com", "email~*@example.com"),
        ("role==admin and title does not contain eng", "role==admin;title!~*eng*"),
        ("title==not contains eng", "title!~*eng*"),
        ("title=does not contain eng", "title!~*eng*"),
        ("(!(role==admin))", "role!=admin"),
        ("email==<ann@example.com>", "email==ann@example.com"),
        ("type=not LEAD", "type!=LEAD"),
    ],
)
def test_the_one_clause_that_is_meant(text, meant):
    assert suggestions(text) == [meant]
    assert fl.check(text).fixed in (None, [text])


@pytest.mark.parametrize(
    "text",
    [
        "(&(role=admin)(sn~=Doe))",
        "(&(role=admin)(cn=a\\2ab))",
        "(|(a=1)(b=2)(c=3)(d=4)(e=5))",
        "=AND(seen=TODAY(),score>10)",
        '=IF(role="a",1,2)',
        'AND(role="a",score>)',
        'select(.role == "x" | not)',
        "score gt= a|b",
        "title=contains a or b",
        r"score \= 10",
        r"score =\= 10",
        '=COUNTIF(role,"admin")',
        "title==/eng.*/",
        "location #>> '{city}'",
        r"score \== 10",
        "title:/eng.*/",
        "title=/eng.*/",
        "title=^eng*",
        "lastSeenDate==0",
        "title!=contains eng",
        "location->>'city' = a|b",
    ],
)
def test_nothing_is_suggested_where_it_is_not_sure_what_is_meant(text):
    assert suggestions(text, fl.px.USER) == []
    assert fl.check(text, fl.px.USER).diagnostics


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("(|(role=admin)(role=editor))", "'role==admin' and 'role==editor'"),
        ("(!(score>=10))", "'score<10' and 'score=='"),
        ('OR(role="a",score>=10)', "'role==a' and 'score>=10'"),
        ('map(select(.role == "x" or .score > 10))', "'role==x' and 'score>10'"),
        ("role[]=a&role[]=b", "'role==a' and 'role==b'"),
        ("role[]=a&role[]=b&score[lt]=5", "'role==a;score<5' and 'role==b;score<5'"),
        ("role=a&role=b", "'role==a' and 'role==b'"),
        ("score=gt=10,role==admin", "'score>10' and 'role==admin'"),
        ('["role", "in", ["a", "b"]]', "'role==a' and 'role==b'"),
        ('filters = ["role==admin", "score>10"]', "'role==admin' and 'score>10'"),
    ],
)
def test_the_filters_of_which_one_has_to_match(text, filters):
    hints = [one.hint or "" for one in fl.check(text).diagnostics]
    assert any(filters in hint for hint in hints)
    assert suggestions(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "plan==none",
        "status==empty",
        "rating==R+D",
        "title==C+",
        "code==A+B1",
        "score_gte==10",
        "tags[0]==a",
        "condition==like new",
        "a__b==1",
        "path==~/contains eng",
        "note==call tel:123",
    ],
)
def test_what_is_meant_as_it_stands_is_left_in_peace(text):
    assert fl.check(text).diagnostics == ()


def test_what_a_schema_lists_is_a_value():
    schema = fl.Schema.from_dict(
        {"dimensions": {"name": {"type": "enum", "values": ["none", "N/A", "not contains eng"]}}}
    )
    for value in ("none", "N/A", "not contains eng"):
        assert fl.check(f"name=={value}", schema).diagnostics == ()


def test_a_name_of_the_schema_holds_no_operator():
    schema = fl.Schema.from_dict({"dimensions": {"score__gte": "integer"}})
    assert fl.check("score__gte==10", schema).diagnostics == ()


@pytest.mark.parametrize(
    "text",
    [
        "email=*",
        "type=not LEAD",
        "score>10&nbsp;",
        "score__gte==10",
        "{role}='a'",
        "score<>5_10",
        r"firstName=='O\'Brien'",
    ],
)
def test_one_mistake_is_told_once(text):
    for schema in (None, fl.px.USER):
        assert len(fl.check(text, schema).diagnostics) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "=OR(" + "a=1," * 60_000,
        "filters=[" + '"a==1",' * 35_000,
        "(&" + "(a=1)" * 50_000 + ")",
        "a->" + "'b'->" * 50_000 + "'c' = 1",
        "a[]=1&" * 40_000,
        "a==" + r"'\'x" * 60_000 + "'",
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_take_no_longer_than_others(text):
    # Copies of the text for each of its parts took a minute.
    before = process_time()
    fl.check(text)
    assert process_time() - before < 10


@pytest.mark.parametrize(
    "text",
    [
        "(&(|" + "".join(f"(a={number})" for number in range(9)) + ")(b=1))",
        "(&(a=1)(b=2))(c=3)",
        "(&(a=1)",
        "(!(a=1)(b=2))",
        "(&(a;b=1)(c=2))",
        "(|" * 30 + "(a=1)" + ")" * 30,
        "=AND(a=1,b=2) c",
        "=NOT(a=1,b=2)",
        "=OR(a=,b=2)",
        "=AND(a b=1,c=2)",
        '=AND(a>"",b=1)',
        "=AND(" * 30 + "a=1,b=2" + ")" * 30,
        "=AND(ISBLANK(a) b)",
        '=AND(SEARCH("",a),b=1)',
        "=AND(1=2,b=1)",
        "(&(a>=\x01)(b=1))",
    ],
)
def test_what_cannot_be_read_as_a_whole_has_no_filters(text):
    assert nested_filters(text) == []


def test_spaces_between_groups_are_left_out():
    assert nested_filters("(& (a=1) (b=2) )") == ["a==1;b==2"]
    assert nested_filters("(&(a>=1)(!(b>=1)))") == ["a>=1;b<1", "a>=1;b=="]
