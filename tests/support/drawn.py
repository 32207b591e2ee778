"""What only these tests draw; `filterlang.testing` has what all people can use."""

from __future__ import annotations

from hypothesis import strategies as st

from filterlang.testing import clauses, filter_sets, filters
from filterlang.testing.drawn_filters import NASTY

nodes = clauses() | filters() | filter_sets()

texts = st.text() | st.text(st.sampled_from(NASTY + "\t\n\x00\x85\ud800\udfff"), max_size=20)
"""Any text, controls and surrogates included."""
