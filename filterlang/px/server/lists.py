"""Answers of lists: a query string → the JSON of one page."""

from __future__ import annotations

import json
from threading import Lock
from typing import TYPE_CHECKING

from filterlang.checking.parse import parse
from filterlang.diagnostics.errors import UnsupportedError
from filterlang.px.server.problems import wrong_parameter
from filterlang.px.server.queries import page_size_of, read_query, refused, with_windows
from filterlang.px.server.scrolls import ScrollBook, Scrolls, Walk, checked
from filterlang.px.sorting import read_sort
from filterlang.syntax.nodes import FilterSet, unparse

if TYPE_CHECKING:
    from filterlang.px.endpoints import ListEndpoint
    from filterlang.px.server.behaviour import Behaviour
    from filterlang.px.server.database import Database, Page
    from filterlang.px.server.queries import ListQuery
    from filterlang.px.sorting import SortName


class Lists:
    """Answers what is asked of the lists.

    Args:
        database: holds the records.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._scrolls = Scrolls(database.secret)
        self._book = ScrollBook()
        self._turn = Lock()

    def answer(self, endpoint: ListEndpoint, query: str, behaviour: Behaviour) -> bytes:
        """Return the body of an answer.

        Args:
            endpoint: the list.
            query: its query string, percent-encoded.
            behaviour: how pages are cut and ids are made.

        Raises:
            Problem: for a query that can't be answered.
        """
        asked = read_query(query, endpoint, strict=behaviour.strict)
        if endpoint.is_scrolled:
            return self._scrolled(endpoint, asked, behaviour)
        return self._numbered(endpoint, asked, behaviour)

    def _numbered(self, endpoint: ListEndpoint, asked: ListQuery, behaviour: Behaviour) -> bytes:
        size = behaviour.size_of(page_size_of(asked))
        number = asked.page_number or 0
        page = self._database.page(endpoint.path, FilterSet(), size=size, skip=number * size)
        is_last = page.total <= (number + 1) * size
        return _body(endpoint, page, pageNumber=number, isLastPage=is_last)

    def _scrolled(self, endpoint: ListEndpoint, asked: ListQuery, behaviour: Behaviour) -> bytes:
        if not behaviour.constant_scroll_id:
            walk = self._walk(endpoint, asked, None, behaviour)
            page, walk = self._next(endpoint, walk, behaviour)
            scroll_id = self._scrolls.written(walk)
        else:
            # Where the position is kept, requests of one walk take turns, so that none is lost.
            with self._turn:
                kept = None if asked.scroll_id is None else self._book.find(asked.scroll_id)
                walk = self._walk(endpoint, asked, kept, behaviour)
                page, walk = self._next(endpoint, walk, behaviour)
                scroll_id = asked.scroll_id or self._book.begin(walk)
                self._book.keep(scroll_id, walk)
        return _body(endpoint, page, totalHits=page.total, scrollId=scroll_id)

    def _walk(
        self, endpoint: ListEndpoint, asked: ListQuery, kept: Walk | None, behaviour: Behaviour
    ) -> Walk:
        """Return the walk that a request belongs to: one that goes on, or a new one."""
        sent = None if asked.filters is None else tuple(unparse(asked.filters))
        if asked.scroll_id is None:
            size, began = page_size_of(asked), behaviour.moment()
            return Walk(endpoint.path, sent or (), asked.sort or "", size, began)
        if kept is None:
            walk = self._scrolls.read(asked.scroll_id, endpoint.path, sent)
        else:
            walk = checked(kept, endpoint.path, sent)
        if asked.sort is not None and asked.sort != walk.sort:
            message = "the scrollId belongs to a request with another sort"
            raise wrong_parameter(message, "scrollId")
        return walk if asked.page_size is None else walk._replace(page_size=asked.page_size)

    def _next(self, endpoint: ListEndpoint, walk: Walk, behaviour: Behaviour) -> tuple[Page, Walk]:
        filters = with_windows(parse(walk.filters), endpoint, walk.began)
        sort = _sort_of(walk, endpoint)
        size = behaviour.size_of(walk.page_size)
        try:
            page = self._database.page(endpoint.path, filters, sort, size=size, place=walk.place)
        except UnsupportedError as error:
            raise refused(error) from error
        return page, walk if page.place is None else walk._replace(place=page.place)


def _sort_of(walk: Walk, endpoint: ListEndpoint) -> tuple[SortName, ...]:
    try:
        return read_sort(walk.sort, endpoint) if walk.sort else ()
    except ValueError as error:
        raise wrong_parameter(str(error), "sort") from error


def _body(endpoint: ListEndpoint, page: Page, **rest: object) -> bytes:
    # The documents are JSON already, and most of the answer.
    records = ",".join(page.documents)
    tail = json.dumps(rest)[1:]
    return f'{{"{endpoint.records_key}":[{records}],{tail}'.encode()
