"""Lines of JSON that are read one by one, whatever reads many of them at once."""

from __future__ import annotations

from filterlang.backends.files.json_records.lines import BadRecordError, read_record


def single(lines):
    """Return the records of lines that are read one by one; None if one of them isn't one."""
    try:
        found = [read_record(line) for line in lines]
    except BadRecordError:
        return None
    return None if None in found else found
