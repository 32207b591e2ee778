"""Texts, query strings, filters and records for the corpus, drawn by a seeded generator.

Each function takes a `random.Random` and draws one thing. About as much is meant to be refused as
to be accepted: half of what is drawn is damaged after it was drawn from the grammar.
"""

from __future__ import annotations

from urllib.parse import quote

OPERATORS = ["==", "!=", "~", "!~", "<", "<=", ">", ">=", "=@"]
NAMES = ["a", "score", "plan", "lastName", "location.city", "x.y.z", "customAttributes.seats",
         "größe", "名前", "naïve.ключ", "a-b", "$id", "first name", "A_1", "0", "a*b", "né?", "😀",
         "𐐀.𐐨", "filter", "a:b", "(a", "'a'", "a,b"]  # fmt: skip
WORDS = ["", "x", "Doe", "go", "10", "-3", "1.50", "1e3", "007", "true", "FALSE", "null",
         "2024-02-29", "2024-01-01T00:00:00Z", "1704067200000", "Straße", "İstanbul", "ΣΑΣ", "σας",
         "日本", "é", "e\u0301", "😀", "𐐀𐐨", "a b", "  ", "50%", "a=b", "==", "=x", "a&b", "#1",
         '"q"', "'s'", "(x)", "[1]", "<b>", "~", "!", "a/b", "http://x.org/?q=1", "+", "%3D",
         "&amp;", "\u00a0", "\u200b", "\ufeff", "\u3000", "x AND y==1", "a||b"]  # fmt: skip
ESCAPES = ["\\\\", "\\,", "\\;", "\\*", "\\?", "\\=", "\\ "]
WILDCARDS = ["*", "?", "**", "?*", "*?"]
SPACES = ["", "", "", "", " ", "  "]
BAD = ["\\n", "\\d", "\\", ",", ";", ";;", "=", "!", "\t", "\n", "\x00", "\x7f", "\x85", "=~", "=!",
       "=<", "=>", "!@", "===", "..", ".", " ", "\u00a0", "＝", "≥", "filter=", "%3D%3D", "==",
       "<>", "!!"]  # fmt: skip


def name(random):
    drawn = random.choice(NAMES)
    if random.random() < 0.1:
        drawn = f" {random.choice(SPACES)}.{random.choice(SPACES)}".join([drawn, "z"])
    return drawn


def expression(random, operator):
    """Draw an expression as it is written, which the grammar nearly always takes."""
    parts = []
    for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3, 5])):
        kind = random.random()
        if kind < 0.6:
            parts.append(random.choice(WORDS))
        elif kind < 0.75:
            parts.append(random.choice(ESCAPES))
        elif kind < (0.95 if "~" in operator or "@" in operator else 0.85):
            parts.append(random.choice(WILDCARDS))
        else:
            low, high = random.choice([(0x20, 0x7F), (0xA1, 0x250), (0x400, 0x460)])
            parts.append(chr(random.randrange(low, high)))
    return "".join(parts)


def clause(random):
    operator = random.choice(OPERATORS)
    space = [random.choice(SPACES) for _ in range(4)]
    written = expression(random, operator)
    return f"{space[0]}{name(random)}{space[1]}{operator}{space[2]}{written}{space[3]}"


def damaged(random, text, bad=BAD):
    """Delete, double, swap or put in a few characters."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        place = random.randint(0, len(text))
        before, at, after = text[:place], text[place : place + 1], text[place + 1 :]
        inserted = random.choice(bad)
        slips = [before + after, before + at + at + after, before + after[:1] + at + after[1:]]
        text = random.choice([*slips, before + inserted + at + after, before + inserted + after])
    return text


def text(random):
    """Draw a text that is a filter, or nearly one."""
    if random.random() < 0.03:
        return "".join(
            random.choice([*BAD, *WORDS, *OPERATORS]) for _ in range(random.randint(0, 4))
        )
    drawn = ";".join(clause(random) for _ in range(random.choice([1, 1, 1, 2, 2, 3, 4])))
    drawn += random.choice(["", "", "", "", ";", "; "])
    return damaged(random, drawn) if random.random() < 0.45 else drawn


# --- Query strings --------------------------------------------------------------------------------

KEYS = ["filter"] * 24 + [
    "pageSize", "scrollId", "sort", "filterBy", "filter_name", "q", "Filter", "filters", "filter[]",
    "filter[0]", "filter[name]", "filter[a][eq]", "$filter", "fliter", "fiter", "filteer", "filtre",
    " filter", "filter ", "x;filter", "?filter", "filter.a", "FILTERS", "\tfilter", "score>", "a!",
    "page", "", "filt", "filterr", "filter=", "xfilter",
]  # fmt: skip
QUERY_BAD = ["%", "%zz", "%f", "%C0%AF", "%ED%A0%80", "%F5%80%80%80", "%F4%90%80%80", "%E2%82",
             "%80", "&", "=", "+", "?", "%26", "%3B", "%2B", "%25", "%00", ";", "#", "%253D",
             "&filter=", ";filter="]  # fmt: skip
PLAIN = ["25", "", "abc", "-score", "a=b", "=1", "x%20y", "%zz", "a;filter=b==1", "é"]


def encoded(random, piece):
    """Percent-encode a text as one of many clients does."""
    style = random.random()
    if style < 0.5:
        return quote(piece, safe="")
    if style < 0.7:
        return quote(piece, safe="=;!~*,.:/@").replace("%20", "+")
    if style < 0.8:
        return "".join(f"%{byte:02x}" for byte in piece.encode())
    return piece.replace("%", "%25").replace("&", "%26").replace("+", "%2B").replace("#", "%23")


def pair(random):
    key = random.choice(KEYS)
    if key != "filter":
        value = random.choice(PLAIN) if random.random() < 0.7 else encoded(random, clause(random))
        return (
            (key if random.random() < 0.5 else quote(key, safe=""))
            + random.choice(["=", "=", "="])
            + value
        )
    written = clause(random) if random.random() < 0.93 else text(random)
    key = key if random.random() < 0.93 else random.choice(["%66ilter", "filte%72", "f%69lter"])
    return f"{key}={encoded(random, written)}"


def query(random):
    """Draw a query string with filters, other parameters, and what goes wrong in them."""
    drawn = "&".join(pair(random) for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3])))
    drawn = (
        random.choice(["", "", "", "", "", "?"]) + drawn + random.choice(["", "", "", "&", "&&"])
    )
    if random.random() < 0.04:
        drawn = random.choice(["/v1/users?", "https://x.org/u?", "users?", "??"]) + drawn
    return damaged(random, drawn, QUERY_BAD) if random.random() < 0.25 else drawn


# --- Records, and filters about them --------------------------------------------------------------

FIELDS = ["a", "b", "c", "d"]
LETTERS = ["a", "b", "A", "ß", "SS", "İ", "i", "ı", "I", "Σ", "ς", "σ", "é", "E\u0301", "K",
           "\u212a", "😀", "𐐀", "𐐨", "ǅ", "ﬁ", " ", ",", ";", "*", "?", "\\", "=", "0",
           "7"]  # fmt: skip
TEXTS = ["", " ", "10", "10.0", "1e1", "true", "True", "2024-01-01", "abc", "ABC", "Doe", "doe",
         "*", "-0", "0"]  # fmt: skip
INTEGERS = [0, 1, -1, 5, 7, 9, 10, 11, 100, -20, 2**31, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 10**20,
            10**21, 10**21 + 1, 10**30, -(10**21), 1704067200000, 1704067200001]  # fmt: skip
DOUBLES = ["10.0", "0.1", "-0.0", "1.5", "5e-324", "1e21", "1e20", "123456789012345680000.0",
           "1e-7", "0.000001", "0.30000000000000004", "9007199254740992.0",
           "1.7976931348623157e308", "inf", "-inf", "nan", "-2.25"]  # fmt: skip
DECIMALS = ["10", "10.0", "1.50", "-0", "0.1", "1E+2", "1E-8", "0.30000000000000001", "NaN",
            "123456789012345678901234567890.5", "-7.25"]  # fmt: skip
DATES = ["2024-01-01", "2024-02-29", "0001-01-01", "9999-12-31", "1969-12-31", "1970-01-01",
         "0900-05-06"]  # fmt: skip
MOMENTS = ["2024-01-01T00:00:00", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00",
           "2023-12-31T23:59:59.999999", "1969-12-31T23:59:59.5Z", "0999-01-02T03:04:05",
           "2024-02-29T12:30:00.120000-05:30"]  # fmt: skip
UUIDS = ["12345678-1234-5678-1234-567812345678", "ABCDEF00-0000-4000-8000-00000000000a"]
EXPRESSIONS = [*TEXTS, *map(str, INTEGERS), "10.00", "1e21", "0.3", "0.30000000000000001", "1.50",
               "1.5", "+5", ".5", "007", "-0.0", "1e-7", "1E2", "1e400", "-1e400", "inf", "NaN",
               "FALSE", "false", "2024-01-01T00:00Z", "2024-01-01T00:00:00.0000009Z",
               "2024-01-01T05:30:00+05:30", "-1", "-500", "2023-12-31", "1969-12-31T23:59:59.5Z",
               "2024-13-01", "2024-01-01T24:00:00Z", "2024-01-01 00:00:00", "24-01-01",
               "10000-01-01", "12345678-1234-5678-1234-567812345678", "12345678*", "2024*", "*Z",
               "*-29*", "9007199254740993.0", "5e-324", "null", "b", "c"]  # fmt: skip


def word(random):
    if random.random() < 0.4:
        return random.choice(TEXTS)
    return "".join(random.choice(LETTERS) for _ in range(random.randint(1, 4)))


def typed(kind, value):
    return {"$type": kind, "value": value}


def number(random):
    """Draw an integer, as itself where every reader of JSON keeps it."""
    drawn = random.choice(INTEGERS) if random.random() < 0.6 else random.randint(-30, 30)
    return drawn if abs(drawn) < 2**53 else typed("int", str(drawn))


def scalar(random):
    kind = random.random()
    if kind < 0.3:
        return word(random)
    if kind < 0.5:
        return number(random)
    if kind < 0.6:
        return typed("float", random.choice(DOUBLES))
    if kind < 0.66:
        return random.choice([True, False])
    if kind < 0.72:
        return None
    if kind < 0.79:
        return typed("decimal", random.choice(DECIMALS))
    if kind < 0.85:
        return typed("date", random.choice(DATES))
    if kind < 0.93:
        return typed("datetime", random.choice(MOMENTS))
    if kind < 0.96:
        return typed("uuid", random.choice(UUIDS))
    if kind < 0.98:
        return typed("enum", random.choice(["LEAD", "abc", 10]))
    return typed("bytes", "YWJj")


def value(random, depth=0):
    kind = random.random()
    if depth == 3 or kind < 0.5 + depth * 0.1:
        return scalar(random)
    count = random.choice([0, 1, 2, 2, 3])
    if kind < 0.7:
        return [members(random, depth + 1) for _ in range(count)]
    if kind < 0.82:
        return [value(random, depth + 1) for _ in range(count)]
    return members(random, depth + 1)


def members(random, depth=0):
    record = {field: value(random, depth) for field in FIELDS if random.random() < 0.6}
    if random.random() < 0.1:
        record[".".join(random.sample(FIELDS, 2))] = value(random, depth)
    return typed("object", record) if depth and random.random() < 0.04 else record


def escaped(written):
    """Write a value as an expression that means it, whatever the operator."""
    made = "".join("\\" + one if one in "\\,;*?" else one for one in written)
    if made.startswith("="):
        made = "\\" + made
    if made.endswith(" "):
        made = made[:-1] + "\\ "
    return "\\" + made if made.startswith(" ") else made


def leaves(data, path=()):
    """Walk through the names that lead somewhere in a record, each with what stands there."""
    if isinstance(data, list):
        for element in data:
            yield from leaves(element, path)
    elif isinstance(data, dict) and (data.get("$type") == "object" or "$type" not in data):
        for key, inner in (data["value"] if "$type" in data else data).items():
            yield from leaves(inner, (*path, key))
    elif path:
        yield ".".join(path), data


def about(random, found):
    """Draw an expression that has to do with a value: itself, nearly itself, or anything."""
    if isinstance(found, dict):
        found = found["value"]
    if isinstance(found, bool):
        found = str(found).lower()
    written = "" if found is None else str(found)
    kind = random.random()
    if kind < 0.45:
        return escaped(written)
    if kind < 0.55:
        return escaped(random.choice([written.upper(), written.lower(), written.swapcase()]))
    if kind < 0.75 and written:
        cut = random.randint(0, len(written))
        before, from_there, behind = map(
            escaped, (written[:cut], written[cut:], written[cut + 1 :])
        )
        runs = [f"{before}*", f"*{from_there}", f"{before}*{behind}", escaped(written) + "*"]
        return random.choice([*runs, f"{before}?{behind}", escaped(written[:-1])])
    return (
        escaped(random.choice(EXPRESSIONS)) if random.random() < 0.7 else random.choice(EXPRESSIONS)
    )


def clause_about(random, known):
    if known and random.random() < 0.85:
        name, found = random.choice(known)
        written = about(random, found)
    else:
        name = ".".join(random.choice(FIELDS) for _ in range(random.choice([1, 1, 2, 3])))
        written = random.choice(EXPRESSIONS)
    if not written.strip(" "):
        return f"{name}{random.choice(['==', '!='])}"
    return f"{name}{random.choice(OPERATORS)}{written}"


def filters_about(random, record):
    """Draw the texts of filters about a record; most often one of one or two clauses.

    In a third of the cases all are about one part of it, so that lists of objects make groups.
    """
    known = list(leaves(record))
    if known and random.random() < 0.35:
        part = random.choice(known)[0].partition(".")[0]
        known = [one for one in known if one[0].partition(".")[0] == part]
    return [
        ";".join(clause_about(random, known) for _ in range(random.choice([1, 1, 1, 2, 2, 3])))
        for _ in range(random.choice([1, 1, 1, 1, 2]))
    ]


# --- With a schema --------------------------------------------------------------------------------

SCHEMA = {
    "dimensions": {
        "t": "text",
        "i": "integer",
        "n": "number",
        "b": "boolean",
        "d": "datetime",
        "e": {"type": "enum", "values": ["LEAD", "USER"]},
        "ns": "list of number",
        "ds": "list of datetime",
        "v": {"type": "list of object", "fields": {"i": "integer", "d": "datetime", "t": "text"}},
        "m": "map",
    },
    "aliases": {"points": "i", "seen": "v.d"},
    "open": True,
}
SCHEMA_TEXTS = [*TEXTS, "1", "0", "yes", "TRUE", "1.50", "1e3", "+5", "007", " 10",
                "2024-01-01 00:00:00", "2024-01-01t00:00:00z", "2024-01-01T00:00:00+0100",
                "2024-01-01T00:00:00+01", "2024-01-01 00:00:00 UTC",
                "2024-01-01T00:00:00,123456789Z", "1704067200000", "LEAD", "lead",
                "9007199254740993", "2024-1-1", "10000-01-01T00:00:00Z"]  # fmt: skip


def schema_value(random):
    return random.choice(SCHEMA_TEXTS) if random.random() < 0.5 else scalar(random)


def schema_record(random):
    record = {
        key: schema_value(random) for key in ("t", "i", "n", "b", "d", "e") if random.random() < 0.6
    }
    for key in ("ns", "ds"):
        if random.random() < 0.4:
            record[key] = [schema_value(random) for _ in range(random.choice([0, 1, 2, 3]))]
    if random.random() < 0.5:
        record["v"] = [
            {key: schema_value(random) for key in ("i", "d", "t") if random.random() < 0.7}
            for _ in range(random.choice([0, 1, 2]))
        ]
    if random.random() < 0.3:
        record["m"] = {key: schema_value(random) for key in ("x", "y")}
    return record


def filters_of_schema(random, record):
    """Draw filters as `filters_about` does; aliases stand for some of the names."""
    texts = filters_about(random, record)
    if random.random() < 0.2:
        texts = [
            ";".join(
                "points" + one[1:]
                if one[:2] in {"i=", "i!", "i<", "i>", "i~"}
                else one.replace("v.d", "seen", 1)
                for one in written.split(";")
            )
            for written in texts
        ]
    return texts


def without_others(record, texts):
    """Return a record without the fields that no filter speaks of."""
    return {
        field: inner
        for field, inner in record.items()
        if any(";" + field.partition(".")[0] in ";" + written for written in texts)
    }
