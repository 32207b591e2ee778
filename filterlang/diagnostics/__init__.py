"""What is wrong, where, and what to write instead: all that people read.

From low to high: `messages` has the texts of all codes and `hints` those of special cases,
`diagnostic` has spans, fixes, diagnostics, the one function that makes foreign text showable and
the one that shows diagnostics, and `errors` has the exceptions that carry them. What is said where
a package is missing stands in `missing_packages`.
"""
