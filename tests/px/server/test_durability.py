"""What was answered is on the disk: a server that is killed while it writes loses none of it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time

import httpx
import pytest

from tests.px.server.processes import serving


def client_of(running):
    headers = {"X-APTRINSIC-API-KEY": running.key}
    return httpx.Client(base_url=running.url, headers=headers, timeout=30)


@pytest.mark.slow
def test_a_killed_server_loses_no_write_that_it_has_answered(tmp_path):
    db = tmp_path / "served.db"
    (tmp_path / "users.jsonl").write_text('{"identifyId": "first"}\n')
    answered = []
    for round_ in range(3):
        with serving(str(tmp_path / "users.jsonl"), "--db", str(db)) as running:
            killer = threading.Timer(0.4, _kill, [running.process])
            killer.start()
            with client_of(running) as client:
                try:
                    for number in range(100_000):
                        key = f"r{round_}-{number}"
                        user = {"identifyId": key, "propertyKeys": [], "score": number}
                        if client.post("/users", json=user).status_code == 200:
                            answered.append(key)
                except httpx.TransportError:
                    """The server is gone."""
            killer.join()
    assert len(answered) > 20
    with serving("--db", str(db)) as running, client_of(running) as client:
        total = client.get("/users").json()["totalHits"]
        lost = [key for key in answered if client.get(f"/users/{key}").status_code != 200]
        sorted_ = client.get("/users", params={"sort": "-score", "filter": "score>=0"}).json()
    assert lost == []
    assert len(answered) + 1 <= total <= len(answered) + 1 + 3  # written, but not answered
    assert sorted_["totalHits"] == total - 1  # the columns and indexes know all of them


def _kill(process):
    """Kill the server, which is a child of `timeout`."""
    found = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
    )
    for number in found.stdout.split() or [str(process.pid)]:
        os.kill(int(number), signal.SIGKILL)
    time.sleep(0.05)


@pytest.mark.slow
def test_many_clients_write_and_read_at_once(tmp_path):
    with serving("--db", str(tmp_path / "served.db")) as running:
        failures = []

        def work(name):
            with client_of(running) as client:
                for number in range(25):
                    user = {"identifyId": f"{name}-{number}", "propertyKeys": [], "score": 200}
                    answers = [
                        client.post("/users", json=user),
                        client.get("/users", params={"filter": "score>=200", "sort": "-email"}),
                        client.put(f"/users/{name}-{number}", json={"score": 201}),
                    ]
                    failures.extend(one.text for one in answers if one.status_code != 200)

        threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        with client_of(running) as client:
            page = client.get("/users", params={"filter": "score==201"}).json()
            assert page["totalHits"] == 200
