"""What is looked for in several places: regular expressions, parts of them, and lists of words.

Some are compiled, and some are texts, of which modules make expressions of their own. Each takes
time linear in the clause.
"""

from __future__ import annotations

import re

from filterlang.syntax.escaping import NEVER_ALLOWED
from filterlang.syntax.operators import OPERATORS

# --- Operators ------------------------------------------------------------------------------------

ANY_OPERATOR = "|".join(map(re.escape, sorted(OPERATORS, key=len, reverse=True)))
OPERATOR = re.compile(ANY_OPERATOR)
"""An operator of this language, the longest one that stands at a place."""

OPERATOR_START = re.compile(r"[=!<>~]")
"""The first character of every operator."""

_AFTER_EQUALS = {spelling[1:2] for spelling in OPERATORS if spelling.startswith("=")}
ALONE = f"(?![{re.escape(''.join(sorted(_AFTER_EQUALS | set('~!<>'))))}])"
"""Behind a `=`: it is a single one, and no part of an operator."""

SINGLE_EQUALS = re.compile(f"(?<![=!<>~])={ALONE}")
"""A single `=`, which no sign of an operator stands before or behind."""

# --- Names and clauses ----------------------------------------------------------------------------

NAME_CHARACTER = r"[\w.$\-]"
"""What the names of other languages are made of; here nearly every character may be in one."""

NAME = rf"[^\W\d]{NAME_CHARACTER}*+"
"""A name of another language."""

WHOLE_NAME = re.compile(NAME)
"""Such a name, and nothing else."""

CLAUSE_START = rf" *+\(*+ *+{NAME_CHARACTER}++ *+[=!<>~]"
CLAUSE_AHEAD = re.compile(CLAUSE_START)
"""What looks like the start of one more clause, with parentheses before it."""

NEGATION_SIGNS = r"\-\u2212\u2013\u2014\u00ac"
"""Signs that negate a clause elsewhere; a `!` is an operator here."""

SEPARATORS_ALIKE = "\uff1b\u037e\ufe54\ufe14\u204f\u061b\uff0c\u3001"
"""Characters that look like the `;` between two clauses, or stand for it in other scripts, as two
commas do."""

# --- Characters -----------------------------------------------------------------------------------

FORBIDDEN = re.compile(NEVER_ALLOWED)
"""A character that no filter can hold."""

_INVISIBLE = "\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]++")
"""Characters that can't be seen, or that look like a space and are none."""

LINE_ENDS = "\n\r\v\f\x85"
BLANKS = "\t" + LINE_ENDS
"""What isn't a space, isn't allowed, and is removed safely around the parts of a clause."""

QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`"}
"""What opens a text elsewhere, and what closes it."""

BRACKETS = {"(": ")", "[": "]", "{": "}"}
"""What opens a list elsewhere, and what closes it."""

# --- Joins, values and parameters -----------------------------------------------------------------

JOINS = r"and|or|&&|\|\|"
"""What joins two clauses of words elsewhere; the grammar's own is a `;`."""

AND = frozenset({"and", "&&"})
"""Those of them that ask for both."""

AND_OR = "and|or|und|oder"
"""Words between two values of a list that is written as a sentence."""

NUMBER = r"-?[0-9]++(?:\.[0-9]++)?"
"""A number without exponent, as people write it."""

PLAIN_NUMBER = re.compile(NUMBER)
"""Such a number, and nothing else."""

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
"""What looks like a date, whether or not the calendar has it."""

FILTER_KEY = r"\$?filters?(?:\[[0-9]*\])?"
"""The key of the parameter of a query string that holds a filter."""

OTHER_KEYS = r"pageSize|scrollId|sort|page|limit|offset"
"""The keys of the parameters that a filter is sent with."""

TIMES_ENCODED = 3
"""So often text is decoded; what is encoded more often isn't looked for."""

_PER_CENT = f"%(?:25){{0,{TIMES_ENCODED - 1}}}"
_ENCODED_OPERATOR = re.compile(f"{_PER_CENT}(?:3D|21|3C|3E|7E)", re.IGNORECASE)

ENCODED_PART = re.compile(f"{_PER_CENT}(?:3D|21|3C|3E|7E|3B)", re.IGNORECASE)
"""An operator or a separator that is percent-encoded."""


def is_encoded_clause(text: str) -> bool:
    """Return whether a text has no operator before it is decoded, up to three times.

    Every time more would be one more round over the text.
    """
    return OPERATOR_START.search(text) is None and _ENCODED_OPERATOR.search(text) is not None
