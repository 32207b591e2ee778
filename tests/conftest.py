"""What all tests share: how hard the property tests try."""

import os

from hypothesis import HealthCheck, settings

# Deadlines are off everywhere: the first example of a test may build the parser, and a loaded
# machine is slow for reasons that are not ours. What must be fast is measured by benchmarks.
settings.register_profile("default", deadline=None)

# The same examples in every run, so that a change is judged by itself and not by its luck; new
# examples are found on the machines of developers, where each run draws its own.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", parent=settings.get_profile("steady"), max_examples=200)

# `--hypothesis-profile=NAME` overrules this choice.
settings.load_profile("ci" if os.environ.get("CI") else "default")
