"""`filterlang serve`: files, databases, keys, and what it refuses to do."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal

import httpx
import pytest

from filterlang.cli import main
from filterlang.cli.serve import sources_of, url_of
from tests.px.server.processes import EVERY_HOST, serving

HEADER = "X-APTRINSIC-API-KEY"
FOR_EVERYBODY = (
    f"the host {EVERY_HOST} can be reached from other machines, so give a key: --key, --key-file or"
    " FILTERLANG_KEYS"
)
WHICH_LIST = (
    "which list does 'views.jsonl' belong to? Write LIST=FILE; the lists are users, accounts,"
    " survey/responses, events/custom, events/email, events/engagementView, events/feature_match,"
    " events/formSubmit, events/identify, events/lead, events/pageView, events/segment_match,"
    " events/session, segment, feature, engagement, articles, kcbot"
)


def get(running, path, **params):
    answer = httpx.get(running.url + path, headers={HEADER: running.key}, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def write(path, *records):
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return str(path)


@pytest.fixture
def refused(capfd, monkeypatch):
    """Run the command where it is to end at once; return its exit code and what it says."""
    monkeypatch.delenv("FILTERLANG_KEYS", raising=False)

    def never(app, listening):
        pytest.fail("it was to be refused, and not to be served")

    monkeypatch.setattr("filterlang.px.server.running.run", never)

    def refused(*arguments):
        code = main(["serve", "--port", "0", *arguments])
        return int(code), capfd.readouterr().err

    return refused


@pytest.mark.slow
def test_without_files_the_sample_data_is_served_with_a_key_that_is_made():
    with serving(key=None) as running:
        assert len(running.key) == 32
        assert get(running, "/users", filter="score>=99")["totalHits"] == 8
        assert get(running, "/events/custom")["totalHits"] == 11
        assert httpx.get(running.url + "/users").status_code == 401
        running.process.terminate()
        out, err = running.process.communicate(timeout=30)
    assert (out, running.key in err) == ("", False)
    assert err.startswith(
        "loaded 400 of users, 120 of accounts, 1,250 of events/custom\n"
        "these are the sample data, whose last day is 30 June 2024\n"
    )


@pytest.mark.slow
def test_files_are_served_as_the_lists_that_they_name(tmp_path):
    users = write(tmp_path / "users.jsonl", {"identifyId": "a", "score": 1})
    csv = tmp_path / "accounts.csv"
    csv.write_text("id,name,sicCode,numberOfEmployees\n7,X,0111,12\n")
    views = write(tmp_path / "views.jsonl", {"eventId": "e", "path": "/a", "date": 5})
    key_file = tmp_path / "keys"
    key_file.write_text("reads-only:read\n")
    files = (users, str(csv), f"events/pageView={views}")
    with serving(
        *files, "--key-file", str(key_file), env=os.environ | {"FILTERLANG_KEYS": "by-variable"}
    ) as running:
        assert get(running, "/users", filter="score==1")["totalHits"] == 1
        (account,) = get(running, "/accounts", filter="numberOfEmployees>=12")["accounts"]
        assert account == {"id": 7, "name": "X", "sicCode": "0111", "numberOfEmployees": 12}
        assert get(running, "/accounts/7") == account
        assert get(running, "/events/pageView", filter="path~/*;date>=0;date<9")["totalHits"] == 1
        for key in ("reads-only", "by-variable"):
            assert get(running._replace(key=key), "/users")["totalHits"] == 1
        refused = httpx.delete(running.url + "/users/a", headers={HEADER: "reads-only"})
        assert refused.status_code == 403


@pytest.mark.slow
def test_a_database_is_kept_unless_it_is_to_be_replaced(tmp_path):
    first = write(tmp_path / "users.jsonl", {"identifyId": "a"}, {"identifyId": "b"})
    db = str(tmp_path / "x.db")
    with serving(first, "--db", db) as running:
        httpx.delete(running.url + "/users/a", headers={HEADER: running.key})
        page = get(running, "/users", pageSize=1)
    with serving(first, "--db", db) as running:
        assert get(running, "/users")["totalHits"] == 1
        # A walk goes on after a restart.
        assert get(running, "/users", scrollId=page["scrollId"])["users"] == []
        running.process.send_signal(signal.SIGTERM)
        err = running.process.communicate(timeout=30)[1]
    assert err.startswith("the database is kept as it is; --replace loads the files into it\n")
    with serving(first, "--db", db, "--replace") as running:
        assert get(running, "/users")["totalHits"] == 2
    with serving("--db", db) as running:
        assert get(running, "/users")["totalHits"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--host", EVERY_HOST),
            FOR_EVERYBODY,
        ),
        (("--key", "short"), "expected a key of 8 or more visible ASCII characters"),
        (("--key-file", "nothing"), "the file of keys can't be read: no such file or directory"),
        (
            ("--rate", "nan"),
            "rate: expected a number above 0, found nan; leave it out for any number",
        ),
        (("users=",), "no file stands behind 'users='; write LIST=FILE"),
        (("--max-url", "0"), "Invalid value for '--max-url': 0 is not in the range x>=1."),
        (("--rate", "0"), "Invalid value for '--rate': 0.0 is not in the range x>0."),
        (
            ("views.jsonl",),
            WHICH_LIST,
        ),
    ],
)  # fmt: skip
def test_wrong_usage_is_refused(refused, arguments, message):
    code, err = refused(*arguments)
    assert (code, err.splitlines()[-1]) == (2, f"Error: {message}")


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([{"name": "x"}], "record 1 of users has no text as 'identifyId', which is its key"),
        ([{"identifyId": "a"}, {"identifyId": "a"}], "two records of users have one key: 'a'"),
        (
            [{"identifyId": "a\0"}],
            "record 1 of users has a key that databases don't hold: 'a\\x00'",
        ),
    ],
)  # fmt: skip
def test_records_that_cant_be_served_are_refused(refused, tmp_path, records, message):
    code, err = refused(write(tmp_path / "users.jsonl", *records))
    assert (code, err) == (3, f"{message}\n")


def test_nothing_is_loaded_of_a_file_that_cant_be_read_whole(refused, tmp_path):
    path = tmp_path / "users.jsonl"
    path.write_text('{"identifyId": "a"}\n{"identifyId"\n')
    db = tmp_path / "x.db"
    code, err = refused(str(path), "--db", str(db))
    assert (code, err.splitlines()[-1]) == (3, "nothing is loaded, since files can't be read whole")
    code, err = refused(str(tmp_path / "missing" / "users.jsonl"), "--db", str(db))
    assert (code, err.splitlines()[-1]) == (3, "nothing is loaded, since files can't be read whole")


def test_a_database_of_somebody_else_is_left_alone(refused, tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "theirs.db") as theirs:
        theirs.execute("CREATE TABLE users (mine)")
    theirs.close()
    for more in ((), ("--replace",)):
        code, err = refused("--db", str(tmp_path / "theirs.db"), *more)
        expected = "the database has tables of somebody else: users; name another database\n"
        assert (code, err) == (3, expected)
    (tmp_path / "text.db").write_text(
        "no database at all, but a longer text than its header is\n" * 40
    )
    code, err = refused("--db", str(tmp_path / "text.db"))
    assert (code, err) == (3, "the database can't be opened: file is not a database\n")
    code, err = refused("--db", "oracle://x/y")
    assert code == 3


def test_a_port_that_is_taken_is_told(refused):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, err = refused("--port", str(port))
    assert (code, err) == (3, f"can't listen on 127.0.0.1, port {port}: address already in use\n")


def test_the_lists_of_files():
    names = ["users.csv.gz", "d/Accounts.jsonl", "events_pageview.jsonl", "custom_events.jsonl",
             "events-session.jsonl", "segments.json", "/users=x", "users=a=b"]  # fmt: skip
    assert sources_of(names) == {
        "users": ["users.csv.gz", "x", "a=b"],
        "accounts": ["d/Accounts.jsonl"],
        "events/pageView": ["events_pageview.jsonl"],
        "events/custom": ["custom_events.jsonl"],
        "events/session": ["events-session.jsonl"],
        "segment": ["segments.json"],
    }
    assert url_of("a/b.db") == "sqlite:///a/b.db"


@pytest.fixture
def started(capfd, monkeypatch):
    """Run the command in this process, ask its application something, and let it end."""

    def started(*arguments, path="/v1/users"):
        answers = []

        def answer(app, listening):
            async def ask():
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(transport=transport) as client:
                    out = capfd.readouterr().out.splitlines()
                    key = out[0].removeprefix(f"{HEADER}: ") if len(out) > 1 else "for-this-test"
                    url = out[-1].removeprefix("serving ").replace("/v1", path)
                    answers.append(await client.get(url, headers={HEADER: key}))

            asyncio.run(ask())

        monkeypatch.setattr("filterlang.px.server.running.run", answer)
        logger = logging.getLogger("filterlang.px.server")
        handlers = [*logger.handlers]
        try:
            code = main(["serve", "--port", "0", *arguments])
        finally:
            logger.handlers[:] = handlers
            logger.setLevel(logging.NOTSET)
        (answer,) = answers
        return int(code), answer.json(), capfd.readouterr().err

    return started


def test_the_sample_data_is_served(started):
    code, page, err = started(path="/v1/events/custom")
    assert (code, page["totalHits"]) == (0, 11)
    assert "GET '/v1/events/custom' 200" in err


def test_a_database_is_filled_once(started, tmp_path):
    users = write(tmp_path / "users.jsonl", {"identifyId": "a", "score": 1})
    db = str(tmp_path / "x.db")
    options = ("--db", db, "--key", "for-this-test", "--verbose")
    assert started(users, *options)[1]["totalHits"] == 1
    write(tmp_path / "users.jsonl", {"identifyId": "a"}, {"identifyId": "b"})
    _, page, err = started(users, *options)
    assert page["totalHits"] == 1
    assert "the query was b''" in err
    assert started(users, *options, "--replace")[1]["totalHits"] == 2


def test_keys_come_from_files_and_the_environment(started, tmp_path, monkeypatch):
    (tmp_path / "keys").write_text("other-key-1\nfor-this-test:read\n")
    assert started("--key-file", str(tmp_path / "keys"))[1]["totalHits"] == 400
    monkeypatch.setenv("FILTERLANG_KEYS", "for-this-test another-key")
    assert started()[1]["totalHits"] == 400


def test_a_record_of_a_table_has_the_types_of_its_cells(started, tmp_path):
    (tmp_path / "accounts.csv").write_text("id,name,sicCode,renewalDate\n7,X,0111,\n")
    files = (str(tmp_path / "accounts.csv"), "--key", "for-this-test")
    (account,) = started(*files, path="/v1/accounts")[1]["accounts"]
    assert (account["id"], account["sicCode"]) == (7, "0111")


def test_an_option_that_no_file_has_a_use_for_is_told(tmp_path, monkeypatch, capfd):
    """One for the file of another list has one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("filterlang.px.server.running.run", lambda app, listening: None)
    write(tmp_path / "users.jsonl", {"identifyId": "1"})
    (tmp_path / "accounts.csv").write_text("id\na\n")
    served = ["serve", "--port", "0", "--key", "a" * 8, "--trim", "users.jsonl"]
    assert main(served) == 0
    assert capfd.readouterr().err == (
        "users.jsonl: --trim (in Python trim) is for CSV, TSV and xlsx, and does nothing to JSON; "
        "leave it out\nloaded 1 of users\n"
    )
    assert main([*served, "accounts.csv"]) == 0
    assert capfd.readouterr().err == "loaded 1 of users, 1 of accounts\n"
