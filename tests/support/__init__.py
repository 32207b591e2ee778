"""What tests of several folders import, and all that draws what they ask about.

What only one folder asks for stands there beside its tests, named for what it holds: the corpora,
tables and servers of `tests/backends`, the clients of `tests/wire`. A script that people run is in
`tests/tools`, though tests may import it, too.
"""
