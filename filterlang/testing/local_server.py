"""The API in a test: a server of its own, with its requests and its faults at hand.

The extra `testing` brings what it needs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import parse_qsl

from filterlang.diagnostics.diagnostic import class_name, shown
from filterlang.diagnostics.missing_packages import needed
from filterlang.px.endpoints import list_endpoint
from filterlang.px.server.access import BASE, HEADER, Key
from filterlang.testing import in_process
from filterlang.testing.faulty_answers import TornAnswer, send_failure
from filterlang.testing.in_process import load_httpx
from filterlang.testing.scripted_faults import Delay, Disconnection, Failure

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx

    from filterlang.px.server.behaviour import Behaviour

    # Starlette's types of ASGI, which this room doesn't know.
    App = Any
    Scope = Any
    Receive = Any
    Send = Any


_NEEDED = ("local_server", "testing", "sqlalchemy", "starlette", "uvicorn")

_LOCAL = f"http://localhost{BASE}"
"""What URLs begin with where there is no port."""


class ReceivedRequest(NamedTuple):
    """One request, and how it was answered.

    Fields: `method`; `path` behind the base path, such as `/users`; `params`, the decoded pairs of
    the query string; `headers`, by names in lower case; `body`; `status` of the answer,
    0 where there was none.

    Example:
        >>> with local_server({}) as server, server.client() as client:
        ...     answer = client.get("/users", params={"filter": "score>=10"})
        >>> server.requests[0].params, server.requests[0].status == 200
        ([('filter', 'score>=10')], True)
    """

    method: str
    path: str
    params: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    status: int


class LocalServer:
    """A server of the API for one test; `local_server` starts it.

    Attributes:
        url: what URLs begin with, `/v1` included: for `api_url` or `base_url` of a client.
        key: a key that may do everything; `reading_key` may read only.
        requests: those that were received, in the order of their answers.
        behaviour: how it answers; assign to it to change that, as in
            `server.behaviour = server.behaviour._replace(page_size_cap=10)`.
        app: the application, for any client that takes one of ASGI.

    Example:
        >>> with local_server() as server, server.client() as client:
        ...     server.behaviour = server.behaviour._replace(page_size_cap=10)
        ...     len(client.get("/users").json()["users"])
        10
    """

    url: str
    key: str
    reading_key: str
    requests: list[ReceivedRequest]
    app: App

    def __init__(
        self,
        records: Mapping[str, Iterable[Mapping[str, Any]]] | None,
        behaviour: dict[str, Any],
    ) -> None:
        with needed(*_NEEDED):
            from filterlang.px.server.app import application
            from filterlang.px.server.database import Database
        from filterlang.px.server.behaviour import Behaviour
        from filterlang.px.server.sample import END

        self._records = None if records is None else _listed(records)
        for name in behaviour:
            if name not in Behaviour._fields:
                message = (
                    f"local_server() has no argument {shown(name)}; beside records and on_port"
                    f" there are {', '.join(Behaviour._fields)}"
                )
                raise TypeError(message)
        if records is None and "clock" not in behaviour:
            behaviour["clock"] = lambda: END
        self._first = self._behaviour = Behaviour(**behaviour).checked()
        self._database = Database()
        self._load()
        self._faults: list[Delay | Disconnection | Failure] = []
        self._is_changed = self._is_closed = False
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._listening = ExitStack()
        self.requests = []
        self.url = _LOCAL
        keys = [Key.made(), Key.made()._replace(may_write=False)]
        self.key, self.reading_key = (one.secret for one in keys)
        self._served = application(self._database, keys, lambda: self.behaviour)
        self.app = self._recorded

    def _load(self) -> None:
        from filterlang.px.server.sample import sample_records

        if self._records is None:
            self._database.load(sample_records(), is_sample=True)
        else:
            self._database.load(self._records)

    @property
    def behaviour(self) -> Behaviour:
        """How it answers."""
        return self._behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        if not isinstance(behaviour, type(self._first)):
            message = (
                f"expected a Behaviour, not {class_name(behaviour)}; change what the server has by"
                " server.behaviour._replace(page_size_cap=10)"
            )
            raise TypeError(message)
        self._behaviour = behaviour.checked()

    # --- What a test sets -------------------------------------------------------------------------

    def fail(
        self,
        status: int,
        *,
        times: int | None = 1,
        path: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
    ) -> None:
        """Answer the next requests with an error in the API's shape, or with what you like.

        They are answered so instead of being carried out.

        Args:
            status: of the answers, such as 429 or 503; with a `body` any that may have one, 200
                too.
            times: how many requests; None for all until `reset`.
            path: of which path alone, such as `/users` or `/users/usr-0001`; None for any.
            headers: of the answers, such as `{"Retry-After": "1"}`.
            body: of the answers, in place of the API's: what isn't JSON, say, as the page of a
                proxy. It is `text/plain` unless `headers` have another `Content-Type`.

        Raises:
            ValueError: for a status that is no error's or can't have the body, for a path at which
                nothing is answered, for fewer times than one, and for headers that no answer can
                have.
            TypeError: for arguments of other types.

        Example:
            >>> with local_server({}) as server, server.client() as client:
            ...     server.fail(503, path="/users")
            ...     [client.get(path).status_code == 503 for path in ("/accounts", "/users")]
            [False, True]
            >>> with local_server({}) as server, server.client() as client:
            ...     server.fail(502, body="<html>", headers={"Content-Type": "text/html"})
            ...     client.get("/users").text
            '<html>'
        """
        self._faults.append(Failure(path, times, status, headers, body))

    def disconnect(self, *, times: int | None = 1, path: str | None = None) -> None:
        """Carry out the next requests, and lose the connection in the middle of the answers.

        Clients of httpx raise `RemoteProtocolError`. An application that is asked without httpx, as
        by `server.app`, raises `ConnectionResetError`. What the request wrote is written.

        Args:
            times: as for `fail`.
            path: as for `fail`.

        Raises:
            ValueError, TypeError: as `fail` does.

        Example:
            >>> import httpx
            >>> with local_server() as server, server.client() as client:
            ...     server.disconnect()
            ...     try:
            ...         client.delete("/users/usr-0001")
            ...     except httpx.RemoteProtocolError:
            ...         client.get("/users/usr-0001").status_code
            404
        """
        self._faults.append(Disconnection(path, times))

    def delay(self, seconds: float, *, times: int | None = None, path: str | None = None) -> None:
        """Wait before requests are answered: the next ones, or all until `reset`.

        A client whose timeout for reading is shorter raises `httpx.ReadTimeout`, in this process
        as on a port; its request is carried out all the same.

        Args:
            seconds: how long.
            times: how many requests; None for all until `reset`.
            path: as for `fail`.

        Raises:
            ValueError: for seconds that nobody can wait, and as `fail` does.
            TypeError: for arguments of other types.

        Example:
            >>> import httpx
            >>> with local_server({}) as server, server.client(timeout=0.01) as client:
            ...     server.delay(30, times=1)
            ...     try:
            ...         client.get("/users")
            ...     except httpx.ReadTimeout:
            ...         client.get("/users", timeout=5).status_code
            200
        """
        self._faults.append(Delay(path, times, seconds))

    def reset(self) -> None:
        """Forget requests and faults, and have behaviour and records as they were at first.

        Example:
            >>> with local_server({"users": [{"identifyId": "a"}]}) as server:
            ...     with server.client() as client:
            ...         _ = client.delete("/users/a")
            ...         server.reset()
            ...         client.get("/users").json()["totalHits"]
            1
        """
        self.requests.clear()
        self._faults.clear()
        self.behaviour = self._first
        if self._is_changed:
            self._database.clear()
            self._is_changed = False
            self._load()

    def listen(self) -> None:
        """Answer on a free port of this machine until the server is closed, as `on_port=True` does.

        Example:
            >>> with local_server() as server:
            ...     server.listen()
            ...     server.url.startswith("http://127.0.0.1:")
            True
        """
        with needed(*_NEEDED):
            from filterlang.px.server.running import bound, in_a_thread

        origin = self._listening.enter_context(in_a_thread(self.app, bound("127.0.0.1", 0)))
        self.url = f"{origin}{BASE}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for loop, ended in [*self._waiting]:
            loop.call_soon_threadsafe(ended.set)
        self._listening.close()
        self._is_closed = True
        self._database.close()

    # --- Clients ----------------------------------------------------------------------------------

    def client(self, **options: Any) -> httpx.Client:
        """Return a client of httpx with the URL and the key, in process unless there is a port.

        Args:
            options: as `httpx.Client` takes them.

        Example:
            >>> with local_server() as server, server.client(timeout=5) as client:
            ...     client.get("/users/usr-0001").json()["identifyId"]
            'usr-0001'
        """
        httpx = load_httpx()
        if "transport" not in options and not self._is_on_port:
            options["transport"] = in_process.transport(self.app)
        return httpx.Client(**self._with_key(options))

    def async_client(self, **options: Any) -> httpx.AsyncClient:
        """Return the same for `async` tests.

        Example:
            >>> import asyncio
            >>> async def total(server):
            ...     async with server.async_client() as client:
            ...         return (await client.get("/accounts")).json()["totalHits"]
            >>> with local_server() as server:
            ...     asyncio.run(total(server))
            120
        """
        httpx = load_httpx()
        if "transport" not in options and not self._is_on_port:
            options["transport"] = in_process.async_transport(self.app)
        return httpx.AsyncClient(**self._with_key(options))

    def _with_key(self, options: dict[str, Any]) -> dict[str, Any]:
        headers = {HEADER: self.key, **options.pop("headers", {})}
        return {"base_url": self.url, "headers": headers, **options}

    # --- The application --------------------------------------------------------------------------

    async def _recorded(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._served(scope, receive, send)
            return
        if self._is_closed:
            message = "the local server is closed; ask it within its with statement"
            raise ConnectionRefusedError(message)
        path = scope["path"].removeprefix(BASE)
        body = bytearray()
        kept: list[int] = []

        async def receiving() -> Any:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        def keep(status: int) -> None:
            kept.append(status)
            self.requests.append(
                ReceivedRequest(
                    scope["method"],
                    path,
                    parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
                    {
                        name.decode("latin-1"): one.decode("latin-1")
                        for name, one in scope["headers"]
                    },
                    bytes(body),
                    status,
                )
            )

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                # Before it is sent: whoever has an answer finds its request.
                keep(message["status"])
            await send(message)

        self._is_changed = self._is_changed or scope["method"] not in {"GET", "HEAD"}
        lost: TornAnswer | None = None
        try:
            fault = await self._meet(path)
            if isinstance(fault, Failure):
                await send_failure(fault, scope, receiving, sending)
            else:
                lost = None if fault is None else TornAnswer(sending)
                await self._served(scope, receiving, sending if lost is None else lost)
        finally:
            if not kept:
                keep(0)
        # The server on a port closes a connection whose answer isn't whole.
        if lost is not None and not self._is_on_port:
            message = "peer closed connection without sending complete message body"
            raise ConnectionResetError(message)

    async def _meet(self, path: str) -> Disconnection | Failure | None:
        """Wait as long as delays want it; return the first other fault that a request meets."""
        for fault in [*self._faults]:
            if isinstance(fault, Delay) and fault.meets(path):
                await self._wait(fault.seconds)
        return next(
            (one for one in self._faults if not isinstance(one, Delay) and one.meets(path)), None
        )

    async def _wait(self, seconds: float) -> None:
        """Wait so long, but not for the end of the test, which comes in another thread."""
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(waiting)
        try:
            await in_process.wait(seconds, waiting[1])
        finally:
            self._waiting.discard(waiting)

    @property
    def _is_on_port(self) -> bool:
        return self.url != _LOCAL


def _listed(
    records: Mapping[str, Iterable[Mapping[str, Any]]],
) -> dict[str, list[Mapping[str, Any]]]:
    """Return the records by the paths of their lists; whether each is one, loading tells."""
    if not isinstance(records, Mapping):
        message = (
            f"expected a mapping of lists, such as {{'users': […]}}, not {class_name(records)}"
        )
        raise TypeError(message)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for path, of in records.items():
        if isinstance(of, str | bytes | Mapping) or not isinstance(of, Iterable):
            message = f"expected a list of records of {shown(path)}, not {class_name(of)}"
            raise TypeError(message)
        found[list_endpoint(path).path] = [*of]
    return found


@contextmanager
def local_server(
    records: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    *,
    on_port: bool = False,
    **behaviour: Any,
) -> Generator[LocalServer]:
    """Start a server of the API, which ends with the `with` statement.

    Args:
        records: the path of a list (`"users"`, `"events/pageView"`) → its records; None for the
            sample data. No list has other records.
        on_port: whether to listen on a free port of this machine, for programs that speak HTTP;
            else it answers in this process.
        behaviour: fields of `filterlang.px.server.behaviour.Behaviour`, such as `page_size_cap=10`,
            `short_pages=True`, `constant_scroll_id=True`, `rate=5`, `strict=True`.

    Raises:
        MissingPackageError: without the extra `testing`; it is a ModuleNotFoundError.
        ValueError: for records of a path that is none of a list, for those without a key or with
            one that another has, and for a behaviour with which nothing would be answered.
        TypeError: for a behaviour that there isn't, and for arguments of other types.

    Example:
        >>> with local_server({"users": [{"identifyId": "a"}, {"identifyId": "b"}]}) as server:
        ...     server.fail(429)
        ...     with server.client() as client:
        ...         statuses = [client.get("/users").status_code for _ in range(2)]
        ...     statuses, [request.path for request in server.requests]
        ([429, 200], ['/users', '/users'])
    """
    with LocalServer(records, behaviour) as server:
        if on_port:
            server.listen()
        yield server
