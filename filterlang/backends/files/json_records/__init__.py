"""JSON of any shape → lines of it, one record a line, each with its place.

From low to high: `near_json` and `json_lines` say what is no JSON, `lines` reads one line,
`json_text` takes values of any size out of a text, which `read_again` reads where a place has to
be told, and `json_lists` many elements of a list; `answers`, `envelopes` and `json_tables` know
objects that hold records; `json_shape` puts these together, and `scans` are what others find in
the lines.
"""
