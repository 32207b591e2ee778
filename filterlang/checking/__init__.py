"""Reading what people type: mistakes, doubts, what a schema says, and completion.

From low to high: `lexis` has the shared expressions and word lists, `contradictions` looks at
clauses together, `precedence` says which diagnostics absorb which; then come the rooms
`meant_values` and `other_notations`, on which three stand that say what is wrong with a clause:
`grammar_errors` (what the grammar refuses), `doubts` (what is legal and probably a mistake) and
`schema_misfits` (what a schema refuses), each with a table of those who look. `soundness` keeps
fixes from making a text worse, `examine` does all of this for a text; `parse` and `parse_query`
are the public readers, `report` is `check`, and `completion` offers what can be written next.
"""
