"""Which mends are safe: by the closed list of `grammar/tables.json`, which is shown on a page.

A fix is safe only if the text can't have meant anything else in any language that people come from.
A safe mend may still be only suggested, where its place holds more than the list allows for; one
that is suggested here is never safe.
"""

from __future__ import annotations

from filterlang.checking.closed_tables import mends


def is_safe(mend: str) -> bool:
    """Return whether a mend may be made unasked.

    Example:
        >>> is_safe("less or equal"), is_safe("negation")
        (True, False)
    """
    return mends()[mend].is_safe
