"""What pydantic asks of a class that is the type of a field; the answers are an integration's."""

from __future__ import annotations

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from typing import Any


class ModelField:
    """A class that may be the type of a field of a model of pydantic, with nothing beside it.

    Pydantic asks the class itself. What answers knows pydantic and stands floors above, so that it
    is imported only when it is asked, and by its name.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _type_of(cls).__get_pydantic_core_schema__(source, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        return _type_of(cls).__get_pydantic_json_schema__(schema, handler)


def _type_of(node: type[ModelField]) -> Any:
    from importlib import import_module

    return import_module("filterlang.integrations.pydantic").type_of(node)
