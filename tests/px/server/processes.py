"""The command `filterlang serve` as a process of its own, which ends with the `with` statement."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import NamedTuple

EVERY_HOST = "0.0.0.0"  # noqa: S104 — it is asked about, and nothing is bound to it

TIMEOUT = 60
"""Seconds, after which a process is taken for hung."""


class Running(NamedTuple):
    process: subprocess.Popen
    url: str
    key: str


@contextmanager
def serving(*arguments, key="for-this-test", env=None):
    """Start the command on a free port, and wait until it says where it listens."""
    command = [sys.executable, "-m", "filterlang", "serve", "--port", "0", *arguments]
    if key is not None:
        command += ["--key", key]
    # A limit that holds even if the test is killed: the process would wait for requests for ever.
    limited = ["timeout", str(TIMEOUT), *command] if sys.platform == "linux" else command
    with subprocess.Popen(
        limited, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        try:
            line = process.stdout.readline()
            if made := re.fullmatch(r"X-APTRINSIC-API-KEY: (\S+)\n", line):
                key, line = made[1], process.stdout.readline()
            found = re.fullmatch(r"serving (http://\S+/v1)\n", line)
            assert found, line + process.stderr.read()
            yield Running(process, found[1], key)
        finally:
            process.terminate()
            process.communicate(timeout=TIMEOUT)
