"""Filters and how columns are stored: what an engine is asked, whichever it is.

From low to high: `storage` describes columns, `spellings` and `exactness` help to be exact,
`conditions` are what engines are asked, total and typed; `comparisons` makes them of the tests of
bound clauses, and `planner` follows names through columns and says what can't be pushed down.
"""
