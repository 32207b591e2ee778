"""`FilterIndex`: its keys, its errors, and filters that come and go."""

from __future__ import annotations

import gc
import pickle
import random
import re
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

import filterlang as fl
from filterlang import Clause, Filter, FilterIndex, FilterSet, Pattern, Schema

FILTERS = {
    "teens": "age>=13;age<20",
    "Bonn": ["city==Bonn", "zip~531*"],
    "nobody": "age<0",
    "all": "",
    "node": fl.parse_filter("city~B*"),
    "clause": Clause("tags", "==", "new"),
    "set": FilterSet([Filter([Clause("name", "~", Pattern("*a*"))])]),
}


def test_the_keys_of_matching_filters_in_their_order():
    index = FilterIndex(FILTERS)
    assert index.match({"age": 17, "zip": "53113"}) == ["teens", "Bonn", "all"]
    assert index.match({"city": "bonn", "zip": "53113", "tags": ["NEW"]}) == [
        *("Bonn", "all", "node", "clause"),
    ]
    assert index.match({}) == ["all"]
    assert index.match(None) == ["all"]


def test_an_index_is_a_collection_of_keys():
    index = FilterIndex(FILTERS)
    assert len(index) == 7
    assert list(index) == list(FILTERS)
    assert "teens" in index
    assert "x" not in index
    assert repr(index) == "<FilterIndex: the filters of 7 keys>"


def test_nothing_at_all():
    index = FilterIndex({})
    assert (len(index), index.match({"a": 1})) == (0, [])
    assert FilterIndex({1: []}).match({}) == [1]
    assert FilterIndex({1: FilterSet([])}).match({}) == [1]


def test_many_records():
    index = FilterIndex(FILTERS)
    users = [{"age": 14}, {"age": 40}]
    assert list(index.match_many(iter(users))) == [
        (users[0], ["teens", "all"]),
        (users[1], ["all"]),
    ]


def test_texts_may_come_from_an_iterator():
    index = FilterIndex({1: iter(["a==1", "a==2"])})
    assert index.match({"a": "2"}) == [1]
    assert pickle.loads(pickle.dumps(index)).match({"a": "1"}) == [1]


def test_equal_filters_under_several_keys():
    index = FilterIndex(dict.fromkeys(range(40), "a==1;b~x*"))
    assert index.match({"a": "1", "b": "xy"}) == list(range(40))
    for key in range(39):
        index.remove(key)
    assert index.match({"a": "1", "b": "xy"}) == [39]


def test_an_explanation():
    index = FilterIndex(FILTERS)
    assert str(index.explain("teens", {"age": 30})) == (
        "no match\nfilter 1 does not match: age>=13;age<20\n  yes  age>=13: 30\n  no   age<20: 30"
    )
    with pytest.raises(KeyError, match="there are no filters under the key 'x'"):
        index.explain("x", {})


def test_filters_come_and_go():
    index = FilterIndex({})
    for key, filters in FILTERS.items():
        index.add(key, filters)
    record = {"age": 17, "zip": "53113", "name": "Ada", "city": "Berlin", "tags": "new"}
    assert index.match(record) == ["teens", "Bonn", "all", "node", "clause", "set"]
    for key in ("Bonn", "all", "clause"):
        index.remove(key)
    assert index.match(record) == ["teens", "node", "set"]
    index.add("Bonn", FILTERS["Bonn"])
    assert index.match(record) == ["teens", "node", "set", "Bonn"]


def test_a_key_that_is_there_already():
    index = FilterIndex({"a": "b==1"})
    message = "there are filters under the key 'a' already; remove them first"
    with pytest.raises(ValueError, match=f"^{message}$"):
        index.add("a", "b==2")
    assert index.match({"b": "1"}) == ["a"]


def test_a_key_that_is_not_there():
    with pytest.raises(KeyError, match="there are no filters under the key 'a'"):
        FilterIndex({}).remove("a")


@pytest.mark.parametrize("filters", ["a=1", ["b==1", "a=1"]])
def test_a_bad_filter_says_under_which_key_it_stands(filters):
    with pytest.raises(fl.FilterSyntaxError) as caught:
        FilterIndex({"good": "a==1", "bad": filters})
    assert caught.value.__notes__ == ["in the filters under the key 'bad'"]
    index = FilterIndex({})
    with pytest.raises(fl.FilterSyntaxError):
        index.add("bad", filters)
    assert len(index) == 0
    assert index.match({"a": "1"}) == []


@pytest.mark.parametrize("filters", [7, [7]])
def test_what_is_no_filter(filters):
    with pytest.raises(TypeError):
        FilterIndex({"a": filters})


def test_progress():
    calls = []
    FilterIndex(dict.fromkeys(range(2500), "a==1"), progress=lambda *done: calls.append(done))
    assert calls == [(0, 2500), (1000, 2500), (2000, 2500), (2500, 2500)]


def test_building_can_be_interrupted():
    class EnoughError(Exception):
        pass

    def stop(done, total):
        if done:
            raise EnoughError(done, total)

    with pytest.raises(EnoughError) as caught:
        FilterIndex({key: f"a=={key}" for key in range(5000)}, progress=stop)
    assert caught.value.args == (1000, 5000)


def test_a_schema_types_values_and_resolves_aliases():
    schema = Schema({"score": "integer", "seen": "datetime"}, aliases={"points": "score"})
    index = FilterIndex({1: "score>=10", 2: "points==10", 3: "seen>=2024-01-01"}, schema)
    assert index.schema is schema
    assert index.match({"score": "10", "seen": 1704067200000}) == [1, 2, 3]
    assert index.match({"score": "9.5", "seen": "2023-12-31"}) == []
    assert pickle.loads(pickle.dumps(index)).match({"score": "10"}) == [1, 2]


def test_names_of_many_segments():
    name = ".".join("a" * 40)
    index = FilterIndex({1: f"{name}==1", 2: f"{name}!=1", 3: "a.b==1"})
    record = 1
    for _ in range(40):
        record = {"a": record}
    assert index.match(record) == [1]
    assert index.match({name: 1}) == [1]
    index.remove(1)
    assert index.match(record) == []
    assert index.match({}) == [2]


def test_clauses_hold_of_one_element_of_a_list():
    index = FilterIndex(
        {1: "o.a==1;o.b==x", 2: "o.a==1;o.b!=x", 3: "o.a!=1;o.b!=x", 4: "o.a==1;o.p.q==2"}
    )
    assert index.match({"o": [{"a": 1, "b": "y"}, {"a": 2, "b": "x"}]}) == [2]
    assert index.match({"o": [{"a": 1, "b": "x"}]}) == [1]
    assert index.match({"o": []}) == [3]
    assert index.match({"o": [{"a": 1, "p": [{"q": 3}, {"q": 2}]}]}) == [2, 4]


def test_many_threads_may_ask_at_once():
    index = FilterIndex({key: f"a=={key % 50};b>={key}" for key in range(2000)})
    wanted = [index.match({"a": str(a), "b": 1000}) for a in range(50)]
    found = []

    def ask():
        found.append([index.match({"a": str(a), "b": 1000}) for a in range(50)])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert found == [wanted] * 4


def test_many_filters_that_differ_in_little():
    filters = {
        f"{country}-{plan}-{low}": f"country=={country};plan~{plan}*;score>={low};score<{low + 10}"
        for country in ("US", "UK", "DE", "FR")
        for plan in ("free", "pro", "enterprise")
        for low in range(0, 100, 5)
    }
    index = FilterIndex(filters)
    record = {"country": "de", "plan": "Professional", "score": 42}
    assert index.match(record) == ["DE-pro-35", "DE-pro-40"]
    for key in list(filters)[::2]:
        index.remove(key)
    assert index.match(record) == [
        key for key in list(filters)[1::2] if fl.matches(filters[key], record)
    ]


def test_numbers_beyond_the_usual():
    filters = {
        1: "a>=1e400;a<1e500",
        2: "a==9007199254740993",
        3: "a>1e9999999999999999999",
        4: "a<1e9999999999999999999",
        5: "a>=1;a<2",
        6: "a==0.1",
        7: "a>=-5;a<=-1",
        8: f"a=={10**60}",
    }
    index = FilterIndex(filters)
    for value in (10**450, 2**53 + 1, float(2**53), 1.5, 0.1, -2, -2.5, 10**60, float("inf")):
        record = {"a": value}
        assert index.match(record) == [
            key for key, one in filters.items() if fl.matches(one, record)
        ]


# --- As one matcher after the other ---------------------------------------------------------------


def assert_as_looped(filters, records):
    """Hold an index to the matchers, with all filters and while they are removed."""
    index = FilterIndex(filters)
    matchers = {key: fl.compile(one) for key, one in filters.items()}
    for keys in (list(filters)[::3], list(filters)[1::3], list(filters)[2::3]):
        for record in records:
            assert index.match(record) == [key for key, one in matchers.items() if one(record)]
        for key in keys:
            index.remove(key)
            del matchers[key]
    for record in records:
        assert index.match(record) == []


class Odd(int):
    """A number that compares in its own way."""

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class OddText(str):
    __slots__ = ()

    def lower(self):
        return OddText(super().lower())

    def isascii(self):
        return True

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class OddFloat(float):
    def __lt__(self, other):
        return True


class OddDecimal(Decimal):
    def __lt__(self, other):
        return True


class Unprintable(float):
    def __repr__(self):
        raise OSError

    __str__ = __repr__


class OddKey:
    """A key that is where a name would be, and refuses to be compared."""

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        raise OSError


ODD = [Odd(1), OddText("Ab"), OddFloat(1.5), OddDecimal("1.5"), Unprintable(1.5)]
NAMES = "abcdefgh"


@pytest.mark.parametrize("names", ["a", NAMES], ids=["few names", "many names"])
def test_values_and_keys_with_comparisons_of_their_own(names):
    clauses = ["==1", "==ab", "<1", ">=1.5", "~a*", "~1*", "!=1", "!~*b"]
    filters = {f"{name}{clause}": f"{name}{clause}" for name in names for clause in clauses}
    filters["all"] = ""
    records = [{name: value} for name in names for value in ODD]
    assert_as_looped(filters, [*records, {OddKey("a"): 1}, {OddKey("a"): 1, "b": "1"}])


def test_few_bound_clauses_and_judges_are_kept(monkeypatch):
    monkeypatch.setattr("filterlang.matching.index.filter_index._MOST_BOUND", 1)
    monkeypatch.setattr("filterlang.matching.index.lookups.Judges.MOST", 1)
    filters = {key: f"a>={key};b!=x;c~?{key}" for key in range(6)}
    assert_as_looped(filters, [{"a": Odd(3), "c": "a3"}, {"a": 4, "b": "y", "c": "a2"}])
    # Of lists in lists of objects the judge is asked.
    filters = {key: f"a.b.c=={key};a.b.d==1" for key in range(6)}
    element = {"c": [1, 2], "d": 1}
    assert_as_looped(filters, [{"a": [{"b": [element]}, {"b": [{"c": 3, "d": 1}, element]}]}])


def test_what_is_added_late_is_judged_by_what_was_seen(monkeypatch):
    monkeypatch.setattr("filterlang.matching.index.filter_index._SAMPLE", 1)
    index = FilterIndex({1: "a==1", 2: "a==2"})
    index.add(3, "b==1")
    assert index.match({"a": 1, "b": 1}) == [1, 3]


def test_many_names_and_nodes_in_nodes():
    dice = random.Random(7)  # noqa: S311 — the same filters in every run
    filters = {
        key: ";".join(f"{name}=={dice.randint(0, 1)}" for name in dice.sample(NAMES, 4))
        for key in range(600)
    }
    records = [{name: dice.randint(0, 1) for name in NAMES} for _ in range(20)]
    assert_as_looped(filters, records)


def test_names_too_long_to_be_walked_together():
    deep = ".".join("z" * 20)
    filters = {0: f"{deep}==1", **{name: f"{name}==1" for name in NAMES}, 1: f"{deep}!=1"}
    assert_as_looped(filters, [{deep: 1}, {"a": "1", "h": 1}, {}])


def test_patterns_that_have_to_be_tried():
    filters = dict.fromkeys(range(20), "a~x?y*")
    filters |= {f"p{key}": f"a~xy{key % 7}*;b!={key % 3}" for key in range(40)}
    filters |= {f"l{key}": f"a~xyzzy{key}*" for key in range(30)}
    filters |= {f"s{key}": f"a~*{'xyz'[: key % 3 + 1]}" for key in range(40)}
    filters |= {f"i{key}": f"a~*{key:03}{key % 5}*" for key in range(90)}
    texts = ["xay", "xy3", "x", "xyz", "00100", "xy0170", "0451", "XAYB", "xyzzy12", ""]
    assert_as_looped(filters, [{"a": text, "b": "1"} for text in texts] + [{"a": ["xy1", 12]}])


def test_ranges():
    bounds = ["1", "5", "2024-01-01", "2024-02-01", "abc", "abd", "ab", "1e30", "-3.5", "2"]
    filters = {f"{low}…{high}": f"a>={low};a<{high}" for low in bounds for high in bounds} | {
        f"{low}={high}": f"a>{low};a<={high};b==1" for low in bounds for high in bounds
    }
    filters |= {f"=={number}": f"a=={number}" for number in range(5)}
    values = [
        *range(-4, 7),
        1.5,
        2.0,
        3.0,
        "abcd",
        "ab",
        "b",
        1e29,
        float("inf"),
        [0, 9],
        ["abc", 3],
    ]
    values += [datetime(2024, 1, 15, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC), Decimal("1.5")]
    assert_as_looped(filters, [{"a": value, "b": 1} for value in values])


def test_groups():
    filters = {
        1: "o.a==1;o.b==2;z!=3",
        2: "o.p.a!=1;o.b!=2",
        3: "o.p.a==1;o.b==2",
        4: "o.p.a~1*;o.p.b~2*;o.c!=1",
        5: "o.p.a!=1",
        6: "o.a!=1;o.b!=2;z.x==1;z.y==2",
        **{f"same {key}": "o.a==1;o.b==2" for key in range(40)},
    }
    records = [
        {"o": [{"a": 1, "b": 2}], "z": 3},
        {"o": [{"a": 1, "b": 2}], "z": 4},
        {"o": [{"p": []}, {"b": 2}]},
        {"o": [{"p": [{"a": 1, "b": 2}], "b": 2}]},
        {"o": [{"p": [[{"a": 1}], []], "b": 2, "c": 1}]},
        {"o": {"p": [{"a": 1}, {"b": 2}], "b": 2}},
        {"o": [{"a": 2, "b": 2}], "z": [{"x": 1, "y": 2}]},
        {"o": [{"a": 2, "b": 3}], "z": {"x": 1, "y": 2}},
    ]
    assert_as_looped(filters, records)


def test_a_value_without_a_text(monkeypatch):
    def fail(value):
        raise OSError

    monkeypatch.setattr("filterlang.matching.index.facts.text_of", fail)
    assert FilterIndex({1: "a~1*", 2: "a!~1*"}).match({"a": 1}) == [2]


def test_bounds_that_come_after_a_look():
    index = FilterIndex({1: "a>1", 5: "a>5"})
    assert index.match({"a": 4}) == [1]
    index.add(3, "a>3")
    assert index.match({"a": 4}) == [1, 3]
    index.remove(1)
    assert index.match({"a": 4}) == [3]


@pytest.mark.parametrize("pattern", ["x", "x*", "*x", "*x*", "x?", "*"])
def test_patterns_beside_what_filters_are_found_by(pattern):
    filters = {key: f"a=={key};b~{pattern}" for key in range(20)}
    filters |= {f"not {key}": f"a=={key};b!~{pattern}" for key in range(20)}
    texts = ["x", "xy", "yx", "yxy", "y", "", None, ["y", "x"]]
    assert_as_looped(filters, [{"a": 7, "b": text} for text in texts])


def test_every_kind_of_clause_and_of_value():
    names = ["a", "b", "c", "o.a", "o.p.a", "o.p.b", "q.a"]
    clauses = ["==", "!=", "==true", "!=FALSE", "==1", "==2024-01-01", ">1", "<2024-01-01", ">=x"]
    clauses += [r"~\*x", "~x?", "!~x*", "~*", "~2024*", "~true", "<=true"]
    filters = {f"{name}{clause}": f"{name}{clause}" for name in names for clause in clauses}
    filters |= {f"two {name}": f"{name}!=1;q.a==x;{name}<=5" for name in names}
    values = [None, "", "x", "*x", "xy", True, False, 1, 1.0, 3, date(2024, 1, 1), UUID(int=1)]
    values += [datetime(2024, 1, 1, tzinfo=UTC), b"x", object(), [], [None, "x"], [1, [True]], {}]
    records = [{name.partition(".")[0]: value} for name in names for value in values]
    records += [{"o": {"p": {"a": value, "b": "x"}, "a": value}, "q.a": "x"} for value in values]
    records += [{"o": [{"p": {"a": value}}, {"a": value}]} for value in values]
    records += [SimpleNamespace(a=value, q=SimpleNamespace(a="x")) for value in values]
    assert_as_looped(filters, records)


@pytest.mark.parametrize("collects", [True, False])
def test_building_leaves_the_collector_as_it_was(collects):
    def fail(_done, _total):
        assert not gc.isenabled()
        message = "enough"
        raise RuntimeError(message)

    was = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        assert len(fl.FilterIndex({1: "a==1"})) == 1
        assert gc.isenabled() is collects
        with pytest.raises(RuntimeError, match="enough"):
            fl.FilterIndex({1: "a==1"}, progress=fail)
        assert gc.isenabled() is collects
    finally:
        (gc.enable if was else gc.disable)()


def test_bounds_of_time_hold_to_the_millisecond():
    """Of milliseconds and dates, one by one and in ranges, with so many that grids are made."""
    day = 1_704_067_200_000
    schema = Schema({"at": "datetime"})
    near = [0, 1, -1, 2, -2, day // 1001, -(day // 1001), day // 999, -(day // 999)]
    filters = {}
    for distance in near:
        for sign in ("==", "!=", "<", "<=", ">", ">="):
            filters[f"{sign}{distance}"] = f"at{sign}{day + distance}"
        for width in (0, 1, 86_400_000):
            low = day + distance
            filters[f"{distance}, {width} wide"] = f"at>={low};at<={low + width}"
    filters |= {"that day": "at>=2024-01-01;at<2024-01-02", "since": "at>=2024-01-01"}
    index = FilterIndex(filters, schema)
    for distance in near:
        moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(milliseconds=distance)
        expected = [key for key in filters if _is_about(distance, key)]
        for value in (day + distance, str(day + distance), moment, [moment]):
            assert index.match({"at": value}) == expected, (distance, value)


def _is_about(distance, key):
    """Say by arithmetic alone what the filter of a key says of so many milliseconds."""
    if key == "since":
        return distance >= 0
    if key == "that day":
        return 0 <= distance < 86_400_000
    if key.endswith("wide"):
        low, width = map(int, key.removesuffix(" wide").split(", "))
        return low <= distance <= low + width
    sign, other = re.fullmatch(r"(\W?[=<>]|[<>])(-?\d+)", key).groups()
    return {
        "==": distance == int(other),
        "!=": distance != int(other),
        "<": distance < int(other),
        "<=": distance <= int(other),
        ">": distance > int(other),
        ">=": distance >= int(other),
    }[sign]


def test_two_lists_in_one_object_are_no_one_group():
    """Clauses of each ask an element of its own list, and an empty list is a missing value."""
    filters = {
        "both": "a.b.c==1;a.e.c==1",
        "apart": "a.b.c==1;a.b.d==2;a.e.c==1",
        "missing": "a.b.c==",
        "not missing": "a.b.c!=",
        "missing beside": "a.b.c==;a.b.d!=2",
    }
    record = {"a": {"b": [{"c": 1}, {"c": 2}], "e": [{"c": 2}, {"c": 1}]}}
    assert_as_looped(filters, [record])
    assert FilterIndex(filters).match(record) == ["both", "not missing"]
    inner = {"a": [{"b": [{"c": 1, "d": 2}]}, {"b": []}]}
    assert_as_looped(filters, [inner])
    assert FilterIndex(filters).match(inner) == ["missing", "missing beside"]


def test_nothing_is_left_of_vetoes_that_stand_in_a_node():
    """Many filters that fail of one text stand in a node by their vetoes alone."""
    index = FilterIndex(dict.fromkeys(range(100), "a!=x"))
    assert index.match({"a": "x"}) == []
    assert index.match({"a": "y"}) == list(range(100))
    for number in range(100):
        index.remove(number)
    assert index._root.is_empty()
