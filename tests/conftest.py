"""What all tests share: how hard the property tests try, and which tests are left to CI."""

import gc

from hypothesis import HealthCheck, Phase, settings

# Deadlines are off everywhere: the first example of a test may build the parser, and a loaded
# machine is slow for reasons that are not ours. What must be fast is measured by benchmarks.
# A run of all tests shall take a person's two cores less than two minutes; CI tries harder.
# Which parts of an example matter is not looked for: it takes far longer than finding it.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
settings.register_profile("default", deadline=None, max_examples=8, phases=PHASES)

# The same examples in every run, so that a change is judged by itself and not by its luck; new
# examples are found on the machines of developers, where each run draws its own.
settings.register_profile(
    "steady",
    parent=settings.get_profile("default"),
    max_examples=15,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", parent=settings.get_profile("steady"), max_examples=25)
# For a second look, on another Python.
settings.register_profile("light", parent=settings.get_profile("steady"), max_examples=8)

# `--hypothesis-profile=NAME` overrules this choice.
settings.load_profile("default")


def pytest_addoption(parser):
    parser.addoption(
        "--slow", action="store_true", help="run the tests marked slow, too, as CI does"
    )
    parser.addoption("--all", action="store_true", help="run all tests with all of their cases")


def pytest_collection():
    # What is collected lives to the end: to look through it for cycles, again and again, takes a
    # tenth of the time of a run.
    gc.disable()


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config, items):
    if config.getoption("--all"):
        return
    # As with `-m "not slow"`, which would keep a person from choosing by marks: left out of the
    # count, not skipped, since a skip says that something is missing.
    left = _beyond_samples(items, _IN_SLOW) | _marked(items, "exhaustive")
    if not config.getoption("--slow"):
        left |= _beyond_samples(items, _BY_DEFAULT) | _marked(items, "slow")
    elif config.pluginmanager.hasplugin("_cov"):
        # Where it is noted which lines are reached, a test takes three times as long; and further
        # cases of one test reach hardly any others.
        more = _beyond_samples(items, _BY_DEFAULT)
        for item in items:
            if id(item) in more:
                item.add_marker("no_cover")
    if left:
        config.hook.pytest_deselected(items=[item for item in items if id(item) in left])
        items[:] = [item for item in items if id(item) not in left]


def _marked(items, mark):
    return {id(item) for item in items if item.get_closest_marker(mark)}


_BY_DEFAULT, _IN_SLOW = 0, 1
"""Which argument of `sampled` says how many cases there are."""


def _beyond_samples(items, which):
    more = set()
    for cases in _sampled(items).values():
        numbers = cases[0].get_closest_marker("sampled").args
        if which >= len(numbers):
            continue
        most = numbers[which]
        chosen = {number * len(cases) // most for number in range(most)}
        more |= {id(case) for number, case in enumerate(cases) if number not in chosen}
    return more


def _sampled(items):
    """Group the cases of each test that is marked `sampled`, in their order."""
    cases = {}
    for item in items:
        if item.get_closest_marker("sampled"):
            cases.setdefault((item.path, item.originalname), []).append(item)
    return cases
