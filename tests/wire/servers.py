"""Real servers on loopback, which keep what reached them, and what they read in it.

Each answers every request with a number, under which the test finds what was received. They run in
threads of the test's own process, wait for nothing longer than `TIMEOUT`, and stop when the
`with` statement ends.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import NamedTuple
from urllib.parse import parse_qsl

import filterlang as fl
from tests.support.engines import need

HOST = "127.0.0.1"
PATH = "/users"
TIMEOUT = 10  # seconds; only what hangs takes so long


class Received(NamedTuple):
    """One request as a server saw it."""

    target: bytes  # path and query as they came over the wire
    from_query: object  # the filters of the raw query as the framework gives it, or the error
    from_params: object  # the filters of the framework's own decoded pairs, or the error
    pairs: list  # these pairs, or the framework's error


class Server:
    """Where a server listens, and what it received."""

    def __init__(self, name, port):
        self.name = name
        self.origin = f"http://{HOST}:{port}"
        self.url = self.origin + PATH
        self._received = {}
        self._number = count()

    def keep(self, target, query, decode):
        """Keep a request, and return the answer's body.

        Args:
            target: what came over the wire.
            query: the raw query string, as one gets it with this framework.
            decode: gives the framework's own decoded pairs.
        """
        # Whatever a handler raised would be lost in the thread of its server.
        try:
            pairs = list(decode())
        except Exception as error:  # noqa: BLE001 — a framework may refuse a query as it likes
            pairs = error
        received = Received(
            target,
            _attempt(fl.from_query, query),
            pairs if isinstance(pairs, Exception) else _attempt(fl.from_params, pairs),
            pairs,
        )
        number = next(self._number)
        self._received[number] = received
        return b"%d" % number

    def received(self, body):
        """Give the request that was answered with this body, and forget it."""
        return self._received.pop(int(body))


def _attempt(read, source):
    try:
        return read(source)
    except fl.FilterError as error:
        return error


@contextmanager
def standard_library():
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept alive
        disable_nagle_algorithm = True  # else the body waits 40 ms for the client's word
        timeout = TIMEOUT

        def do_GET(self):
            target = self.raw_requestline.split(b" ")[1]
            query = self.path.partition("?")[2]
            body = server.keep(target, query, lambda: parse_qsl(query))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing: this is a test."""

    listening = ThreadingHTTPServer((HOST, 0), Handler)
    server = Server("standard library", listening.server_port)
    with _in_a_thread(listening):
        yield server


@contextmanager
def starlette():
    """Starlette, on which FastAPI stands too, behind uvicorn."""
    need("starlette", "test")
    uvicorn = need("uvicorn", "test")
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    async def users(request):
        # ASGI hands over path and query apart, both untouched.
        scope = request.scope
        target = b"?".join(part for part in (scope["raw_path"], scope["query_string"]) if part)
        query = scope["query_string"].decode()
        return Response(server.keep(target, query, request.query_params.multi_items))

    app = Starlette(routes=[Route(PATH, users)])
    # A socket that doesn't name its protocol gets no TCP_NODELAY, and each answer waits 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind((HOST, 0))
        listening.listen()
        server = Server("Starlette", listening.getsockname()[1])
        config = uvicorn.Config(
            app,
            http="h11",  # the one implementation that is always there
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=TIMEOUT,
            timeout_graceful_shutdown=1,
        )
        running = uvicorn.Server(config)
        # Whoever connects before the server is up waits in the queue of the listening socket.
        with _thread(lambda: running.run(sockets=[listening])):
            try:
                yield server
            finally:
                running.should_exit = True


@contextmanager
def flask():
    need("flask", "test")
    from flask import Flask, request
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"  # as above
        disable_nagle_algorithm = True  # as above
        timeout = TIMEOUT

        def make_environ(self):
            return super().make_environ() | {"test.requestline": self.raw_requestline}

        def log(self, *_):
            """Say nothing: this is a test."""

    app = Flask(__name__)

    @app.get(PATH)
    def users():
        target = request.environ["test.requestline"].split(b" ")[1]
        query = request.query_string.decode()
        return server.keep(target, query, lambda: request.args.items(multi=True))

    listening = make_server(HOST, 0, app, threaded=True, request_handler=Handler)
    server = Server("Flask", listening.port)
    with _in_a_thread(listening):
        yield server


@contextmanager
def django():
    """Django's own application behind the standard library's WSGI server."""
    need("django", "dev")
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    class Handler(WSGIRequestHandler):
        timeout = TIMEOUT

        def get_environ(self):
            return super().get_environ() | {"test.requestline": self.raw_requestline}

        def log_message(self, *_):
            """Say nothing: this is a test."""

    class Threaded(ThreadingMixIn, WSGIServer):
        """A server that a client which is slow to close its connection doesn't hold up."""

    def users(request):
        target = request.META["test.requestline"].split(b" ")[1]
        query = request.META["QUERY_STRING"]
        keep = request.META["test.server"].keep
        return HttpResponse(keep(target, query, lambda: pairs(request)))

    def pairs(request):
        return [(key, value) for key, values in request.GET.lists() for value in values]

    # Django has one set of settings for each process, which a page of the documents configures too.
    if not settings.configured:
        settings.configure()
    settings.ALLOWED_HOSTS = [HOST]
    settings.LOGGING_CONFIG = None
    settings.ROOT_URLCONF = (path(PATH.removeprefix("/"), users),)
    application = get_wsgi_application()

    def app(environ, start_response):
        return application(environ | {"test.server": server}, start_response)

    listening = Threaded((HOST, 0), Handler)
    listening.set_app(app)
    server = Server("Django", listening.server_port)
    with _in_a_thread(listening):
        yield server


SERVERS = {
    "standard library": standard_library,
    "Starlette": starlette,
    "Flask": flask,
    "Django": django,
}
"""Name → how to start it."""


@contextmanager
def _in_a_thread(listening):
    """Run a server of the standard library's kind until the `with` statement ends."""
    with listening, _thread(lambda: listening.serve_forever(poll_interval=0.02)):
        try:
            yield
        finally:
            listening.shutdown()


@contextmanager
def _thread(run):
    """Run a server in a thread, whose end is waited for."""
    # The process could end even if the server wouldn't.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(TIMEOUT)
        assert not thread.is_alive(), "the server did not stop"
