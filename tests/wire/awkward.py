"""Filters that a careless client, server or join of strings would change on the way."""

from __future__ import annotations

import filterlang as fl
from filterlang.syntax.transport import MAX_QUERY_LENGTH

LONG = 15_000
"""Characters of an encoded query that many servers refuse; uvicorn takes up to 16 KiB with it."""


def _equal(*expressions):
    """Give the set of filters that asks for one of these values."""
    return fl.FilterSet(fl.Filter([fl.Clause("name", "==", text)]) for text in expressions)


def _filled(length):
    """Give as many filters as fill an encoded query of at most `length` characters."""
    expressions = [f"{number:03} " + "Ærø %3D; " * 12 for number in range(100)]
    one = fl.to_query(_equal(expressions[0]))
    return _equal(*expressions[: (length + 1) // (len(one) + 1)])


AWKWARD = {
    # --- Every operator ---
    "every operator": fl.parse("a==1;b!=2;c<3;d<=4;e>5;f>=6;g~h*;i!~j?"),
    "like as it was written in 2019": fl.parse("email=@*@example.com"),
    **{f"operator {one.name}": fl.parse(f"score{one}10") for one in fl.Operator},
    # --- What an empty expression and an empty set become ---
    "no filter at all": fl.FilterSet(),
    "empty": fl.parse("name=="),
    "not empty": fl.parse("name!="),
    "empty in the middle": fl.parse("name==;email!=;score>1"),
    # --- What has a meaning in a query string ---
    "ampersand": _equal("AT&T"),
    "ampersand and a key": _equal("x&filter=y==z&pageSize=1"),
    "plus": _equal("C++ + C"),
    "equals": _equal("a=b==c===d"),
    "equals at both ends": _equal("=a="),
    "number sign": _equal("#1 of all"),
    "question mark": _equal("who? what?"),
    "slashes": _equal("https://example.com/a/../b//c?d=e#f"),
    "semicolon": _equal("a;b;;c;"),
    "a key after a semicolon": _equal("a;filter=b==c"),
    # --- What looks encoded, and must not be decoded once more ---
    "percent": _equal("%"),
    "percent of": _equal("100% of 50%"),
    "encoded equals": _equal("%3D"),
    "encoded percent": _equal("%253D"),
    "encoded NUL and line ends": _equal("%00%0D%0A"),
    "encoded invalid UTF-8": _equal("%FF%C3%28"),
    "an HTML entity": _equal("&amp;&#61;&lt;"),
    # --- What the language escapes ---
    "lone comma": _equal(","),
    "comma": _equal("Smith, John"),
    "commas only": _equal(",,,"),
    "backslash": _equal("C:\\new\\table"),
    "backslash at the end": _equal("a\\"),
    "backslashes before what is escaped": _equal("\\,\\;\\*\\?\\ \\="),
    "wildcards": fl.parse(r"title~*of?sales*;title!~\*\?\\*"),
    "stars as they stand": _equal("*?*"),
    "operators as they stand": _equal("a<b>c!d~e", "<=", "!~", "=@"),
    # --- What is trimmed or folded ---
    "spaces at the ends": _equal("  a  b  "),
    "a lone space": _equal(" "),
    "no-break and ideographic spaces": _equal("\u00a0a\u3000"),
    "spaces in a name": fl.parse("custom Attributes.my plan==x"),
    # --- Quotes and brackets ---
    "quotes": _equal('O\'Brien "Bob" `x` ’'),
    "brackets": _equal("{a}[b](c)<d>|e^f$g@h:i"),
    # --- Far letters ---
    "umlauts": _equal("Ärger in Öhringen, Straße, 5 €"),
    "dotted and final letters": _equal("İıΣςσſ"),
    "a combining accent": _equal("ae\u0301", "\u00e9", "\u0301"),
    "astral": _equal("😀𐐀", "👨‍👩‍👧"),
    "right to left": _equal("שלום \u200f\u200b"),
    "a mark of byte order": _equal("\ufeffa"),
    "the last code points": _equal("\uffff\U0010ffff"),
    "a name of far letters": fl.parse("customAttributes.größe😀==x"),
    "a name of what query strings mean": fl.parse("a&b.c+d.%3D.#.'\"@==x"),
    # --- Dots that paths lose ---
    "dots": _equal("..", "../..", "."),
    # --- Several filters ---
    "several": fl.parse(["location.countryCode==US;score>=10", "countryCode==UK", "id==3"]),
    "one filter twice": fl.parse([r"name==Smith\, John"] * 2),
    "an order that isn't that of the alphabet": fl.parse(["z==1", "a==2", "m==3", "a==1"]),
    "one is empty": fl.parse(["name==", "name==x"]),
    "every ASCII character": _equal("".join(map(chr, range(0x20, 0x7F)))),
    # --- Long ones ---
    "as long as split_by_length allows": _filled(MAX_QUERY_LENGTH),
    "a long expression": _equal("Ärger & Co. " * 300),
    "too long for many servers": _filled(LONG),
}
"""What is awkward about it → the filters."""
