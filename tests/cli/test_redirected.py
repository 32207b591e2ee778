"""A filter without quotes, of which the shell takes the `>`."""

import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("sh") is None, reason="there is no shell that redirects"
)


def in_shell(command, folder):
    """Run a line of a shell, in which `filterlang` is this one."""
    line = command.replace("filterlang", f"'{sys.executable}' -m filterlang")
    done = subprocess.run(
        ["sh", "-c", line], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


def told(file, meant):
    return (
        f"what is printed goes into the file '{file}': the shell took the '>' of the filter for "
        f"itself; put the filter between quotes: '{meant}'\n"
    )


@pytest.mark.parametrize(
    ("command", "file", "meant"),
    [
        ("filterlang check score>=80", "=80", "score>=80"),
        ("filterlang check score>80", "80", "score>80"),
        ("filterlang check score > -5", "-5", "score>-5"),
        ("filterlang check role==admin seen>=2024-01-01", "=2024-01-01", "seen>=2024-01-01"),
    ],
)
def test_the_screen_says_where_the_report_went(tmp_path, command, file, meant):
    assert in_shell(command, tmp_path) == (2, "", told(file, meant))
    assert (tmp_path / file).read_text().startswith("error[FL103]: expected an operator after ")


def test_records_to_match_are_not_looked_at(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"score": 90}\n')
    code, out, error = in_shell("filterlang match score>=80 x.jsonl", tmp_path)
    assert (code, out) == (2, "")
    assert error.startswith("error[FL103]: expected an operator after 'score', found the end of ")
    assert error.endswith(told("=80", "score>=80"))


@pytest.mark.parametrize(
    "command",
    [
        "filterlang check score > report.txt",
        "filterlang check 'score=80' > =80",
        "filterlang check score | cat > =80",
        "filterlang check score==80 > =80",
    ],
)
def test_what_somebody_meant_is_left_in_peace(tmp_path, command):
    code, out, error = in_shell(command, tmp_path)
    assert (code, out, error) == (0 if "|" in command or "==80" in command else 2, "", "")
