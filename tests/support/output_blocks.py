"""Output blocks of documents as Sybil examples: what the Python above them prints is compared.

A pair of blocks looks like this::

    ```python
    print(1 + 1)
    ```

    ```output
    2
    ```
"""

from __future__ import annotations

import difflib
import io
from typing import TYPE_CHECKING

from sybil.parsers.markdown import CodeBlockParser

if TYPE_CHECKING:
    from sybil import Example


class OutputBlockParser(CodeBlockParser):
    """Finds the ``output`` blocks of a Markdown document.

    While the examples of the document are evaluated, standard output must go to `printed`.
    """

    language = "output"

    def __init__(self) -> None:
        super().__init__()
        self.printed = io.StringIO()

    def take(self) -> str:
        """Return what was printed since the last call."""
        text = self.printed.getvalue()
        self.printed.seek(0)
        self.printed.truncate()
        return text

    def evaluate(self, example: Example) -> str | None:
        """Return how the output differs from what one block shows, or None."""
        shown, written = str(example.parsed), self.take()
        if shown == written:
            return None
        difference = difflib.unified_diff(
            shown.splitlines(),
            written.splitlines(),
            f"the document, line {example.line + 1}",
            "the output",
            lineterm="",
        )
        return "\n".join(difference)
