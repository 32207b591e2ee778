"""What follows from filters, whatever the record.

From low to high: `boundary_values` are a few values that stand for all, `implication` proves what
follows, `counterexamples` finds records that refute it, and `simplify` has the public answers.
"""
