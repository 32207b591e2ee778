"""CSV, TSV and workbooks → rows of cells, with the names and the types of their columns.

From low to high: `dialects` says how cells are divided, `header_names` makes names of a first row,
`names_again`, `points_in_cells`, `odd_rows`, `unsaved_formulas` and `counted_cells` are for what is
odd in cells; `cell_types` types them by the first rows, which `cell_sample` keeps, `schema_cells`
by a schema; `delimited` and `sheets` read records, `plain_rows` finds the rows that need no care,
and `exact_numbers` keeps the digits of numbers.
"""
