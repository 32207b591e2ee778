"""What is legal and probably a mistake, in names, values and wildcards, and between clauses.

`likely_mistakes` has the table of those who look.
"""
