"""What the page of the filter box shows for Django works in a project of Django."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.support.engines import need

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "filter-box.md"
SETTINGS = """
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
)
urlpatterns = [path("users", lambda request: HttpResponse(request.GET["filter"]))]
"""
ASKED = """
from starlette.testclient import TestClient

with TestClient(application) as client:
    print(client.get("/users?filter=score%3E1").text)
    print(client.post("/filters/check", json={"filters": ["score>1"]}).json()["ok"])
    print(client.get("/filters/filter-box.css").status_code)
"""


@pytest.mark.slow
def test_the_app_stands_beside_djangos(tmp_path):
    need("starlette", "web")
    need("django", "dev")
    section = PAGE.read_text(encoding="utf-8").partition("## Django")[2]
    lines = section.partition("\n## ")[0].split("\n")
    block = textwrap.dedent("\n".join(line for line in lines if line[:4] in {"", "    "}))
    program = tmp_path / "program.py"
    program.write_text(SETTINGS + block + ASKED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("score>1\nTrue\n200\n", "")
