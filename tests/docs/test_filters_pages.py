"""The pages for Starlette, Flask and Django read filters as the dependency of FastAPI does."""

from __future__ import annotations

import re
import runpy

import pytest

from tests.support.documents import ROOT
from tests.support.engines import need

PAGES = [
    ROOT / "docs" / "how-to" / f"filters-in-{name}.md" for name in ("starlette", "flask", "django")
]

QUERIES = {
    "": None,
    "filter=score%3E%3D10": None,
    "?filter=countryCode==US&filter=": None,
    "pageSize=5&filter=+score>=1+": None,
    "filter=  score >= 1 ;  scroe == 1": [("FL501", 0, (16, 21))],
    "filter=&filter=scroe==1": [("FL501", 1, (0, 5))],
    "filter=&filter=+&filter=score=1": [("FL104", 2, (5, 6))],
    "filter=score==1&filter=&filter=score%20==+x": [("FL509", 2, (9, 10))],
    "?filter=%20scroe==1": [("FL501", 0, (1, 6))],
    "filters=score>10": [("FL203", None, (0, 7))],
    "Filter=score>10&filter=score>=10": [("FL203", None, (0, 6))],
    "score>=10": [("FL203", None, (0, 9))],
    "filter=score==100%": [("FL201", None, (17, 18))],
}
"""The query → code, number of the filter and place of what is wrong with it."""


def function(page):
    """Give the code of `read_filters`, as the page shows it."""
    text = page.read_text(encoding="utf-8")
    (found,) = re.findall(r"^def read_filters.*?(?=\n\n\n)", text, re.DOTALL | re.MULTILINE)
    return found


def test_the_pages_show_one_function():
    assert len({function(page) for page in PAGES}) == 1


@pytest.fixture(scope="module")
def read_filters(tmp_path_factory):
    module = tmp_path_factory.mktemp("page") / "page.py"
    imports = "from urllib.parse import parse_qsl\nimport filterlang as fl\n\n"
    module.write_text(imports + function(PAGES[0]), encoding="utf-8")
    return runpy.run_path(str(module))["read_filters"]


def found_by(read, query):
    """Give the filters of a query, or code, number and place of what is wrong with it."""
    import filterlang as fl

    try:
        return read(query), None
    except fl.FilterError as error:
        told = [
            (one.code, one.source_index, (one.span.start, one.span.end))
            for one in error.diagnostics
        ]
        return None, told


@pytest.mark.parametrize("query", QUERIES)
def test_places_and_numbers_are_those_of_what_was_typed(read_filters, query):
    assert found_by(read_filters, query)[1] == QUERIES[query]


@pytest.mark.parametrize("query", QUERIES)
def test_a_page_and_the_dependency_of_fastapi_agree(read_filters, query):
    need("fastapi", "fastapi")
    from fastapi import Request
    from fastapi.exceptions import RequestValidationError

    import filterlang as fl
    from filterlang.integrations.fastapi import FilterQuery

    def of_dependency(query):
        request = Request({"type": "http", "query_string": query.encode()})
        try:
            return FilterQuery(fl.px.USER)(request), None
        except RequestValidationError as refused:
            return None, [placed(error) for error in refused.errors()]

    def placed(error):
        number = error["loc"][2] if len(error["loc"]) > 2 else None
        return error["ctx"]["code"], number, tuple(error["ctx"]["span"])

    assert of_dependency(query) == found_by(read_filters, query)
