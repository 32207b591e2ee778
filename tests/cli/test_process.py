"""The command as a process: how it starts, its streams, its exit codes, its end."""

from __future__ import annotations

import gc
import gzip
import importlib
import io
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

import pytest

import filterlang
from filterlang import cli
from filterlang.cli import main
from tests.support.engines import need

from .conftest import COMMAND, INTERRUPTIBLE, TIMEOUT

USERS = Path(__file__).parents[2] / "docs" / "data" / "users.jsonl"
LINE = b'{"a": 1}\n'
NO_CLICK = (
    "filterlang: the command line needs click, which is not installed; "
    "run: pip install 'filterlang[cli]'\n"
)
FULL = Path("/dev/full")  # every write to it fails, as on a disk that is full
needs_a_full_disk = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


# --- Exit codes -----------------------------------------------------------------------------------


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("match", "a==1"), 0),
        (("match", "a==2"), 1),
        (("match", "a=2"), 2),
        (("match", "a==2", "-", "missing"), 3),
        (("match", "a==1", "-", "missing"), 3),
        (("match", "a=2", "missing"), 2),
        (("match", "a==1", "--nonsense"), 2),
        (("nonsense",), 2),
        (("encode", "a==1"), 0),
        (("fmt", "a=1"), 2),
        ((), 2),
    ],
)
def test_exit_codes(run_process, arguments, code):
    assert run_process(*arguments, stdin=LINE).code == code


def test_data_and_messages_stay_apart(run_process):
    stdin = b'{"name": "Zo\xc3\xab"}\n[]\n'
    # Data is UTF-8 also where the machine is set to something else.
    finished = run_process("match", "name==zoë", "x", "-", stdin=stdin, PYTHONIOENCODING="latin-1")
    assert finished == (
        3,
        '{"name": "Zoë"}\n',
        "x: no such file or directory\n<stdin>:2: expected a JSON object, found an array\n",
    )


def test_both_streams_into_one_keep_the_order(environment):
    finished = subprocess.run(
        [*COMMAND, "match", "a==1", "--explain"],
        input=LINE * 2,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        timeout=TIMEOUT,
    )
    explanation = b"<stdin>:%d: match\nfilter 1 matches: a==1\n  yes  a==1: 1\n"
    assert finished.stdout == explanation % 1 + LINE + explanation % 2 + LINE


def test_no_colour_in_pipes(run_process):
    assert "\x1b" not in run_process("match", "a=b").err


# --- Help and version -----------------------------------------------------------------------------


def test_version(run):
    assert run("--version") == (0, f"filterlang {filterlang.__version__}\n", "")


@pytest.mark.parametrize("command", [(), ("match",), ("encode",), ("decode",), ("fmt",)])
def test_help(run, command):
    finished = run(*command, "--help")
    assert (finished.code, finished.err) == (0, "")
    assert finished.out.startswith(" ".join(["Usage: filterlang", *command, "[OPTIONS]"]))
    assert run(*command, "-h") == finished


def test_without_a_command_the_help_goes_to_standard_error(run):
    assert run() == (2, "", run("--help").out)


def test_an_unknown_command(run):
    finished = run("mtch")
    assert (finished.code, finished.out) == (2, "")
    assert "No such command 'mtch'" in finished.err


def test_help_of_match_tells_what_a_person_must_know(run):
    text = " ".join(run("match", "--help").out.split())
    assert "The first argument is always the FILTER" in text
    assert "Only with --all is there no FILTER" in text
    assert "Blank lines are skipped" in text


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("match", "--help")])
def test_who_only_asks_does_not_wait_for_what_is_heavy(run_process, arguments):
    program = (
        "import sys; from filterlang.cli import main; main(); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    finished = run_process(*arguments, command=(sys.executable, "-c", program))
    loaded = set(finished.err.splitlines())
    assert "click" in loaded
    assert not loaded & {
        "lark",
        "rich",
        "gzip",
        "filterlang.syntax.parser",
        "filterlang.backends.files.json_records.lines",
    }


def test_matching_does_not_load_rich(run_process):
    program = (
        "import sys; from filterlang.cli import main; main(); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    finished = run_process("match", "a==1", stdin=LINE, command=(sys.executable, "-c", program))
    assert not set(finished.err.splitlines()) & {"lark", "rich"}


def test_the_shell_completes_commands(monkeypatch, capsys):
    monkeypatch.setenv("_FILTERLANG_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "filterlang ma")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 0
    assert capsys.readouterr().out == "plain,match\n"


def test_python_m(monkeypatch, capsys):
    importlib.import_module("filterlang.__main__")  # does nothing
    monkeypatch.setattr(sys, "argv", ["filterlang", "encode", "a==1"])
    monkeypatch.delitem(sys.modules, "filterlang.__main__")
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("filterlang", run_name="__main__")
    assert caught.value.code == 0
    assert capsys.readouterr() == ("filter=a%3D%3D1\n", "")


INTERRUPTED_AT = """
import runpy, signal, sys
class Interrupts:
    @staticmethod
    def find_spec(name, path, target=None):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupts)
{start}
"""


@pytest.mark.parametrize("module", ["filterlang.cli", "filterlang.cli.exits", "click"])
@pytest.mark.parametrize(
    "start",
    [
        "runpy.run_module('filterlang', run_name='__main__', alter_sys=True)",
        "from filterlang.__main__ import main; sys.exit(main())",
    ],
)
def test_ctrl_c_while_modules_are_loaded(run_process, module, start):
    """Most of the time of a short command goes by then."""
    code = INTERRUPTED_AT.format(module=module, start=start)
    command = (sys.executable, "-c", code)
    assert run_process("match", "a==1", command=command, stdin=LINE) == (130, "", "")


# --- Without click --------------------------------------------------------------------------------


def test_who_calls_the_command_keeps_the_thresholds_of_gc(monkeypatch):
    while_it_runs = []

    def end(*_):
        while_it_runs.append(gc.get_threshold())
        raise KeyboardInterrupt

    monkeypatch.setattr("filterlang.cli._run", end)
    before = gc.get_threshold()
    assert main(["--version"]) == 130
    assert while_it_runs != [before] == [gc.get_threshold()]


def test_what_is_left_at_the_end_is_not_looked_through_for_cycles(run_process):
    # What was registered first is called last. Python 3.12 starts with some objects frozen.
    program = (
        "import atexit, gc; frozen = gc.get_freeze_count();"
        "atexit.register(lambda: print(gc.get_freeze_count() > frozen));"
        "from filterlang.cli import main; main(['--version']);"
        "print(gc.get_freeze_count() == frozen)"
    )
    finished = run_process(command=[sys.executable, "-c", program])
    assert finished == (0, f"filterlang {filterlang.__version__}\nTrue\nTrue\n", "")


def test_without_click(run_process):
    program = (
        "import sys; sys.modules['click'] = None; from filterlang.cli import main; sys.exit(main())"
    )
    finished = run_process("--version", command=(sys.executable, "-c", program))
    assert finished == (2, "", NO_CLICK)


def test_without_click_in_this_process(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "click", None)
    assert run("--version") == (2, "", NO_CLICK)


def test_a_click_that_is_broken_is_another_matter(monkeypatch):
    class Broken:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "click":
                raise ModuleNotFoundError(name="something_else")

    monkeypatch.delitem(sys.modules, "click")
    monkeypatch.setattr(sys, "meta_path", [Broken, *sys.meta_path])
    with pytest.raises(ModuleNotFoundError):
        main(["--version"])


# --- Ends before the end --------------------------------------------------------------------------


def started(environment, *arguments, command=COMMAND):
    return subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_who_reads_has_seen_enough(environment, tmp_path, unbuffered):
    path = tmp_path / "long.jsonl"
    path.write_bytes(LINE * 100_000)
    variables = environment | {"PYTHONUNBUFFERED": unbuffered}
    with started(variables, "match", "a==1", str(path)) as process:
        assert process.stdout.readline() == LINE
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(TIMEOUT) == 141


def test_who_reads_messages_has_seen_enough(environment, tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"a": 2}\n' + b"7\n" * 100_000)
    with started(environment, "match", "a==1", str(path)) as process:
        assert process.stderr.readline().endswith(b":2: expected a JSON object, found a number\n")
        process.stderr.close()
        assert process.stdout.read() == b""
        assert process.wait(TIMEOUT) == 141


def test_ctrl_c(environment):
    with started(environment, "match", "a==1", command=INTERRUPTIBLE) as process:
        process.stdin.write(LINE)
        process.stdin.flush()
        # What was found is handed over before more is waited for.
        assert process.stdout.readline() == LINE
        process.send_signal(2)
        assert process.wait(TIMEOUT) == 130
        assert process.stdout.read() == process.stderr.read() == b""


def test_the_limit_ends_the_command_while_its_input_goes_on(environment):
    with started(environment, "match", "a==1", "--limit", "1") as process:
        process.stdin.write(LINE)
        process.stdin.flush()
        assert process.wait(TIMEOUT) == 0
        assert process.stdout.read() == LINE
        assert process.stderr.read() == b""


@needs_a_full_disk
@pytest.mark.parametrize("arguments", [("match", "a==1"), ("--help",), ("encode", "a==1")])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk(environment, arguments, unbuffered):
    with FULL.open("wb") as full:
        finished = subprocess.run(
            [*COMMAND, *arguments],
            input=LINE,
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment | {"PYTHONUNBUFFERED": unbuffered},
            timeout=TIMEOUT,
        )
    message = b"filterlang: the output can't be written: no space left on device\n"
    assert (finished.returncode, finished.stderr) == (3, message)


def test_unbuffered_output_is_complete(run_process):
    expected = run_process("match", "score>=50", str(USERS))
    assert expected.code == 0
    assert run_process("match", "score>=50", str(USERS), PYTHONUNBUFFERED="1") == expected


@pytest.mark.sampled(2)
@pytest.mark.skipif(os.name == "nt", reason="the shell of this system can't close a stream")
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("match a==1 - missing 2>&-", (3, LINE.decode(), "")),
        ("match a=1 2>&-", (2, "", "")),
        (
            "match a==1 >&-",
            (3, "", "filterlang: the output can't be written: standard output is closed\n"),
        ),
        ("match a==1 <&-", (3, "", "<stdin>: standard input is closed\n")),
        ("match a==1 >&- 2>&-", (3, "", "")),
    ],
)
def test_closed_streams(run_process, command, expected):
    shell = ("sh", "-c", f"exec '{sys.executable}' -m filterlang {command}")
    assert run_process(stdin=LINE, command=shell) == expected


@pytest.mark.sampled(6)
@needs_a_full_disk
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("match", "a=1"), 2),
        (("match", "a=1", "data.jsonl"), 2),
        (("match", "data.jsonl"), 2),
        (("match",), 2),
        (("match", "a==1", "--nonsense"), 2),
        (("nonsense",), 2),
        ((), 2),
        (("encode", "a=1"), 2),
        (("fmt", "a=1"), 2),
        (("decode", "filter=a=1"), 2),
        (("check", "a", "--fix"), 2),
        (("tag", "--filters", "missing"), 2),
        (("tag", "--filters", "bad.json"), 2),
        (("match", "a==1", "missing", "data.jsonl"), 3),
        (("match", "a==1", "data.jsonl"), 0),
        # What they say is lost.
        (("match", "a==1", "data.jsonl", "--summary"), 3),
        (("match", "a==null", "data.jsonl"), 3),
        (("check", "a=1", "--fix"), 3),
    ],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_messages_to_a_full_disk(environment, tmp_path, arguments, code, unbuffered):
    (tmp_path / "data.jsonl").write_bytes(LINE)
    (tmp_path / "bad.json").write_text('{"key": "a=1"}')
    with FULL.open("wb") as full:
        finished = subprocess.run(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=full,
            cwd=tmp_path,
            env=environment | {"PYTHONUNBUFFERED": unbuffered},
            timeout=TIMEOUT,
        )
    assert finished.returncode == code


@needs_a_full_disk
def test_data_and_messages_to_a_full_disk(environment):
    with FULL.open("wb") as full:
        finished = subprocess.run(
            [*COMMAND, "match", "a==1"],
            input=LINE,
            stdout=full,
            stderr=full,
            env=environment,
            timeout=TIMEOUT,
        )
    assert finished.returncode == 3


@needs_a_full_disk
def test_messages_to_a_full_disk_without_click(environment):
    program = (
        "import sys; sys.modules['click'] = None; from filterlang.cli import main; sys.exit(main())"
    )
    with FULL.open("wb") as full:
        finished = subprocess.run(
            [sys.executable, "-c", program, "--version"],
            stderr=full,
            env=environment,
            timeout=TIMEOUT,
        )
    assert finished.returncode == 2


# --- Signals --------------------------------------------------------------------------------------

PROCESSES = Path("/proc")
has_processes = pytest.mark.skipif(
    not PROCESSES.joinpath("self", "stat").exists(), reason="this system doesn't list its processes"
)


def status_of(pid):
    """Give of a process its state, its parent, and when it began; None if it has ended."""
    try:
        text = PROCESSES.joinpath(str(pid), "stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    # Nobody may be there to ask a zombie for its exit code.
    return None if fields[0] in "ZX" else (fields[0], int(fields[1]), fields[19])


def children_of(pid):
    found = sorted(int(path.name) for path in PROCESSES.glob("[0-9]*"))
    return [child for child in found if (status := status_of(child)) and status[1] == pid]


def wait_until(holds):
    """Wait until it is so; give what it is."""
    end = monotonic() + TIMEOUT
    while not (found := holds()):
        assert monotonic() < end, "it has taken too long"
        sleep(0.02)
    return found


def write_large(path, *, is_packed=False):
    """Write a file of which several processes read much, and of which there is much to say."""
    good, bad = json.dumps({"a": 1, "t": "x" * 1000}), json.dumps(["y" * 1000])
    data = f"{good}\n{bad}\n".encode() * 6000
    # One process reads the beginning alone, in which there shouldn't be anything to say.
    before = f"{good}\n".encode() * 5000
    path.write_bytes(gzip.compress(before + data, 1) if is_packed else data)


def write_table(path):
    pyarrow = need("pyarrow", "files")
    need("pyarrow.parquet", "files").write_table(pyarrow.table({"a": [1] * 20_000}), path)


class Running:
    """The command while it waits, in the middle of its work, for who reads its messages."""

    def __init__(self, folder, environment, kind, command=INTERRUPTIBLE):
        self.folder = folder
        if kind != "parquet":
            write_large(folder / "in.jsonl", is_packed=kind == "gzip")
            # Of what is packed one of them unpacks, and looks at what the others have no time for.
            options = ["in.jsonl", "--jobs", "3" if kind == "gzip" else "2"]
        else:
            write_table(folder / "in.parquet")
            options = ["in.parquet", "--explain"]
        (folder / "out.jsonl").write_text("old")
        self.process = subprocess.Popen(
            [*command, "match", "a==1", *options, "--output", "out.jsonl"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        self.workers = []
        self.begun = {}
        try:
            if kind != "parquet":
                self.workers = wait_until(self._both)
                self.begun = {pid: (status_of(pid) or [None])[-1] for pid in self.workers}
            wait_until(self._waits)
        except BaseException:
            self.end()
            raise

    def _both(self):
        found = children_of(self.process.pid)
        return found if len(found) == 2 else None

    def _waits(self):
        # It has begun to write what it found, and nothing moves any more.
        if not self.parts():
            return False
        seen = []
        for _ in range(10):
            with Path(f"/proc/{self.process.pid}/io").open() as file:
                seen.append(file.read())
            seen.append([(status_of(pid) or "R")[0] for pid in (self.process.pid, *self.workers)])
            sleep(0.02)
        return all("R" not in states for states in seen[1::2]) and len(set(seen[::2])) == 1

    def parts(self):
        return [path.name for path in self.folder.glob(".out.jsonl.*.part")]

    def finished(self):
        """Read what it says until nobody is left to say anything; give its exit code and that."""
        messages = self.process.communicate(timeout=TIMEOUT)[1].decode()
        return self.process.returncode, messages

    def left(self):
        return [pid for pid in (self.process.pid, *self.workers) if status_of(pid) is not None]

    def end(self):
        for pid in self.workers:
            # The number may be that of another process by now.
            if (status := status_of(pid)) and status[-1] == self.begun[pid]:
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.communicate(timeout=TIMEOUT)


@pytest.fixture
def start(tmp_path, environment):
    with ExitStack() as stack:

        def start(kind, **options):
            running = Running(tmp_path, environment, kind, **options)
            stack.callback(running.end)
            return running

        yield start


@pytest.mark.sampled(2)
@has_processes
@pytest.mark.parametrize("kind", ["jsonl", "gzip", "parquet"])
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", -15), ("SIGHUP", -1)])
def test_a_signal_leaves_nothing_behind(start, kind, name, code):
    running = start(kind)
    running.process.send_signal(getattr(signal, name))
    assert running.finished()[0] == code
    assert running.left() == running.parts() == []
    assert (running.folder / "out.jsonl").read_text() == "old"


@pytest.mark.sampled(1)
@has_processes
@pytest.mark.parametrize("kind", ["jsonl", "gzip", "parquet"])
def test_sigkill_leaves_no_process_behind(start, kind):
    running = start(kind)
    running.process.kill()
    # Who reads the messages comes to their end, which the processes hold open, too.
    assert running.finished()[0] == -9
    wait_until(lambda: not running.left())
    assert (running.folder / "out.jsonl").read_text() == "old"


@pytest.mark.sampled(1)
@has_processes
@pytest.mark.parametrize("kind", ["jsonl", "gzip"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_worker_that_is_killed(start, kind, which):
    running = start(kind)
    os.kill(running.workers[which], signal.SIGKILL)
    code, messages = running.finished()
    *_, fault, place, summary = messages.splitlines()
    assert code == 3
    assert fault.partition(" (read up to")[0] == (
        "in.jsonl: a worker process that read it ended too early (signal SIGKILL); try --jobs 1"
    )
    assert place == (
        "not all of the input could be read, so the output is called out.jsonl.partial"
    )
    assert re.fullmatch(r"read [\d,]+, matched [\d,]+, bad [\d,]+", summary)
    assert running.left() == running.parts() == []
    assert (running.folder / "out.jsonl").read_text() == "old"


@has_processes
def test_a_signal_that_comes_twice_and_to_all_processes(start):
    # `timeout` sends it so.
    running = start("jsonl")
    running.process.send_signal(signal.SIGTERM)
    os.killpg(running.process.pid, signal.SIGTERM)
    assert running.finished()[0] == -15
    assert running.left() == running.parts() == []


@has_processes
def test_nohup(start):
    running = start("jsonl", command=("nohup", *COMMAND))
    for pid in (running.process.pid, *running.workers):
        os.kill(pid, signal.SIGHUP)
    code, messages = running.finished()
    assert code == 3
    assert messages.endswith("read 6,000, matched 6,000, bad 6,000\n")
    assert (running.folder / "out.jsonl").read_text().count("\n") == 6000


LIBRARY = """
import sys, threading, time
from filterlang.backends.files import read
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
records = read("in.jsonl", "a==1", jobs=2, report=lambda _: None)
next(records)
print("ready", flush=True)
time.sleep(600)
"""


@pytest.mark.slow
@has_processes
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("threads", [True, False])
def test_a_program_that_reads_files_leaves_no_process_behind(
    environment, tmp_path, number, threads
):
    write_large(tmp_path / "in.jsonl")
    # Beside a thread, processes are spawned and not forked.
    program = LIBRARY if threads else LIBRARY.replace(".start()", "")
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        try:
            assert process.stdout.readline() == b"ready\n"
            workers = children_of(process.pid)
            assert len(workers) >= 2
        finally:
            process.send_signal(number)
        # Whoever is left holds these open.
        process.communicate(timeout=TIMEOUT)
        assert process.returncode == -number
        wait_until(lambda: not [pid for pid in workers if status_of(pid) is not None])


# --- Signals within this process ------------------------------------------------------------------


@pytest.fixture
def signals(monkeypatch):
    """The handlers, as if all were those of the system; and the signals that a process sent."""
    handlers = dict.fromkeys(signal.valid_signals(), signal.SIG_DFL)
    sent = []
    monkeypatch.setattr(signal, "getsignal", handlers.__getitem__)
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(signal, "raise_signal", sent.append)
    return handlers, sent


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_this_process(monkeypatch, signals, number):
    handlers, sent = signals
    cleaned = []

    def run(_):
        try:
            handlers[number](number, None)
        finally:
            # A second one doesn't disturb; nor does it where something else goes wrong meanwhile.
            handlers[signal.SIGTERM](signal.SIGTERM, None)
            try:
                Path("/no/such/file").stat()
            except OSError:
                handlers[number](number, None)
            cleaned.append(1)

    monkeypatch.setattr(cli, "_run", run)
    assert main([]) == 128 + number
    assert (cleaned, sent) == ([1], [number])
    assert set(handlers.values()) == {signal.SIG_DFL}


def test_a_signal_to_a_process_that_was_just_forked(monkeypatch, signals):
    handlers, sent = signals

    def run(_):
        monkeypatch.setattr(os, "getpid", lambda: -1)
        handlers[signal.SIGTERM](signal.SIGTERM, None)
        assert handlers[signal.SIGTERM] == signal.SIG_DFL
        return 0

    monkeypatch.setattr(cli, "_run", run)
    assert main([]) == 0
    assert sent == [signal.SIGTERM]


@pytest.mark.parametrize("action", [signal.SIG_IGN, lambda *_: None, None])
def test_handlers_of_others_are_left_alone(monkeypatch, signals, action):
    handlers, _ = signals
    handlers[signal.SIGHUP] = handlers[signal.SIGTERM] = action

    def run(_):
        assert handlers[signal.SIGHUP] == handlers[signal.SIGTERM] == action
        return 0

    monkeypatch.setattr(cli, "_run", run)
    assert main([]) == 0
    assert handlers[signal.SIGHUP] == handlers[signal.SIGTERM] == action


def test_outside_the_main_thread_there_are_no_handlers(monkeypatch, signals):
    handlers, _ = signals
    seen = []
    monkeypatch.setattr(cli, "_run", lambda _: seen.append(set(handlers.values())) or 0)
    thread = threading.Thread(target=main, args=([],))
    thread.start()
    thread.join(TIMEOUT)
    assert seen == [{signal.SIG_DFL}]


# --- The same within this process -----------------------------------------------------------------


@pytest.fixture
def closed_pipe():
    """A stream whose reader has gone."""
    with ExitStack() as stack:
        reader, writer = os.pipe()
        os.close(reader)
        yield stack.enter_context(os.fdopen(writer, "w"))


def test_ctrl_c_in_this_process(monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupt)
    monkeypatch.setattr(sys, "argv", ["filterlang"])
    assert main() == 130


@pytest.mark.parametrize("arguments", [("match", "a==1"), ("--help",)])
def test_a_closed_output_in_this_process(monkeypatch, capsys, tmp_path, closed_pipe, arguments):
    path = tmp_path / "data.jsonl"
    path.write_bytes(LINE)
    monkeypatch.setattr(sys, "stdout", closed_pipe)
    assert main([*arguments, str(path)]) == 141
    assert capsys.readouterr().err == ""


def test_a_closed_output_of_long_data_in_this_process(monkeypatch, tmp_path, closed_pipe):
    path = tmp_path / "data.jsonl"
    path.write_bytes(b'{"a": 1, "b": "%s"}\n' % (b"x" * 100_000))
    monkeypatch.setattr(sys, "stdout", closed_pipe)
    assert main(["match", "a==1", str(path)]) == 141


def test_closed_messages_in_this_process(monkeypatch, closed_pipe):
    monkeypatch.setattr(sys, "stderr", closed_pipe)
    assert main(["match", "a==1", "missing"]) == 141


@needs_a_full_disk
def test_a_full_disk_in_this_process(monkeypatch, capsys):
    with FULL.open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["encode", "a==1"]) == 3
    message = "filterlang: the output can't be written: no space left on device\n"
    assert capsys.readouterr().err == message


@needs_a_full_disk
@pytest.mark.parametrize("arguments", [("match", "a=1"), ("nonsense",)])
def test_messages_to_a_full_disk_in_this_process(monkeypatch, arguments):
    with FULL.open("w") as full:
        monkeypatch.setattr(sys, "stderr", full)
        assert main([*arguments]) == 2


def test_output_that_takes_little_at_a_time(run):
    class Small(io.BytesIO):
        def write(self, data):
            return super().write(data[:3])

    small = Small()
    stream = io.TextIOWrapper(small)
    assert run("match", "a==1", stdin=LINE * 2, stdout=stream) == (0, "", "")
    assert small.getvalue() == LINE * 2


def test_without_standard_streams_in_this_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["encode", "a==1"]) == 3
    message = "filterlang: the output can't be written: standard output is closed\n"
    assert capsys.readouterr().err == message
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["encode", "a==1"]) == 3
    assert main(["match", "a=1"]) == 2


def test_the_sample_data_is_read_to_its_end(run):
    finished = run("match", "--all", str(USERS))
    assert (finished.code, finished.err) == (0, "")
    assert finished.out == USERS.read_text(encoding="utf-8")
    assert len([json.loads(line) for line in finished.out.splitlines()]) == 400


# --- Schemas --------------------------------------------------------------------------------------


def test_a_schema_of_standard_input_and_of_a_gzipped_file(run_process, tmp_path):
    lines = b'{"a": 1, "in": {"b=": 2, "c": "x"}}\n'
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress(lines))
    piped = run_process("schema", "infer", stdin=lines)
    assert run_process("schema", "infer", str(path)) == piped
    assert piped.code == 0
    assert list(json.loads(piped.out)["dimensions"]["in"]["fields"]) == ["c"]
    assert piped.err == "no filter can name these keys, so they are left out: 'in.b='\n"
