"""The corpus of drawn cases: the library answers as it did when two readers agreed on them."""

from __future__ import annotations

import gzip
import io
import json
from itertools import islice
from pathlib import Path

import pytest

from filterlang.testing.conformance import own_answers
from filterlang.testing.conformance.questions import corpus_questions, language_version
from tests.tools import write_corpus

CORPUS = Path(__file__).parents[1] / "grammar" / "corpus" / "corpus.jsonl.gz"
MOST_BYTES = 3_000_000


def is_right(question, answer):
    return all(holds(answer) for holds in question.expected.values())


def wrong(asked):
    """Give the questions that the library answers otherwise than the corpus, with its answers."""
    lines = io.StringIO()
    own_answers.answer((json.dumps(question.asked) for question in asked), lines)
    answers = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [
        (question.asked, answer)
        for question, answer in zip(asked, answers, strict=True)
        if not is_right(question, answer)
    ]


@pytest.fixture(scope="module")
def cases():
    return list(corpus_questions(CORPUS))


@pytest.mark.parametrize(
    ("step", "count"),
    [(100, 450), pytest.param(5, 9000, marks=[pytest.mark.slow, pytest.mark.no_cover])],
)
def test_one_case_of_several_is_answered_as_it_was_agreed_on(tmp_path, step, count):
    sample = tmp_path / "sample.jsonl"
    with gzip.open(CORPUS, "rt", encoding="ascii") as lines:
        sample.write_text("".join(islice(lines, 0, None, step)), encoding="ascii")
    asked = list(corpus_questions(sample))
    assert len(asked) == count
    assert wrong(asked) == []


@pytest.mark.exhaustive
def test_every_case_is_answered_as_it_was_agreed_on(cases):
    assert wrong(cases) == []


def test_the_corpus_is_of_the_language_of_the_vectors_and_small():
    with gzip.open(CORPUS, "rt", encoding="ascii") as lines:
        head = json.loads(next(lines))
    assert (head["version"], head["seed"]) == (language_version(), write_corpus.SEED)
    assert CORPUS.stat().st_size < MOST_BYTES


@pytest.mark.slow
def test_there_are_as_many_cases_as_promised_and_of_both_outcomes(cases):
    counted = {}
    for question in cases:
        sort = question.kind
        if sort == "refused":
            sort += " query" if "query" in question.asked else " text"
        counted[sort] = counted.get(sort, 0) + 1
    texts = counted["canonical"] + counted["refused text"]
    queries = counted["decode"] + counted["refused query"]
    assert (texts, queries, counted["match"] + counted["match_schema"]) == (20_000, 5_000, 20_000)
    assert 0.4 <= counted["canonical"] / texts <= 0.6
    assert 0.4 <= counted["decode"] / queries <= 0.6
    held = [question for question in cases if question.kind.startswith("match")]
    matching = sum(is_right(question, {"matches": True}) for question in held)
    assert 0.4 <= matching / len(held) <= 0.6


class Agreeing:
    """A reader that answers every question as the library does."""

    def ask(self, question):
        answer = io.StringIO()
        try:
            own_answers.answer([json.dumps({"name": "x", **question})], answer)
        except ValueError as error:
            return {"error": str(error)}
        return json.loads(answer.getvalue())


@pytest.mark.slow
def test_the_cases_are_drawn_again_by_the_seed(cases):
    """What the second reader disagreed on is left out, so that nothing else is in between."""
    start = 0
    for number, (make, count) in enumerate(write_corpus.SORTS.items()):
        random = write_corpus.generator(write_corpus.SEED, number)
        # A part is drawn as the whole is, until one outcome has had its share.
        drawn, disputed = write_corpus.drawn(make, 40, random, Agreeing())
        assert disputed == []
        wanted = [question.asked for question in islice(cases, start, start + 60)]
        for case in drawn[:20]:
            asked = {
                key: value
                for key, value in case.items()
                if key not in {"canonical", "invalid", "matches", "requires"}
            }
            if "schema" in asked:
                asked["schema"] = write_corpus.draw.SCHEMA
            assert asked in [{k: v for k, v in one.items() if k != "name"} for one in wanted]
        start += count


class Contrary(Agreeing):
    """A reader that says the opposite."""

    def ask(self, question):
        answer = super().ask(question)
        if "matches" in answer:
            return {"matches": not answer["matches"]}
        return {"invalid": not answer.get("invalid")}


@pytest.mark.parametrize("make", write_corpus.SORTS, ids=lambda make: make.__name__)
def test_what_the_readers_disagree_on_is_no_case(make, monkeypatch):
    monkeypatch.setattr(write_corpus, "MOST_DISPUTED", 5)
    kept, disputed = write_corpus.drawn(make, 20, write_corpus.generator(1, 0), Contrary())
    assert (kept, len(disputed)) == ([], 5)
    assert write_corpus.drawn(make, 20, write_corpus.generator(1, 0), Agreeing())[1] == []
