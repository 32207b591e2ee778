"""What records hold: schemas, what they are made from, and clauses bound to them.

From low to high: `dimension` is what filters may ask of one name; `shapes` is what `classes`,
`json_schema` and `samples` make schemas from; `schema` holds the names, and `binding` makes of a
clause and a schema a bound clause: its name resolved, and how its values are read.
"""
