"""Servers of the tests' own, each in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

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


_MARIADB = [
    "--no-defaults",
    "--skip-networking",
    "--character-set-server=utf8mb4",
    # As ever, but that a row may have the number 0.
    "--sql-mode=STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO",
]
_SECONDS = 60
"""A server that takes longer to start or to stop is given up."""


@contextmanager
def mariadb():
    """Start a server of MariaDB, give the URL for SQLAlchemy, and stop the server again."""
    # Debian has the server where only root's PATH leads to.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    server = shutil.which("mariadbd", path=path)
    install = shutil.which("mariadb-install-db", path=path)
    if server is None or install is None:
        absent("needs a MariaDB server: apt-get install mariadb-server")
    # Short, because the path of a socket may have 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="filterlang-mariadb-"))
    socket, data, log = folder / "socket", folder / "data", folder / "log"
    user = ["--user=root"] if os.geteuid() == 0 else []
    made = [install, "--no-defaults", f"--datadir={data}", "--skip-test-db", *user]
    made.append("--auth-root-authentication-method=normal")
    try:
        with log.open("ab") as output:
            done = subprocess.run(made, stdout=output, stderr=output, cwd=folder, timeout=_SECONDS)
        if done.returncode != 0:
            absent(f"mariadb-install-db failed: {log.read_text(errors='replace')}")
        options = [f"--datadir={data}", f"--socket={socket}", f"--pid-file={folder / 'pid'}", *user]
        # As on a server that nobody set up, but for what makes it slower or larger.
        options += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M"]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [server, *_MARIADB, *options], stdout=output, stderr=output, cwd=folder
            )
        try:
            url = f"mariadb+pymysql://root@/?unix_socket={socket}&charset=utf8mb4"
            if not _answers(process, socket, url):
                absent(f"MariaDB doesn't start: {log.read_text(errors='replace')}")
            yield url.replace("@/?", "@/filterlang?")
        finally:
            process.terminate()
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(process, socket, url):
    """Wait until a server answers, and make the tests' database; False if it gives up."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        if socket.exists():
            engine = create_engine(url)
            try:
                with engine.connect() as connection:
                    connection.execute(text("CREATE DATABASE filterlang"))
                    return True
            except OperationalError:
                pass  # its socket is there before it listens
            finally:
                engine.dispose()
        time.sleep(0.05)
    return False
