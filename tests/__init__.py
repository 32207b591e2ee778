"""The tests, in folders named as what they test.

What is in `filterlang/schema/dimension.py` is tested in `tests/schema/test_dimension.py`, and so in
every room of the package. What holds of the package as a whole is tested right here. Besides:

- `property`: laws that hold of whatever is drawn, each of several rooms at once
- `architecture`: what holds of the source, so that a change of it isn't forgotten somewhere
- `docs`: the documents, whose examples are run
- `wire`: filters sent by clients that people use, to servers that they use
- `typed`, `sample_sdk`: code as users write it, for type checkers before all
- `benchmarks`: how fast all this is; nothing there is collected
- `support`: what the tests import
- `tools`: what people run, and tests only hold to its word
"""
