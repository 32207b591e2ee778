"""A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.support.engines import absent


def _programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if on_path is not None:
        found.append(Path(on_path).resolve())
    return found[-1].parent if found else None


@contextmanager
def postgresql():
    """Start a server, give the URL for SQLAlchemy, and stop the server again."""
    programs = _programs()
    if programs is None:
        absent("needs a PostgreSQL server: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="filterlang-pg-"))
    # The server refuses to run as root, which continuous integration often is.
    is_root = os.geteuid() == 0
    way = ["runuser", "-u", "postgres", "--"] if is_root else []
    if is_root:
        shutil.chown(folder, "postgres")

    def run(program, *arguments):
        command = [*way, str(programs / program), "-D", str(folder / "data"), *arguments]
        with (folder / f"{program}.out").open("ab") as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd=folder, timeout=60)
        return done.returncode == 0

    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        if not run("initdb", "-N", "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "postgres"):
            absent(f"PostgreSQL's initdb failed: {(folder / 'initdb.out').read_text()}")
        started = run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        if not started:
            absent(f"PostgreSQL doesn't start: {(folder / 'pg_ctl.out').read_text()}")
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
