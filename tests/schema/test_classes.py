"""Schemas made of dataclasses, TypedDicts, NamedTuples and pydantic models."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from typing import (
    Annotated,
    Any,
    Final,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Required,
    Self,
    TypedDict,
    TypeVar,
)
from uuid import UUID

import pydantic
import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, computed_field
from typing_extensions import TypeAliasType

from filterlang import Dimension, Schema

T = TypeVar("T")
Bound = TypeVar("Bound", bound=int)
Choice = TypeVar("Choice", int, float)
UserId = NewType("UserId", int)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1


class Mixed(Enum):
    ONE = 1
    TWO = "two"
    THREE = (1, 2)
    NONE = None


class Doc:
    def __init__(self, documentation):
        self.documentation = documentation


class deprecated:  # noqa: N801 — as the one of warnings, which 3.11 doesn't have
    def __init__(self, message):
        self.message = message


@dataclasses.dataclass
class Place:
    city: str
    zip: int | None = None
    _hidden: int = 0


class Visit(TypedDict, total=False):
    page: Required[str]
    seconds: NotRequired[float]
    _kept: bool


class Pair(NamedTuple):
    low: int
    high: Decimal


def typed(annotation):
    """Give the dimension of a field with an annotation."""
    made = dataclasses.make_dataclass("Made", [("x", annotation)])
    (found,) = Schema.from_type(made).dimensions
    assert found[0] == "x"
    return found[1]


PLACE = Dimension("object", fields={"city": "text", "zip": "integer"})


@pytest.mark.parametrize(
    ("annotation", "dimension"),
    [
        (str, Dimension("text")),
        (int, Dimension("integer")),
        (float, Dimension("number")),
        (Decimal, Dimension("number")),
        (Fraction, Dimension("number")),
        (bool, Dimension("boolean")),
        (dt.date, Dimension("datetime")),
        (dt.datetime, Dimension("datetime")),
        (UUID, Dimension("text")),
        (bytes, Dimension("text", detail="a bytes")),
        (complex, Dimension("text", detail="a complex")),
        (Any, Dimension("text", detail="of any type")),
        (object, Dimension("text", detail="of any type")),
        (None, Dimension("text", detail="always null")),
        (int | None, Dimension("integer")),
        (int | float, Dimension("number")),
        (int | str, Dimension("text", detail="text or integer")),
        (Colour, Dimension("enum", values=["red", "blue"])),
        (Level, Dimension("integer")),
        (Mixed, Dimension("text", detail="of any type")),
        (Literal["a", "b"] | None, Dimension("enum", values=["a", "b"])),
        (Literal["a", 1], Dimension("text", detail="text or integer")),
        (Literal[True], Dimension("boolean")),
        (Literal[""], Dimension("text")),
        (Literal[Colour.RED], Dimension("enum", values=["red"])),
        (list[str], Dimension("list of text")),
        (list, Dimension("list of text", detail="of any type")),
        (set[int], Dimension("list of integer")),
        (tuple[int, ...], Dimension("list of integer")),
        (tuple[int, float], Dimension("list of number")),
        (Sequence[list[bool]], Dimension("list of boolean")),
        (list[Place], Dimension("list of objects", fields=dict(PLACE.fields))),
        (dict[str, int], Dimension("map")),
        (Mapping[str, int], Dimension("map")),
        (Place, PLACE),
        (Place | None, PLACE),
        (
            Visit,
            Dimension("object", fields={"page": "text", "seconds": "number", "_kept": "boolean"}),
        ),
        (Pair, Dimension("object", fields={"low": "integer", "high": "number"})),
        (UserId, Dimension("integer")),
        (T, Dimension("text", detail="of any type")),
        (Bound, Dimension("integer")),
        (Choice, Dimension("number")),
        (Self, Dimension("object", fields={"x": Dimension("map", detail="again a Made")})),
        (Annotated[str, Field(description="the e-mail address")], None),
        (Annotated[str, Doc("the e-mail address")], None),
        (Annotated[str, "other"], Dimension("text")),
        (Annotated[str, deprecated("use y")], Dimension("text", deprecated="use y")),
        (Annotated[str, Field(deprecated=True)], Dimension("text", deprecated="")),
        (Final[int], Dimension("integer")),
    ],
)
def test_annotations(annotation, dimension):
    expected = dimension or Dimension("text", detail="the e-mail address")
    found = typed(annotation)
    if annotation is Self:
        # The class is there again at once.
        assert found == Dimension("map", detail="again a Made")
    else:
        assert found == expected


def test_the_name_is_that_of_the_class():
    assert Schema.from_type(Place) == Schema({"city": "text", "zip": "integer"}, name="Place")
    assert Schema.from_type(Place, name="places").name == "places"
    assert Schema.from_type(Visit).names() == ["page", "seconds", "_kept"]


@dataclasses.dataclass
class Page(Generic[T]):
    items: list[T]
    first: T
    next: Page[T] | None = None


def test_generic_classes():
    again = Dimension("map", detail="again a Page")
    assert dict(Schema.from_type(Page[int]).dimensions) == {
        "items": Dimension("list of integer"),
        "first": Dimension("integer"),
        "next": again,
    }
    anything = Dimension("text", detail="of any type")
    assert dict(Schema.from_type(Page).dimensions) == {
        "items": Dimension("list of text", detail="of any type"),
        "first": anything,
        "next": again,
    }


@dataclasses.dataclass
class Person:
    name: str
    boss: Person | None
    staff: list[Person]


def test_a_class_that_contains_itself_is_a_map_where_it_comes_again():
    assert dict(Schema.from_type(Person).dimensions) == {
        "name": Dimension("text"),
        "boss": Dimension("map", detail="again a Person"),
        "staff": Dimension("list of map", detail="again a Person"),
    }


# What a `type` statement makes, which 3.11 doesn't have.
Name = TypeAliasType("Name", str)


def test_type_aliases():
    assert typed(Name) == Dimension("text")
    assert typed(list[Name]) == Dimension("list of text")


def test_very_deep_classes_end_in_maps():
    inner: Any = str
    for number in range(70):
        inner = dataclasses.make_dataclass(f"Level{number}", [("a", inner)])
    schema = Schema.from_type(inner)
    assert schema.find(".".join("a" * 64)).dimension.described() == "a map"


# --- Pydantic -------------------------------------------------------------------------------------


class User(BaseModel):
    model_config = ConfigDict(extra="allow")

    first_name: str = Field(serialization_alias="firstName", description="the given name")
    score: int = Field(alias="userScore", deprecated="use points")
    secret: str = Field(exclude=True)
    born: pydantic.PastDate | None = None
    seen: pydantic.AwareDatetime | None = None
    tags: pydantic.conlist(str) = []
    mail: pydantic.SecretStr = pydantic.SecretStr("")

    @computed_field(alias="isNew", description="whether it is")
    def is_new(self) -> bool:
        return True

    @computed_field
    def age(self) -> int:
        return 7


def test_models_by_the_names_in_their_json():
    assert Schema.from_type(User) == Schema(
        {
            "firstName": Dimension("text", detail="the given name"),
            "userScore": Dimension("integer", deprecated="use points"),
            "born": "datetime",
            "seen": "datetime",
            "tags": "list of text",
            "mail": Dimension("text", detail="a SecretStr"),
            "isNew": Dimension("boolean", detail="whether it is"),
            "age": "integer",
        },
        aliases={"first_name": "firstName", "score": "userScore", "is_new": "isNew"},
        is_open=True,
        name="User",
    )


def test_models_by_the_names_of_their_fields():
    schema = Schema.from_type(User, by_alias=False)
    assert schema.names()[:2] == ["first_name", "score"]
    assert dict(schema.aliases) == {
        "firstName": "first_name",
        "userScore": "score",
        "isNew": "is_new",
    }


class Names(RootModel[list[str]]):
    pass


class Team(BaseModel):
    names: Names
    lead: User | None = Field(alias="boss")
    any_: dict[str, int] = Field(alias="=")


def test_models_in_models():
    schema = Schema.from_type(Team)
    assert schema.find("names").dimension == Dimension("list of text")
    assert schema.find("boss").dimension.described() == "a map"
    assert schema.resolve("lead.first_name") == "boss.firstName"
    assert schema.find("any_") is None


class Box(BaseModel, Generic[T]):
    content: T


def test_generic_models():
    assert Schema.from_type(Box[int]).find("content").dimension == Dimension("integer")


def test_pydantic_dataclasses():
    @pydantic.dataclasses.dataclass
    class Point:
        x: float = Field(description="to the right")

    assert dict(Schema.from_type(Point).dimensions) == {
        "x": Dimension("number", detail="to the right")
    }


def test_a_name_of_something_else_is_no_alias():
    class Swapped(BaseModel):
        a: int = Field(alias="b")
        c: str = Field(alias="a")

    schema = Schema.from_type(Swapped)
    assert schema.names() == ["b", "a"]
    assert dict(schema.aliases) == {"c": "a"}


# --- Mistakes -------------------------------------------------------------------------------------

WANTED = (
    "expected a dataclass, TypedDict, NamedTuple or pydantic model (the class, not an instance),"
    " found "
)


@dataclasses.dataclass
class Unresolved:
    a: Nowhere  # noqa: F821 — that is the case


class Incomplete(BaseModel):
    a: Nowhere  # noqa: F821 — that is the case


@pytest.mark.parametrize(
    ("class_", "message"),
    [
        (int, WANTED + "int"),
        (dict, WANTED + "dict"),
        (Place("Bonn"), WANTED + "Place(city='Bonn', zip=None, _hidden=0)"),
        (list[Place], WANTED + "list"),
        (Names, WANTED + "Names"),
        (
            Unresolved,
            (
                "the annotations of Unresolved can't be resolved: name 'Nowhere' is not defined;"
                " what they name has to be defined in its module"
            ),
        ),
        (Incomplete, "Incomplete isn't fully defined; call its model_rebuild() first"),
    ],
)
def test_what_is_no_record(class_, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Schema.from_type(class_)


def test_an_annotation_that_is_left_as_text():
    with pytest.raises(ValueError, match=r"^the annotation 'Nowhere' of 'x' can't be resolved$"):
        typed(TypeVar("Lost", bound="Nowhere"))  # noqa: F821 — that is the case
