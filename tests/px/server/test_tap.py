"""A program that nobody here wrote gets all records: the Singer tap of PyPI, `tap-gainsightpx`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections import Counter

import pytest

from filterlang.px.server.sample import sample_records
from filterlang.testing import local_server
from tests.support.engines import absent

TAP = "tap-gainsightpx==1.0.8"
PAGE_SIZE = 100
KEYS = {"users": "aptrinsicId", "accounts": "id", "custom_events": "eventId"}
PATHS = {"users": "/users", "accounts": "/accounts", "custom_events": "/events/custom"}
REQUESTS = {"users": 4, "accounts": 2, "custom_events": 12}
"""How many requests it takes at least to get all of it."""


@pytest.fixture(scope="module")
def tap(tmp_path_factory):
    """The tap in an environment of its own: it needs older releases than the tests do."""
    folder = tmp_path_factory.mktemp("tap")
    python = folder / "venv" / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(python), "-m", "pip", "install", "--quiet", TAP],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode:
            message = f"{TAP} can't be installed, so nothing was synced:\n{done.stderr[-2000:]}"
            warnings.warn(message, pytest.PytestWarning, stacklevel=1)
            absent(message)
    return folder / "venv" / "bin" / "tap-gainsightpx"


@pytest.mark.slow
@pytest.mark.filterwarnings("default::pytest.PytestWarning")  # shown at the end, if it is absent
@pytest.mark.parametrize(
    "behaviour",
    [{}, {"constant_scroll_id": True}, {"page_size_cap": 40, "short_pages": True}],
    ids=["as it is", "constant scrollId", "short pages"],
)
def test_the_tap_syncs_everything(tap, tmp_path, behaviour):
    with local_server(on_port=True, **behaviour) as server:
        config = tmp_path / "config.json"
        config.write_text(
            json.dumps(
                {
                    "api_url": server.url,
                    "api_key": server.key,
                    "page_size": PAGE_SIZE,
                    "start_date": "2024-01-01T00:00:00Z",
                    "end_date": "2024-07-01T00:00:00Z",
                }
            )
        )
        environment = {name: one for name, one in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [str(tap), "--config", str(config)],
            capture_output=True,
            text=True,
            timeout=300,
            env=environment,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        asked = Counter(request.path for request in server.requests)
        assert {request.status for request in server.requests} == {200}
    found = {stream: [] for stream in KEYS}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            found[message["stream"]].append(message["record"][KEYS[message["stream"]]])
    sample = sample_records()
    for stream, key in KEYS.items():
        expected = [one[key] for one in sample[PATHS[stream].removeprefix("/")]]
        assert sorted(found[stream]) == sorted(expected), stream
        assert asked[PATHS[stream]] >= REQUESTS[stream]
