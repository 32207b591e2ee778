"""One slip of the finger is shown where it happened, as `tests.tools.edit_locality` measures it."""

from __future__ import annotations

import pytest

from tests.tools.edit_locality import FILTERS, measured


@pytest.mark.slow
def test_a_slip_is_shown_where_it_happened():
    # A fifth of the filters that the command measures with takes a fifth of the time.
    figures = measured(count=FILTERS // 5)
    assert figures.edits.total() > 6_000
    assert figures.share >= 0.90
    # Silence alone would satisfy the law; what is said must be local just as often.
    assert figures.share_of_reports >= 0.90
