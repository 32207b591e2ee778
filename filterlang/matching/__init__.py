"""Filters as fast functions of records.

From low to high: `python_source` writes the condition of bound clauses as Python, `codegen` makes
functions of it, `matcher` is the public object around them, with its explanations, and `index`
asks many saved filters at once.
"""
