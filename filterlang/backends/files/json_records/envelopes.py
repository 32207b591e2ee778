"""Envelopes: an object that is all an input holds, and is what others put around their records.

It is hardly a record itself, and taken for one it would match what none of its records matches.
So it has to be said what it is. An envelope is told by the names in it, or by what some of them
hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filterlang.backends.files.json_records.answers import PAGING, WRAPPERS, Path, Sketch, undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_USUAL: Final = frozenset(
    {*map(str.casefold, WRAPPERS)}
    | {"content", "docs", "documents", "edges", "nodes", "objects", "resources", "result", "value"}
)
"""Keys of lists that are hardly a record's own where nothing but what is told of them is beside."""
_PAGED: Final = frozenset(
    {
        *("@odata.context", "@odata.nextlink", "odata.metadata", "nextlink", "next_link"),
        *("next_page_token", "nextpagetoken", "next_token", "nexttoken", "nextmarker"),
        *("next_cursor", "nextcursor", "end_cursor", "after_cursor", "response_metadata"),
        *("responsemetadata", "istruncated", "is_truncated", "scannedcount", "lastevaluatedkey"),
        *("has_more", "hasmore", "has_next", "hasnext", "has_next_page", "hasnextpage"),
        *("pageinfo", "page_info", "pagination", "paging", "current_page", "currentpage"),
        *("next_page", "nextpage", "next_page_url", "nextpageurl", "first_page_url", "per_page"),
        *("perpage", "hitsperpage", "nbhits", "totalsize", "nextrecordsurl", "totalelements"),
        *("totalresults", "itemsperpage", "recordstotal", "recordsfiltered", "maxresults"),
        *("incomplete_results", "resultsizeestimate", "init_offset", "total_rows", "totalrows"),
        *("rows_before_limit_at_least", "_shards", "_scroll_id", "numfound", "jsonapi"),
        *map(str.casefold, PAGING),
    }
)
"""Keys, in small letters, beside which a list of objects is hardly a record's own."""
_TOLD_OF_LISTS: Final = _PAGED | {
    *("meta", "metadata", "_meta", "page", "pages", "limit", "offset", "size", "cursor", "cursors"),
    *("next", "previous", "prev", "first", "last", "self", "link", "links", "_links"),
    *("previous_page", "prev_page", "last_page", "total_pages", "total", "total_count"),
    *("totalcount", "total_results", "count", "start", "maxscore", "consumedcapacity"),
    *("max_score", "took", "timed_out", "status", "status_code", "statuscode", "code", "ok"),
    *("success", "error", "errors", "message", "messages", "warnings", "columns", "fields"),
    *("schema", "schemas", "included", "aggregations", "facets", "request_id", "requestid"),
    *("responseheader", "version", "api_version", "timestamp", "extensions", "resulttype"),
}
"""Keys under which others put what they tell of the list, in small letters."""
_DEEPEST_USUAL = 3
"""So many names may lead to such a list."""
_ANNOTATION: Final = ("@", "odata.", "$")
"""What those begin with under which OData and JSON-LD put it."""
_OUTER: Final = frozenset({"data", "response", "result", "_embedded", "d", "body", "payload"})
"""Keys of objects around nothing but answers, in small letters."""
_OF_GRAPHQL: Final = {"data", "errors", "extensions"}
"""All that the answer to a query of GraphQL may have."""
_IDS: Final = frozenset({"id", "_id", "uuid", "guid"})
"""Keys of what is one thing, whatever it holds, in small letters."""


def expect_no_envelope(sketch: Sketch, is_all: Callable[[], bool]) -> None:
    """Expect an object that is all that a file holds to be a record.

    It hardly is one if it holds a list under a usual name, and beside it only what is told of that;
    nor if it holds a list of objects beside what only lists have. Only then `is_all` is asked,
    which may have to wait for more.

    Raises:
        InputError: where it can't be told; the message says how to say it.

    Example:
        >>> expect_no_envelope(Sketch('{"jobs": [{"id": 1}], "has_more": false}'), lambda: True)
        Traceback (most recent call last):
        ...
        filterlang.backends.files.faults.InputError: can't tell what the records are: there is an \
object with the list 'jobs' of objects; if these are the records, say --records jobs, and if the \
object is one, --records . (in Python records=)
    """
    found = _under_usual_names(sketch) or _beside_paging(sketch)
    if found and is_all():
        raise undecided(sketch, found, [])


def _under_usual_names(sketch: Sketch) -> list[Path]:
    """Return the lists under usual names, if all beside them is told of them."""
    found = [
        path
        for path, are in sketch.lists.items()
        if are is not False and path[-1].casefold() in _USUAL and not _is_told_of_lists(path)
    ]
    if any(len(path) > _DEEPEST_USUAL for path in found):
        return []
    others = _beside(sketch, found)
    has_objects = any(sketch.lists[path] for path in found)
    is_one = (has_objects or others) and all(map(_is_told_of_lists, others))
    return found if is_one else []


def _beside_paging(sketch: Sketch) -> list[Path]:
    """Return the lists of objects in what only answers are, whatever the lists are called."""
    members = _members(sketch)
    root = {key.casefold() for key in members[()]}
    if root & _IDS:
        return []
    found = [path for path, are in sketch.lists.items() if are and not _is_told_of_lists(path)]
    lists_in: dict[Path, list[Path]] = {}
    for path in found:
        lists_in.setdefault(path[:-1], []).append(path)
    untold = {
        path: {key for key in keys if not _is_told_of_lists((*path, key))}
        for path, keys in members.items()
    }
    number = sum(map(len, members.values()))
    for outer, lists in sorted(lists_in.items(), key=lambda item: len(item[0])):
        around = [(untold[outer[:length]], outer[length]) for length in range(len(outer))]
        # Nothing but an answer stands in what is around it.
        if any(len(keys) > (way in keys) for keys, way in around):
            continue
        names = {key.casefold() for key in members[outer]}
        is_all = number == len(outer) + len(lists)
        is_whole = bool(outer) and outer[0].casefold() in _OUTER and is_all
        if names & _PAGED or is_whole or (not outer and _says_so(sketch.value or {})):
            return lists
    if "data" in root and root <= _OF_GRAPHQL and ("data",) in sketch.objects:
        return found
    return []


def _says_so(value: Mapping[str, object]) -> bool:
    """Whether an object says of itself that it is around a list."""
    kind, schemas = value.get("kind"), value.get("schemas")
    return (
        value.get("object") in ("list", "search_result")
        or value.get("type") in ("list", "FeatureCollection")
        or value.get("resourceType") == "Bundle"
        or (isinstance(kind, str) and ("#" in kind or kind.endswith("List")))
        or (isinstance(schemas, list) and any("ListResponse" in str(one) for one in schemas))
        or ("statistics" in value and "rows" in value and "meta" in value)
    )


def _beside(sketch: Sketch, lists: list[Path]) -> set[Path]:
    """Return all that stands beside lists, and beside the objects that they stand in."""
    ways = {path[:length] for path in lists for length in range(1, len(path) + 1)}
    members = {(*outer, key) for outer, keys in sketch.keys.items() for key in keys}
    return (members | sketch.objects) - ways


def _members(sketch: Sketch) -> dict[Path, set[str]]:
    """Return the names of all members of each object."""
    members = {path: set(keys) for path, keys in sketch.keys.items()}
    for path in sketch.objects:
        members[path[:-1]].add(path[-1])
    return members


def _is_told_of_lists(path: Path) -> bool:
    """Whether what stands there is told of a list that stands elsewhere."""
    names = [name.casefold() for name in path]
    return any(name in _TOLD_OF_LISTS or name.startswith(_ANNOTATION) for name in names)
