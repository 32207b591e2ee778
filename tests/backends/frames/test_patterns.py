"""The regular expressions that engines are given."""

from __future__ import annotations

import re

import pytest

from filterlang import Pattern
from filterlang.backends.frames.regular_expressions import atomic_regex
from filterlang.semantics.tests import fragments_of
from tests.support.attacks import weakness


@pytest.mark.parametrize("text", ["a*b*c*d", "*a*a*a*", "*a?a*", "*?a*b", "a*a*a*a*a"])
def test_engines_that_go_back_take_linear_time(text):
    # Python writes the end in another way than Java.
    expression = atomic_regex(fragments_of(Pattern(text))).replace(r"\z", r"\Z")
    assert weakness(re.compile(expression), "search") is None
