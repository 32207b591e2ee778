"""Schemathesis, with our filters, finds nothing outside of the OpenAPI document, and no fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from filterlang.testing import local_server
from tests.support.engines import absent

ROOT = Path(__file__).parents[3]
SCHEMATHESIS = "schemathesis==4.32.5"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance,negative_data_rejection"
)
WITH_RECORDS = {"users", "accounts", "events/custom"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment of its own: plug-ins for pytest would change all tests."""
    folder = tmp_path_factory.mktemp("schemathesis")
    python = folder / "venv" / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(python), "-m", "pip", "install", "--quiet", SCHEMATHESIS, "lark>=1.2,<2"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode:
            why = done.stderr[-2000:]
            message = f"{SCHEMATHESIS} can't be installed, so nothing was tried:\n{why}"
            warnings.warn(message, pytest.PytestWarning, stacklevel=1)
            absent(message)
    return folder / "venv" / "bin"


@pytest.mark.slow
@pytest.mark.filterwarnings("default::pytest.PytestWarning")  # shown at the end, if it is absent
@pytest.mark.parametrize(("phase", "mode"), [("coverage", "all"), ("fuzzing", "positive")])
def test_everything_that_is_answered_stands_in_the_document(environment, tmp_path, phase, mode):
    answers = tmp_path / "answers.jsonl"
    with local_server(on_port=True) as server:
        done = subprocess.run(
            [
                str(environment / "schemathesis"),
                "run",
                server.url.replace("/v1", "/openapi.json"),
                "--url",
                server.url.removesuffix("/v1"),
                "--header",
                f"X-APTRINSIC-API-KEY: {server.key}",
                "--phases",
                phase,
                "--mode",
                mode,
                "--max-examples",
                "40",
                "--seed",
                "1",
                "--checks",
                CHECKS,
                "--no-color",
            ],
            capture_output=True,
            text=True,
            timeout=400,
            cwd=tmp_path,
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
                "SCHEMATHESIS_HOOKS": "tests.px.server.schemathesis_hooks",
                "FILTERLANG_ANSWERS": str(answers),
            },
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert max(request.status for request in server.requests) < 500
    found = [json.loads(line) for line in answers.read_text().splitlines()]
    if phase == "coverage":
        return  # it tries what is said of each parameter, one by one
    lists = [one for one in found if one[0] in WITH_RECORDS]
    good = [one for one in lists if one[1] == 200 and one[2] > 0]
    assert len(lists) > 100
    assert len(good) >= 0.3 * len(lists), f"{len(good)} of {len(lists)}"
