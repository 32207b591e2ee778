"""Write the corpus: drawn cases on which the plain judge and the second reader agree.

`python -m tests.tools.write_corpus` writes `grammar/corpus/corpus.jsonl.gz`, the same bytes at each
run, in about a minute. It needs Node.js. What the two disagree on is left out and told, and the
exit code is 1 then: it's a fault of the page, of the library or of the second reader.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
from pathlib import Path
from random import Random

import filterlang as fl
from filterlang.schema.binding import bind_all
from filterlang.semantics.judge import holds
from filterlang.testing.conformance import value_of
from filterlang.testing.conformance.program import Program
from filterlang.testing.conformance.questions import language_version
from tests.tools import draw_corpus as draw
from tests.tools.write_levels import requirements

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "grammar" / "corpus" / "corpus.jsonl.gz"
READER = ROOT / "tests" / "second_reader" / "reader.mjs"
SEED = 18
MOST_ALIKE = 0.6
"""No more than this part of the cases of one sort may have one outcome."""
MOST_DISPUTED = 1000
"""After so many nothing more is drawn."""


def plainly(filters, record, schema):
    """Return the verdict of the plain judge."""
    bound = [bind_all(filter_, schema) for filter_ in filters]
    return any(holds(clauses, record) for clauses in bound)


# --- One case of each sort: what is asked, and what is right by the library -----------------------


def text_case(random):
    asked = draw.text(random)
    try:
        return {"kind": "canonical", "text": asked, "canonical": str(fl.parse_filter(asked))}
    except fl.FilterError:
        return {"kind": "refused", "texts": [asked], "one": True, "invalid": True}


def query_case(random):
    asked = draw.query(random)
    try:
        return {"kind": "decode", "query": asked, "canonical": fl.unparse(fl.from_query(asked))}
    except fl.FilterError:
        return {"kind": "refused", "query": asked, "invalid": True}


def pair_case(random):
    record = draw.members(random)
    texts = draw.filters_about(random, record)
    if random.random() < 0.9:
        record = draw.without_others(record, texts)
    return _judged("match", texts, record, None)


def schema_case(random):
    record = draw.schema_record(random)
    texts = draw.filters_of_schema(random, record)
    return _judged("match_schema", texts, record, fl.Schema.from_dict(draw.SCHEMA))


def _judged(kind, texts, record, schema):
    try:
        filters = fl.parse(texts)
    except fl.FilterError:
        return None
    if not filters.filters:
        return None
    verdict = plainly(filters, value_of(record), schema)
    named = {} if schema is None else {"schema": "typed"}
    return {"kind": kind, "filters": texts, **named, "record": record, "matches": verdict}


def generator(seed, number):
    """Return what draws the cases of one sort."""
    return Random(f"{seed} {number}")  # noqa: S311 — it draws cases, not secrets


SORTS = {text_case: 20_000, query_case: 5_000, pair_case: 16_000, schema_case: 4_000}
"""How many cases there are of each sort."""


def outcome(case):
    """Return what about half of the cases shall have."""
    return case.get("matches", "invalid" in case)


# --- What the second reader says ------------------------------------------------------------------


def agrees(case, reader):
    """Return whether the second reader gives the same answer."""
    match case["kind"]:
        case "canonical":
            texts = {"kind": "refused", "texts": [case["text"]], "one": True}
            return (
                reader.ask(texts).get("invalid") is False
                and reader.ask({"kind": "canonical", "text": case["text"]}).get("canonical")
                == case["canonical"]
            )
        case "decode":
            answer = reader.ask({"kind": "decode", "query": case["query"]})
            return answer.get("canonical") == case["canonical"]
        case "refused":
            return reader.ask(case).get("invalid") is True
        case _:
            asked = case | ({"schema": draw.SCHEMA} if "schema" in case else {})
            return reader.ask(asked).get("matches") is case["matches"]


def drawn(make, count, random, reader):
    """Draw different cases on which both agree, and those on which they don't."""
    seen, kept, disputed = set(), [], []
    outcomes = {True: 0, False: 0}
    while len(kept) < count and len(disputed) < MOST_DISPUTED:
        case = make(random)
        key = None if case is None else json.dumps(case)
        if case is None or key in seen or outcomes[outcome(case)] >= count * MOST_ALIKE:
            continue
        seen.add(key)
        if not agrees(case, reader):
            disputed.append(case)
            continue
        outcomes[outcome(case)] += 1
        needed = requirements({"record": case.get("record"), **case}, {})
        if needed:
            case["requires"] = needed
        kept.append(case)
    return kept, disputed


def written(cases):
    """Return the corpus as the bytes of its file."""
    head = {
        "format": 2,
        "version": language_version(),
        "about": "Drawn cases on which two implementations agree: see ../vectors/README.md.",
        "seed": SEED,
        "schemas": {"typed": draw.SCHEMA},
    }
    lines = "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in [head, *cases])
    return gzip.compress(lines.encode("ascii"), compresslevel=9, mtime=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--share", type=float, default=1.0, help="of the cases; less isn't written")
    parser.add_argument("--seed", type=int, default=SEED, help="another one isn't written either")
    options = parser.parse_args()
    node = shutil.which("node")
    if node is None:
        sys.exit("node isn't installed: nobody but the library itself could judge the corpus")
    cases, disputed = [], []
    with Program([node, str(READER)], timeout=10) as reader:
        for number, (make, count) in enumerate(SORTS.items()):
            random = generator(options.seed, number)
            more, wrong = drawn(make, int(count * options.share), random, reader)
            cases += more
            disputed += wrong
    sys.stdout.writelines(json.dumps(case) + "\n" for case in disputed)
    sys.stdout.write(f"{len(cases)} cases, {len(disputed)} disputed\n")
    if options.share == 1 and options.seed == SEED:
        CORPUS.write_bytes(written(cases))
    return 1 if disputed else 0


if __name__ == "__main__":
    sys.exit(main())
