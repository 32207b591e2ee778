"""Filters as fast functions of records.

From low to high: `python_source` writes as Python what bound clauses ask of values, `record_source`
the condition of a record, `codegen` makes functions of it, `matcher` is the public object around
them, with its explanations, and `index` asks many saved filters at once.
"""
