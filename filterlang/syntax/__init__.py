"""The written form: text, query strings and JSON, each the exact inverse of another.

From low to high: `operators` is the one table of operators, `escaping` says what characters may
stand where; `nodes` has clauses, filters and filter sets, which print themselves; `split` finds
where clauses stand in any text, `parser` reads valid ones by a scanner (`_scanner`) or Lark
(`_grammar`), `query` splits and joins query strings, `json_form` is the form as JSON data, and
`transport` keeps queries short enough for URLs. What is wrong with a text is found in `checking`.
"""
