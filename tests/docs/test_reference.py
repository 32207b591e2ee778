"""The generated pages of the reference hold what the library holds, and nothing of Python's own."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest

import filterlang as fl
from filterlang import px
from tests.support.documents import ROOT
from tests.support.engines import need


@pytest.fixture
def generated(monkeypatch):
    need("sphinx", "docs")
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import generated_pages

    yield generated_pages
    for name in ("api_lists", "generated_pages", "sources"):
        del sys.modules[name]


def rows(page, path):
    """Give the lines of the table of a list: name, type, operators, sort."""
    section = page.split(f"\n{path}\n{'-' * len(path)}\n")[1].split("\n---")[0]
    lines = re.findall(r"   \* - ``(.*)``\n     - (.*)\n     - (.*)\n     - (.*)\n", section)
    return {name: rest for name, *rest in lines}


def test_each_name_of_each_list_of_the_api_is_on_a_page(generated):
    page = generated.api_lists.page()
    for path, one in px.LISTS.items():
        assert f"``{one.records_key}``" in page, path
        if one.schema is None:
            assert f"``{path}``" in page.split("Lists without filters")[1]
            continue
        assert f"``GET /{path}``" in page
        names = {
            *one.schema.names(),
            *(f"{name}.…" for name, of in one.schema.walk() if of.is_open),
            *dict(one.schema.aliases),
        }
        assert set(rows(page, path)) == names, path


@pytest.mark.parametrize(
    ("path", "name", "told"),
    [
        ("users", "numberOfVisits", ["integer", "``== != < <= > >=``", "yes"]),
        ("users", "email", ["text", "all", "yes"]),
        ("users", "globalUnsubscribe", ["boolean", "``== !=``", "yes"]),
        ("users", "propertyKeys", ["list of text", "``== != ~ !~``", "no"]),
        ("users", "channelMetricList.channel", ["integer", "``== != < <= > >=``", "no"]),
        ("users", "customAttributes.…", ["map", "all", "yes"]),
        ("users", "countryCode", ["text", "all", "yes"]),
        ("events/email", "emailTrackType", ["text", "all", "no"]),
        ("events/email", "date", ["datetime", "``== != < <= > >=``", "yes"]),
        ("events/segment_match", "identifyId", ["text", "``==``", "no"]),
        ("events/custom", "attributes.…", ["map", "none", "no"]),
    ],
)
def test_a_name_has_its_type_operators_and_sort(generated, path, name, told):
    assert rows(generated.api_lists.page(), path)[name] == told


@pytest.mark.parametrize(
    ("module", "name", "shown"),
    [
        (
            "filterlang.px",
            "PAGE_SIZE",
            (
                ".. py:data:: filterlang.px.PAGE_SIZE\n   :value: 25\n\n"
                "   How many records a page has unless the request says otherwise.\n"
            ),
        ),
        (
            "filterlang.px",
            "USER",
            (
                ".. py:data:: filterlang.px.USER\n\n"
                "   What filters of ``GET /users`` may use.\n\n"
                "   :doc:`All names, with their types and operators </reference/lists>`.\n"
            ),
        ),
        (
            "filterlang.integrations.pydantic",
            "FilterParam",
            (
                ".. py:data:: filterlang.integrations.pydantic.FilterParam\n"
                "   :value: Annotated[Filter, AsFilter()]\n\n"
                "   A field or parameter that takes the text of one filter:"
                " ``filter: FilterParam``.\n"
            ),
        ),
    ],
)
def test_a_constant_has_its_value_and_its_own_docstring(generated, module, name, shown):
    if "pydantic" in module:
        need("pydantic", "pydantic")
    assert generated.entry(module, name) == shown


def test_every_constant_has_a_docstring_of_its_own(generated):
    for module in ("filterlang", "filterlang.px", "filterlang.testing"):
        for name in generated.public_names(module):
            shown = generated.entry(module, name)
            if shown.startswith(".. py:data::"):
                about = [
                    line for line in shown.splitlines()[1:] if not line.startswith("   :value")
                ]
                assert "".join(about).strip(), f"{module}.{name}"


@pytest.mark.parametrize(
    ("module", "name", "shown"),
    [
        (
            "filterlang.reasoning.rewriting",
            "Changed",
            "Clause | Filter | Iterable[Clause] | None",
        ),
        ("filterlang.reasoning.rewriting", "Emptied", "Literal['error', 'drop', 'match all']"),
        ("filterlang.px.paging", "_PageT", "PageT"),
        ("filterlang.px.paging", "ListRequest", None),
        ("filterlang.syntax.nodes", "Clause", None),
    ],
)
def test_signatures_say_what_aliases_stand_for(generated, module, name, shown):
    assert generated.sources.meant(module, name) == shown


def test_public_names_stand_for_themselves(generated):
    for name in fl.__all__:
        assert generated.sources.meant("filterlang.checking.parse", name) is None


def test_each_extra_has_its_line_on_a_page(generated):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = generated.extras_page(ROOT)
    lines = re.findall(r"^   \* - ``(\w+)``\n     - (.+)\n     - ``", page, re.MULTILINE)
    assert sorted(extra for extra, _ in lines) == sorted(project["optional-dependencies"])
