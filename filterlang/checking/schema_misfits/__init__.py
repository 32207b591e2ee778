"""What a schema refuses or doubts: names that it lacks, operators and values that don't fit.

`misfits` has the table of those who look, and `schema_errors` asks them about a whole filter.
"""
