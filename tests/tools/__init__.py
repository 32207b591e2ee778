"""Scripts for who works on the library: `python -m tests.tools.NAME`, from the root of the project.

`write_…` writes what is derived from something else; a test says when that has to be done. The
others print figures.
"""
