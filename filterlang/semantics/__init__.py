"""What values are to the language, and what clauses ask of them.

From low to high: `values` reads expressions and gives the texts of values, `wildcards` matches
patterns, `kinds` tells kinds of values and what they are compared by, `reading` says what a schema
does to a value before; `tests` states the meaning of each comparison, once; `paths` follows names
in records; `judge` is the plain judge: the rules, written to be read.
"""
