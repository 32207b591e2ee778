"""Blocks of what was read → which records match, many at once, and by several processes.

From low to high: `prefilter`, `record_types`, `lines_together` and `fields_together` are ways to
judge lines of JSON without making records of them, among which `scanner` chooses, as
`cells_together` and `cell_blocks` do for cells; `workers` are processes, among which `dealer`
deals: of files that only one can read for `dealt`, of lists of JSON for `list_pieces`, while
`ranges` has each read its own part of lines; `jobs` says how many; `line_scans` and `located` are
what others ask.
"""
