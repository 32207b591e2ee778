"""Laws of matching: the docstring of a test is the law that it holds the library to."""

from __future__ import annotations

import copy
import pickle
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang import Clause, Filter, FilterSet, Pattern, Wildcard
from filterlang.semantics.tests import fragments_of
from filterlang.semantics.values import fold, is_list
from filterlang.semantics.wildcards import Wildcards
from filterlang.testing import LeftOut, evaluators
from tests.support import oracle, records
from tests.support.hostile import HOSTILE
from tests.support.verdicts import verdict, verdicts

EVALUATORS = [one for one in evaluators() if not one.requires]
# Records and filters about them are large, and their strategies slow for that reason only.
large = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def one(clause: Clause) -> FilterSet:
    return FilterSet([Filter([clause])])


# --- The oracle -----------------------------------------------------------------------------------


@large
@given(records.questions())
def test_the_oracle(question):
    """A matcher says what a naive transcription of the rules says: of a query, of each of its
    filters and of each of their clauses."""
    filters, record = question
    said = verdicts(filters, record)
    assert set(said.values()) == {oracle.matches(filters, record)}, said
    for filter_ in filters:
        for asked in (FilterSet([filter_]), *map(one, filter_)):
            assert fl.compile(asked)(record) is oracle.matches(asked, record)


@large
@given(records.questions())
def test_every_evaluator(question):
    """Whatever in the library gives verdicts says the same of a record that it can hold."""
    filters, record = question
    expected = oracle.matches(filters, record)
    for one in EVALUATORS:
        said = one.judge(filters, [record])
        assert isinstance(said, LeftOut) or said == [expected], (one.name, said)


@given(st.text(records.CHARACTERS + "ab", max_size=12), st.data())
def test_patterns(text, data):
    """A pattern matches a text exactly if the naive dynamic programme says so."""
    pattern = data.draw(records.patterns(text) | records.free_patterns)
    expected = oracle.glob_matches(pattern, fold(text))
    assert Wildcards(fragments_of(pattern)).matches(fold(text)) is expected
    assert verdict(one(Clause("a", "~", pattern)), {"a": text}) is expected


@given(
    st.lists(st.sampled_from([*Wildcard, Wildcard.RUN, "a", "b", "ab", "aab"]), min_size=1),
    st.text("ab", max_size=30),
)
def test_patterns_of_few_letters(parts, text):
    """It does so too where a literal could stand in many places."""
    pattern = Pattern.from_parts(parts)
    assert Wildcards(fragments_of(pattern)).matches(text) is oracle.glob_matches(pattern, text)


# --- Complements and combinations -----------------------------------------------------------------


@large
@given(records.records, st.data())
def test_complements(record, data):
    """A filter of one `!=` clause is the complement of the one with `==`, and `!~` of `~`."""
    clause = data.draw(records.clauses(records.names_in(record)))
    complement = clause.operator.complement
    if complement is not None:
        other = Clause(clause.name, complement, clause.expression)
        assert fl.matches(one(other), record) is not fl.matches(one(clause), record)


@large
@given(records.records, st.data())
def test_order_and_equality(record, data):
    """For one value, `<=` is `<` or `==`, `>=` is `>` or `==`, and no two of `<`, `==`, `>` hold;
    but truth values have no order."""
    scalar = data.draw(records.scalars)
    expressions = [text for text in records.spellings(scalar) if records.writable(text)]
    expression = data.draw(st.sampled_from([*expressions, *records.ODD_EXPRESSIONS]))
    if not expression:
        return
    holds = {
        operator: fl.matches(one(Clause("a", operator, expression)), {"a": scalar})
        for operator in ("==", "<", "<=", ">", ">=")
    }
    if isinstance(oracle.unwrapped(scalar), bool):
        assert not any(holds[operator] for operator in ("<", "<=", ">", ">="))
    elif not oracle.is_list(oracle.unwrapped(scalar)):
        assert holds["<="] is (holds["<"] or holds["=="])
        assert holds[">="] is (holds[">"] or holds["=="])
        assert holds["<"] + holds["=="] + holds[">"] <= 1


@large
@given(records.questions(), st.data())
def test_or(question, data):
    """A set matches exactly if one of its filters does, and `|` of two sets if one of them does."""
    filters, record = question
    others = data.draw(records.filters_for(record, most=2))
    each = [fl.matches(FilterSet([filter_]), record) for filter_ in (*filters, *others)]
    assert fl.matches(filters, record) is any(each[: len(filters)])
    assert fl.matches(filters | others, record) is any(each)


@large
@given(records.questions(), st.randoms(use_true_random=False))
def test_the_order_of_clauses_and_filters(question, random):
    """A verdict depends neither on the order of clauses nor on that of filters."""
    filters, record = question
    shuffled = [
        Filter(random.sample(filter_.clauses, len(filter_)))
        for filter_ in random.sample(filters.filters, len(filters))
    ]
    assert fl.matches(FilterSet(shuffled), record) is fl.matches(filters, record)


# --- Records that mean the same -------------------------------------------------------------------


def rebuilt(value: Any, on_dict: Any = dict, on_list: Any = list, each: Any = None) -> Any:
    """Make a plain record anew, with its dicts, lists or values changed."""
    if isinstance(value, dict):
        value = on_dict(
            {key: rebuilt(field, on_dict, on_list, each) for key, field in value.items()}
        )
    elif type(value) is list:
        value = on_list([rebuilt(element, on_dict, on_list, each) for element in value])
    return each(value) if each else value


@st.composite
def plain_questions(draw):
    record = draw(records.plain_records)
    return draw(records.filters_for(record)), record


@large
@given(plain_questions(), st.randoms(use_true_random=False))
def test_the_order_of_keys_and_elements(question, random):
    """A verdict depends neither on the order of a mapping's keys nor on that of a list's
    elements."""
    filters, record = question
    turned = rebuilt(
        record,
        on_dict=lambda fields: dict(random.sample(list(fields.items()), len(fields))),
        on_list=lambda elements: random.sample(elements, len(elements)),
    )
    assert verdict(filters, turned) is fl.matches(filters, record)


@large
@given(plain_questions())
def test_a_list_of_one(question):
    """A list with one element means what the element means, also where lists of them form groups,
    and so does a list that holds it twice, nested, and with nulls."""
    filters, record = question
    expected = fl.matches(filters, record)

    def wrapped(wrap: Any) -> dict[str, Any]:
        # The record itself is no list: in one every name would be missing.
        return {key: rebuilt(field, each=wrap) for key, field in record.items()}

    assert verdict(filters, wrapped(lambda value: [value])) is expected
    assert (
        verdict(filters, wrapped(lambda value: (None, [[value], value, float("nan")]))) is expected
    )


@large
@given(plain_questions())
def test_nulls_and_what_is_not_there(question):
    """A key whose value is null means what a key that is not there means."""
    filters, record = question

    def without_nulls(fields: dict[str, Any]) -> dict[str, Any]:
        return {key: field for key, field in fields.items() if not oracle.is_missing(field)}

    assert verdict(filters, rebuilt(record, on_dict=without_nulls)) is fl.matches(filters, record)


@large
@given(plain_questions())
def test_kinds_of_mappings_and_objects(question):
    """A mapping of another kind, or an object with attributes of the same names, gives the verdict
    of the dict."""
    filters, record = question
    expected = fl.matches(filters, record)
    for kind in (records.ReadOnly, records.Row):
        assert verdict(filters, rebuilt(record, on_dict=kind)) is expected
    if "_u" not in str(filters):
        made = rebuilt(record, on_dict=lambda fields: records.Fragile(**_but_c(fields)))
        plain = rebuilt(record, on_dict=_but_c)
        assert verdict(filters, made) is fl.matches(filters, plain)


def _but_c(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: field for key, field in fields.items() if key != "c"}


@large
@given(st.dictionaries(records.names, records.scalars, max_size=6), st.data())
def test_flattened_records(flat, data):
    """A flattened record gives the verdicts of the nested one, for the names of its values."""
    nested: dict[str, Any] = {}
    for name, value in sorted(flat.items()):
        *way, last = name.split(".")
        place = nested
        for segment in way:
            place = place.setdefault(segment, {})
            if not isinstance(place, dict):
                return  # a value stands where another name would have to go on
        if last in place:
            return
        place[last] = value
    for name, value in flat.items():
        clause = data.draw(records.clauses([(name, value)]))
        asked = one(Clause(name, clause.operator, clause.expression))
        assert verdict(asked, flat) is fl.matches(asked, nested)


@large
@given(st.lists(records.plain_records, max_size=4), st.data())
def test_groups(elements, data):
    """Over a list of objects, a filter with a positive clause matches if it matches one of the
    elements; one of negative clauses only, if each clause matches all of them."""
    clauses = data.draw(
        st.lists(records.clauses(records.names_in({"l": elements})), min_size=1, max_size=4)
    )
    through = [Clause("l." + clause.name.removeprefix("l."), clause.operator, clause.expression)
               for clause in clauses]  # fmt: skip
    filters = FilterSet([Filter(through)])
    here = [{"l": element} for element in elements]
    if not elements:
        expected = fl.matches(filters, {})
    elif all(clause.operator.negative for clause in through):
        expected = all(fl.matches(one(clause), record) for clause in through for record in here)
    else:
        expected = any(fl.matches(filters, record) for record in here)
    assert verdict(filters, {"l": elements}) is expected


@given(records.texts, st.data())
def test_case(text, data):
    """A verdict depends on a text only by its folding, and so it does on an expression."""
    clause = data.draw(records.clauses([("a", text)]))
    clause = Clause("a", clause.operator, clause.expression)
    expected = fl.matches(one(clause), {"a": text})
    assert fl.matches(one(clause), {"a": fold(text)}) is expected
    if isinstance(clause.expression, Pattern):
        folded: Any = Pattern.from_parts(
            part if isinstance(part, Wildcard) else fold(part) for part in clause.expression.parts
        )
    else:
        folded = fold(clause.expression)
    assert fl.matches(one(Clause("a", clause.operator, folded)), {"a": text}) is expected


@given(records.texts.filter(records.writable), st.sampled_from(["==", "!=", "~", "!~"]))
def test_escaped_text_means_itself(text, operator):
    """`escape(text)` matches the text, after `==` and after `~`, in any case."""
    if not text:
        return
    filters = fl.parse(f"a{operator}{fl.escape(text)}")
    assert fl.matches(filters, {"a": text}) is not operator.startswith("!")
    assert fl.matches(filters, {"a": fold(text)}) is not operator.startswith("!")


# --- Nothing raises, nothing changes --------------------------------------------------------------


class Called(str):
    """The name of a hostile value, which stands for it while Hypothesis has it in its hands."""

    __slots__ = ()


def with_hostile_values(value: Any) -> Any:
    if isinstance(value, Called):
        return HOSTILE[value]()
    if isinstance(value, dict):
        return {key: with_hostile_values(field) for key, field in value.items()}
    return list(map(with_hostile_values, value)) if type(value) is list else value


hostile = st.sampled_from([Called(name) for name in HOSTILE])
hostile_records = st.recursive(
    hostile | records.known_scalars,
    lambda values: st.dictionaries(records.keys, values, max_size=4) | st.lists(values, max_size=3),
    max_leaves=6,
)


@large
@given(hostile_records, records.filters_for({"a": 1, "b": ["a"], "c": {"a": [{"b": True}]}}))
def test_no_record_raises(record, filters):
    """No content of a record makes a matcher raise, nor its explanation, nor the text of that; and
    all of them agree."""
    verdict(filters, with_hostile_values(record))


@large
@given(plain_questions())
def test_matching_changes_nothing(question):
    """Neither matching nor explaining changes a record, and one that makes up what is looked up in
    it has no more than what it holds."""
    filters, record = question

    def eager(fields: dict[str, Any]) -> defaultdict[str, str]:
        return defaultdict(lambda: "made up", fields)

    made = rebuilt(record, on_dict=eager)
    assert verdict(filters, made) is fl.matches(filters, record)
    assert rebuilt(made) == rebuilt(rebuilt(record, on_dict=eager)) or _has_nan(record)
    assert repr(made.keys()) == repr(record.keys())


def _has_nan(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_nan, value.values()))
    if is_list(value):
        return any(map(_has_nan, value))
    return not oracle.is_list(value) and oracle.is_missing(value)


# --- Matchers -------------------------------------------------------------------------------------


@large
@given(records.questions(), st.lists(records.records, max_size=3))
def test_filter(question, others):
    """`matcher.filter(records)` gives the records for which the matcher says yes, in their order,
    from a list as from any other iterable."""
    filters, record = question
    matcher = fl.compile(filters)
    many = [record, *others, None, record]
    chosen = [id(each) for each in many if matcher(each)]
    assert [id(each) for each in matcher.filter(many)] == chosen
    assert [id(each) for each in matcher.filter(iter(many))] == chosen


@large
@given(records.questions())
def test_copies(question):
    """A matcher that was copied, pickled or made of the filters' text has the same filters and
    gives the same verdicts."""
    filters, record = question
    matcher = fl.compile(filters)
    pickled = pickle.loads(pickle.dumps(matcher))
    parsed = fl.compile(fl.unparse(filters))
    for other in (pickled, parsed, copy.copy(matcher), copy.deepcopy(matcher)):
        assert other.filters == matcher.filters
        assert other(record) is matcher(record)


@large
@given(records.questions())
def test_explanations(question):
    """An explanation matches as the matcher does, so does each of its filters, its clauses are the
    filters', and what decided bears the verdict."""
    filters, record = question
    explanation = fl.compile(filters).explain(record)
    assert explanation.matched is fl.matches(filters, record)
    for each, filter_ in zip(explanation.filters, filters, strict=True):
        assert each.filter == filter_
        assert each.matched is fl.matches(FilterSet([filter_]), record)
        clauses = [clause for verdict in each.verdicts for clause in verdict.clauses]
        assert sorted(map(str, clauses)) == sorted(map(str, filter_))
    assert all(verdict.matched is explanation.matched for verdict in explanation.decisive)
    assert explanation.decisive
    lines = str(explanation).split("\n")
    assert lines[0] == ("match" if explanation.matched else "no match")
    assert sum(line.startswith("filter ") for line in lines) == len(filters)


# --- Values of a known type -----------------------------------------------------------------------

TYPES = ["text", "integer", "number", "boolean", "datetime"]


@large
@given(records.questions(), st.dictionaries(records.names, st.sampled_from(TYPES), max_size=6))
def test_schemas(question, types):
    """With a schema, too, all that judge records agree, and `!=` and `!~` are complements."""
    filters, record = question
    leaves = {name: type_ for name, type_ in types.items() if not name.startswith("_u")}
    schema = fl.Schema(leaves, is_open=True)
    verdict(filters, record, schema)
    for filter_ in filters:
        for clause in filter_:
            complement = clause.operator.complement
            if complement is not None:
                other = Clause(clause.name, complement, clause.expression)
                assert verdict(one(clause), record, schema) is not verdict(
                    one(other), record, schema
                )


@pytest.mark.parametrize("type_", TYPES)
@given(records.scalars, st.data())
def test_reading_what_is_of_its_type_changes_nothing(type_, value, data):
    """A schema makes no difference to text that it says is text, nor to numbers, truth values and
    dates that it says are."""
    native = {"text": str, "integer": int, "number": (int, float), "boolean": bool}.get(type_)
    plain = oracle.unwrapped(value)
    if native is None or not isinstance(plain, native):
        return
    clause = data.draw(records.clauses([("a", value)]))
    asked = one(Clause("a", clause.operator, clause.expression))
    schema = fl.Schema({"a": type_})
    assert verdict(asked, {"a": value}, schema) is fl.matches(asked, {"a": value})
