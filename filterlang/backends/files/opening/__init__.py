"""What a person names → bytes of UTF-8, block by block: files, folders, archives, other encodings.

From low to high: `unreadable` and `other_encodings` say what bytes are that hold no records here,
`zipped` and `compressions` unpack, `packed` words what fails in doing so, `inputs` reads by lines
and by blocks, `transcoded` and `spooled` are for what can't be read from its place; `sources`
expands names, with `hive` for the columns in those of folders, and `recognised` tells formats by
the first bytes.
"""
