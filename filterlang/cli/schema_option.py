"""Which schema a command works with: one of the API's own, or one from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from filterlang.diagnostics.diagnostic import showable, shown

if TYPE_CHECKING:
    from filterlang.schema.schema import Schema

if TYPE_CHECKING:
    _ParamType = click.ParamType[Schema]
else:
    _ParamType = click.ParamType  # older releases of click can't be subscripted

BUILT_IN = ("users", "accounts")
"""What --schema calls the schemas of the API; what completes them doesn't load these."""


def built_in_schemas() -> dict[str, Schema]:
    """Return the schemas that --schema knows by name."""
    from filterlang import px

    return dict(zip(BUILT_IN, (px.USER, px.ACCOUNT), strict=True))


def load_schema(name: str) -> Schema:
    """Return the schema called `users` or `accounts`, or the one in a JSON file.

    The file holds the plain data of `Schema.to_dict`, or else a JSON Schema, OpenAPI or Swagger
    document, of which `FILE#NAME` or `FILE#/POINTER` takes one schema.

    Raises `click.BadParameter` for a file that can't be read or isn't a schema.
    """
    from filterlang import Schema

    if name in BUILT_IN:
        return built_in_schemas()[name]
    path, ref = _parted(name)
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        known = " nor ".join(BUILT_IN)
        message = f"{shown(path)} is neither {known} nor a file that can be read: {error.strerror}"
        raise click.BadParameter(message) from error
    except (ValueError, RecursionError) as error:
        message = f"{shown(path)} is not JSON: {error}"
        raise click.BadParameter(message) from error
    if not isinstance(data, dict):
        message = f"{shown(path)} is not a schema: it holds no JSON object"
        raise click.BadParameter(message)
    if ref is not None and (problem := _problem_of_part(data, ref)):
        message = f"{shown(name)} names no schema: {problem}"
        raise click.BadParameter(message)
    try:
        if ref is None and "dimensions" in data:
            return Schema.from_dict(data)
        return Schema.from_json_schema(data, ref)
    except ValueError as error:
        hint = str(error).replace("by its name, as ref;", f"as '{path}#NAME';")
        message = f"{shown(path)} is not a schema: {hint}{_looks_so(data, hint)}"
        raise click.BadParameter(message) from error


def _looks_so(data: dict[str, object], problem: str) -> str:
    """Return what a schema looks like, to be said of a document that is none."""
    if problem != "the document is no schema":
        return ""
    are_types = bool(data) and all(map(_is_type, data.values()))
    sample = data if are_types else {"score": "number", "seen": "datetime"}
    looks = json.dumps({"dimensions": sample, "open": True}, ensure_ascii=False)
    if are_types:
        return f"; write {looks}"
    return (
        f"; one looks like {looks}, or is a JSON Schema ('filterlang schema infer FILE' makes one)"
    )


def _is_type(value: object) -> bool:
    from filterlang import Dimension

    if not isinstance(value, str):
        return False
    try:
        Dimension(value)
    except ValueError:
        return False
    return True


def _problem_of_part(data: dict[str, object], ref: str) -> str | None:
    """Return why no part of a document can be meant, whichever it is."""
    from filterlang.schema.json_schema import names

    known = names(data)
    if "dimensions" in data and not known:
        return (
            "the file holds one schema in filterlang's own form, with the key 'dimensions', which"
            " takes no #NAME; leave it out"
        )
    if ref:
        return None
    if not known:
        return "expected a pointer after '#', for the document names no schemas; or leave '#' out"
    return f"expected a name after '#': {', '.join(map(showable, known))}"


def _parted(name: str) -> tuple[str, str | None]:
    """Part the name of a file from which of its schemas is meant; None for the only one."""
    if Path(name).exists():
        return name, None
    # What stands behind the mark may be a pointer, which begins with it in other places.
    path, _, ref = name.rpartition("#")
    return (path, ref) if path else (name, None)


def _names_in(path: str) -> list[str]:
    """Return the names of the schemas in a file; none where it can't be read."""
    from filterlang.schema.json_schema import names

    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []  # a shell that completes shows no messages
    return names(data) if isinstance(data, dict) else []


class SchemaType(_ParamType):
    """The value of `--schema`: the name of a built-in schema, or a file."""

    name = "schema"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Schema:
        """Load the schema; a file that isn't one is bad usage."""
        try:
            return load_schema(str(value))
        except click.BadParameter as error:
            self.fail(error.message, param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the built-in schemas, files, and after `FILE#` the schemas in the file."""
        del ctx, param
        path, ref = _parted(incomplete)
        if ref is not None:
            found = (f"{path}#{name}" for name in _names_in(path))
            return [
                CompletionItem(item)
                for item in found
                if item.startswith(incomplete) and item.isprintable()
            ]
        names = [CompletionItem(name) for name in BUILT_IN if name.startswith(incomplete)]
        return names or [CompletionItem(incomplete, type="file")]


_MOST_COMPLETIONS = 100
"""Nobody reads longer lists."""


def complete_filter(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer what can be written next in a filter; without `--schema` the names of users."""
    del parameter
    from filterlang import complete, px

    schema = context.params.get("schema") or px.USER
    found = (
        (item.apply(incomplete), item.detail)
        for item in complete(incomplete, len(incomplete), schema, limit=None)
    )
    # A shell puts what the candidates have in common in the place of what was typed, so that all
    # of them have to begin with that, or it would be deleted.
    candidates = [
        CompletionItem(text, help=showable(detail))
        for text, detail in found
        if text.startswith(incomplete)
    ]
    return candidates[:_MOST_COMPLETIONS]


def complete_filter_or_file(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer what can be written next in the first argument, which is a filter; then files."""
    if context.params.get("arguments") or context.params.get("everything"):
        return [CompletionItem(incomplete, type="file")]
    return complete_filter(context, parameter, incomplete)
