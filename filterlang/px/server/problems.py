"""Answers that say no, in the shape that the API has for them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class Problem(Exception):  # noqa: N818 — an answer that clients expect, not a fault of the server
    """What a request is refused for.

    Args:
        status: of the answer.
        message: for people.
        sub_errors: one object for each thing that is wrong, such as the diagnostics of a filter.
        headers: of the answer.
    """

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        sub_errors: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.sub_errors = sub_errors
        self.headers: dict[str, str] = headers or {}

    def to_dict(self) -> dict[str, Any]:
        """Return the body of the answer.

        Example:
            >>> bad_request("no such sort").to_dict()["externalapierror"]["status"]
            'BAD_REQUEST'
        """
        return {
            "externalapierror": {
                "status": _NAMES.get(self.status, self.status.name),
                "message": self.message,
                "debugMessage": None,
                "subErrors": self.sub_errors,
            }
        }


_NAMES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "PAYLOAD_TOO_LARGE",
    HTTPStatus.REQUEST_URI_TOO_LONG: "URI_TOO_LONG",
}
"""Names that differ from Python's, whose own differ from version to version; they are Spring's."""


def bad_request(message: str, sub_errors: list[dict[str, Any]] | None = None) -> Problem:
    """Return the answer 400."""
    return Problem(HTTPStatus.BAD_REQUEST, message, sub_errors)


def wrong_parameter(message: str, name: str) -> Problem:
    """Return the answer 400 for one parameter of the query string."""
    return bad_request(message, [{"object": "parameter", "field": name, "message": message}])
