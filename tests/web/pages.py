"""A service with pages that hold filter boxes, and a browser that looks at them."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import filterlang as fl
from tests.support.engines import absent, need

CSP = "default-src 'self'"
HOSTILE = '<img src=x onerror="document.title=1">'
SCHEMA = fl.Schema(
    {
        "score": {"type": "integer", "detail": "how much & <b>how often</b>"},
        "type": {"type": "enum", "values": ["LEAD", "USER", HOSTILE]},
        "city": "text",
        "seen": "datetime",
    }
)


def page(body, head="", html='lang="en"'):
    return f"""<!doctype html>
<html {html}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Users</title>
<link rel="stylesheet" href="/filters/filter-box.css">
<script type="module" src="/filters/filter-box.js"></script>
{head}
</head>
<body><main><h1>Users</h1>
{body}
</main></body>
</html>"""


FORM = """<form action="/found">
<label for="one">Filter</label>
<filter-box endpoint="/filters"><input id="one" name="filter" value="{value}"></filter-box>
<button>Search</button>
</form>"""

PAGES = {
    "/": page(FORM.format(value="")),
    "/filled": page(FORM.format(value="score&gt;10;type=LEAD;scroe&lt;3")),
    "/rtl": page(FORM.format(value="city==ירושלים;score=1"), html='lang="he" dir="rtl"'),
    "/dark": page(
        FORM.format(value="score&gt;10;type=LEAD;scroe&lt;3"),
        head='<link rel="stylesheet" href="/dark.css">',
    ),
    "/two": page(
        """<form action="/found"><filter-box endpoint="/filters">
<p><label>First <input name="filter" value="score=1"></label></p>
<p><label>Second <input name="filter" value="city==Bonn"></label></p>
</filter-box><button>Search</button></form>"""
    ),
    "/shared": page(
        """<form action="/found"><filter-box endpoint="/filters">
<label>Either of <input name="filter" value="score=1;type=LEAD">
<input name="filter" value="scroe&gt;1"></label>
</filter-box><button>Search</button></form>"""
    ),
    "/patient": page(
        """<form action="/found"><filter-box endpoint="/filters" pause="600000">
<label>Filter <input name="filter"></label></filter-box><button>Search</button></form>"""
    ),
    "/worker": page(
        '<filter-box><label>Filter <input name="filter" value="a=1"></label></filter-box>',
        head='<script type="module" src="/transport.js"></script>',
    ),
}
FILES = {
    "/dark.css": ("text/css", ":root { color-scheme: dark; background: #111; color: #eee; }"),
    "/transport.js": (
        "text/javascript",
        """const box = document.querySelector("filter-box");
window.asked = [];
box.messages = { FL104: (one) => `ein einzelnes = (${one.severity})`, mend: "Ändern: {text}" };
box.transport = async (question, payload) => {
  window.asked.push([question, payload]);
  return { ok: false, filters: payload.filters.map((text) => ({
    canonical: null,
    clauses: [{ span: [0, 3], name: [0, 1], operator: [1, 2], expression: [2, 3] }],
    diagnostics: text === "a=1" ? [{ code: "FL104", severity: "error", message: "a single =",
      hint: "write '=='", span: [1, 2],
      fixes: [{ safe: true, edits: [{ span: [1, 2], text: "==" }] }] }] : [],
  })) };
};""",
    ),
}


def service(schema):
    """Build the ASGI app: the pages under a strict policy, `/found`, and the filter box."""
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Mount, Route

    from filterlang.web import filter_box

    headers = {"content-security-policy": CSP}

    def sending(content, media_type):
        async def send(_):
            return Response(content, media_type=media_type, headers=headers)

        return send

    async def found(request):
        return JSONResponse({"filter": request.query_params.getlist("filter")})

    texts = {path: ("text/html", content) for path, content in PAGES.items()} | FILES
    routes = [Route(path, sending(text, kind)) for path, (kind, text) in texts.items()]
    return Starlette(
        routes=[Mount("/filters", filter_box(schema)), Route("/found", found), *routes]
    )


@contextmanager
def served(schema=SCHEMA):
    """Serve `service` on a free port, and give its address."""
    import uvicorn

    # With the protocol named, asyncio sends small answers at once, as it does for real servers.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(service(schema), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        end = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive()
            assert time.monotonic() < end
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def chromium():
    """Return the path of the browser, or skip or fail the test that asks, as `need` does."""
    path = os.environ.get("FILTERLANG_CHROMIUM") or shutil.which("chromium")
    if path is None:
        absent("the filter box is tried in a browser: apt-get install chromium")
    return path


@contextmanager
def browser():
    """Start the browser without a window."""
    need("playwright", "dev")
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--disable-gpu"])
        try:
            yield started
        finally:
            started.close()


def axe():
    """Return the script of axe-core, which looks for what keeps people out."""
    folder = Path(need("axe_core_python", "dev").__file__).parent
    return (folder / "axe.min.js").read_text(encoding="utf-8")
