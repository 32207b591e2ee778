"""Reading what people type: mistakes, doubts, what a schema says, and completion.

From low to high: `lexis` has the shared expressions and word lists; functions by family say what
is wrong with a clause, and stand in the tables of `syntax_errors` (what the grammar refuses),
`likely_mistakes` (what is legal and probably a mistake) and `misfits` (what a schema refuses);
`contradictions` looks at clauses together, `precedence` says which diagnostics absorb which,
`soundness` keeps fixes from making a text worse. `examine` does all of this for a text; `parse`
and `parse_query` are the public readers, `report` is `check`, and `completion` offers what can be
written next.
"""
