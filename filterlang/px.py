"""The records of the API: the schemas of users and accounts.

From the vendor's Swagger description; the bare names `countryCode` and `cityName` are those of the
API's documentation of 2019.

Example:
    >>> USER.find("countryCode").name
    'location.countryCode'
    >>> ACCOUNT.find("numberOfEmployees").dimension.type
    'integer'
"""

from __future__ import annotations

from filterlang.schema import Dimension, Schema


def _fields(type_: str, names: str) -> dict[str, Dimension]:
    return {name: Dimension(type_) for name in names.split()}


_LOCATION = Dimension(
    "object",
    fields={
        **_fields(
            "text",
            "countryName countryCode stateName stateCode city street postalCode continent"
            " regionName timeZone",
        ),
        "coordinates": Dimension("object", fields=_fields("number", "latitude longitude")),
    },
)

_USER_AGENT = Dimension(
    "object",
    fields=_fields(
        "text", "rawUserAgent device platformType platformVersion browserType browserVersion"
    ),
)

_ALIASES = {
    "countryCode": "location.countryCode",
    "cityName": "location.city",
    "location.cityName": "location.city",
}

USER = Schema(
    {
        **_fields(
            "text",
            "identifyId aptrinsicId email firstName lastName title phone role subscriptionId"
            " accountId sfdcContactId globalId id",
        ),
        "type": Dimension("enum", values=("LEAD", "USER", "VISITOR", "EMPTY_USER_TYPE")),
        "gender": Dimension("enum", values=("MALE", "FEMALE", "OTHER", "EMPTY_GENDER")),
        **_fields("datetime", "lastSeenDate signUpDate firstVisitDate createDate lastModifiedDate"),
        **_fields("integer", "score numberOfVisits"),
        "globalUnsubscribe": Dimension("boolean"),
        "propertyKeys": Dimension("list of text"),
        "customAttributes": Dimension("map"),
        "location": _LOCATION,
        "lastInferredLocation": _LOCATION,
        "lastVisitedUserAgentData": Dimension(
            "list of objects",
            fields={"propertyKey": Dimension("text"), "userAgent": _USER_AGENT},
        ),
        "channelMetricList": Dimension(
            "list of objects",
            fields={
                **_fields("text", "groupId channel environment"),
                **_fields("datetime", "firstSeenDate lastSeenDate"),
            },
        ),
    },
    aliases=_ALIASES,
    name="users",
)
"""What filters of `GET /users` may use."""

ACCOUNT = Schema(
    {
        **_fields(
            "text",
            "id name trackedSubscriptionId sfdcId dunsNumber industry sicCode website naicsCode"
            " plan parentGroupId gsId csm",
        ),
        **_fields("integer", "numberOfEmployees numberOfUsers healthScore"),
        "nps": Dimension("number"),
        **_fields("datetime", "lastSeenDate createDate lastModifiedDate renewalDate"),
        "propertyKeys": Dimension("list of text"),
        "location": _LOCATION,
        "customAttributes": Dimension("map"),
    },
    aliases=_ALIASES,
    name="accounts",
)
"""What filters of `GET /accounts` may use."""
