"""What `check` shows for each case of `errors.json`, which `renderings.json` holds line by line.

`python -m tests.tools.write_renderings` writes it anew. Read what has changed before you keep it:
these are the words that people see, and a test can only say that they are the same as before.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import filterlang as fl
from filterlang.checking.clock import clock_at

FOLDER = Path(__file__).parents[2] / "grammar" / "vectors"
TARGET = Path(__file__).parents[1] / "checking" / "renderings.json"
NOW = datetime(2024, 1, 31, 12, 30, tzinfo=UTC)
LOOK_ALIKES = re.compile("[\uff01-\uff0f\uff1a-\uff20\u223c]")
"""What stands as escapes, for nobody could tell it from ASCII."""


def current():
    """Give the text of the file as it has to be."""
    corpus = json.loads((FOLDER / "errors.json").read_text(encoding="utf-8"))
    schemas = {name: fl.Schema.from_dict(data) for name, data in corpus["schemas"].items()}
    written = json.loads(TARGET.read_text(encoding="utf-8"))
    written["renderings"] = {
        case["name"]: shown(case, schemas).split("\n")
        for case in corpus["cases"]
        if "fixed" in case and case["diagnostics"] and not case["name"].startswith("pair-")
    }
    text = json.dumps(written, ensure_ascii=False, indent=2) + "\n"
    return LOOK_ALIKES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shown(case, schemas):
    """Give what is shown for a case."""
    options = {"max_length": case["max_length"]} if "max_length" in case else {}
    with clock_at(NOW):
        return fl.check(case["texts"], schemas.get(case.get("schema")), **options).render()


if __name__ == "__main__":
    TARGET.write_text(current(), encoding="utf-8")
