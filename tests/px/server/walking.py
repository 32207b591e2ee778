"""Walks through the lists of a server, as clients of the API make them."""

from __future__ import annotations

MODES = {
    "as it is": {},
    "capped": {"page_size_cap": 7},
    "short pages": {"short_pages": True},
    "constant scrollId": {"constant_scroll_id": True},
    "all of it": {"constant_scroll_id": True, "page_size_cap": 9, "short_pages": True},
}
"""How servers page: fields of `Behaviour`."""


def walk(client, path, *filters, size=1000, records_key=None, **params):
    """Return all pages of a list, the empty one at their end left out, and all their ids."""
    pages, scroll_id, ids = [], None, []
    key = records_key or path.strip("/")
    while True:
        pairs = [("filter", one) for one in filters]
        pairs += [(name, str(value)) for name, value in params.items()]
        pairs.append(("pageSize", str(size)))
        if scroll_id is not None:
            pairs.append(("scrollId", scroll_id))
        answer = client.get(path, params=tuple(pairs))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert list(page) == [key, "totalHits", "scrollId"]
        if not page[key]:
            return pages
        pages.append(page)
        scroll_id = page["scrollId"]
        ids.append(scroll_id)
        assert len(pages) < 2000


def records_of(pages, key):
    return [record for page in pages for record in page[key]]
