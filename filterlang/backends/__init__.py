"""Filters on other engines than this library's own matcher.

From low to high: `used_names` says which parts of a record filters look at, `arrow_values` makes
Python values of Arrow columns; `plan` says what an engine is asked, whichever it is; `frames` and
`sql` write plans for data frames and databases, and `files` reads and writes files, which it may
ask `frames` to judge.
"""
