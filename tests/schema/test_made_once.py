"""What is made of schemas once."""

import filterlang as fl
from filterlang.schema.made_once import MOST_KEPT, MadeOnce


def test_of_one_schema_it_is_made_once():
    made = []
    names = MadeOnce(lambda schema: made.append(schema) or list(schema.walk()))
    schema, other = fl.Schema({"score": "integer"}), fl.Schema({"score": "integer"})
    first = names.of(schema)
    assert names.of(schema) is first
    assert names.of(other) is not first
    assert list(map(id, made)) == [id(schema), id(other)]


def test_it_is_kept_for_few_schemas_and_none_is_taken_for_another():
    numbers = MadeOnce(lambda schema: next(iter(schema.walk()))[0])
    for number in range(3 * MOST_KEPT + 1):
        # Each schema may be gone, and its identity taken, once nothing is kept of it.
        assert numbers.of(fl.Schema({f"n{number}": "text"})) == f"n{number}"
        assert len(numbers._kept) <= MOST_KEPT
