"""The records of the API: the schemas of users and accounts.

From the vendor's Swagger description; the bare names `countryCode` and `cityName` are those of the
API's documentation of 2019. In records, absent text is `""` and an absent date or number `0`.

Example:
    >>> USER.find("countryCode").name
    'location.countryCode'
    >>> ACCOUNT.find("numberOfEmployees").dimension.type
    'integer'
    >>> USER.find("customAttributes.plan").dimension is None  # any name, of any type
    True
"""

from __future__ import annotations

from filterlang.schema.schema import Dimension, Schema


def _each(type_: str, **details: str) -> dict[str, Dimension]:
    """Build dimensions of one type, each with its detail."""
    return {name: Dimension(type_, detail=detail) for name, detail in details.items()}


_PLACE = {
    **_each(
        "text",
        countryName="the country's name",
        countryCode="the country's two letters of ISO 3166-1",
        stateName="the state's or region's name",
        stateCode="the state's code within the country",
        city="the city's name",
        street="the street, with the number",
        postalCode="the postal code",
        continent="the continent's two letters",
        regionName="the region's name or code",
        timeZone="the time zone, such as Europe/Berlin",
    ),
    "coordinates": Dimension(
        "object",
        fields=_each(
            "number",
            latitude="degrees north of the equator",
            longitude="degrees east of Greenwich",
        ),
        detail="where it is on the globe",
    ),
}

_USER_AGENT = _each(
    "text",
    rawUserAgent="the header as the browser sent it",
    device="the kind of device",
    platformType="the operating system",
    platformVersion="the operating system's version",
    browserType="the browser",
    browserVersion="the browser's version",
)

_SHARED = {
    **_each("list of text", propertyKeys="the keys of the products it was seen in"),
    "customAttributes": Dimension("map", detail="the attributes that you have defined"),
    "location": Dimension("object", fields=_PLACE, detail="the place that your application sent"),
}

_ALIASES = {
    "countryCode": "location.countryCode",
    "cityName": "location.city",
    "location.cityName": "location.city",
}

USER = Schema(
    {
        **_each(
            "text",
            identifyId="the user's key: the ID in your application",
            aptrinsicId="the ID that the API has given the user",
            email="the e-mail address",
            firstName="the given name",
            lastName="the family name",
            title="the job title",
            phone="the telephone number",
            role="the role in your application",
            subscriptionId="the ID of the subscription",
            accountId="the ID of the user's account",
            sfdcContactId="the ID of the contact in Salesforce",
            globalId="the ID across products",
        ),
        # It stands in answers alone.
        "id": Dimension(
            "text",
            filterable=False,
            deprecated="filter by identifyId, which is the same",
            detail="the same as identifyId",
        ),
        "type": Dimension(
            "enum",
            values=("LEAD", "USER", "VISITOR", "EMPTY_USER_TYPE"),
            detail="how well the user is known",
        ),
        "gender": Dimension("enum", values=("MALE", "FEMALE", "OTHER", "EMPTY_GENDER")),
        **_each(
            "datetime",
            lastSeenDate="the latest visit",
            signUpDate="when the user signed up",
            firstVisitDate="the first visit",
            createDate="when the record was made",
            lastModifiedDate="when the record was last changed",
        ),
        **_each(
            "integer",
            score="the engagement score, from 0 to 100",
            numberOfVisits="how many visits there were",
        ),
        **_each("boolean", globalUnsubscribe="whether the user takes no e-mail at all"),
        **_SHARED,
        "lastInferredLocation": Dimension(
            "object", fields=_PLACE, detail="the place that the latest visit came from"
        ),
        "lastVisitedUserAgentData": Dimension(
            "list of objects",
            fields={
                **_each("text", propertyKey="the product's key"),
                "userAgent": Dimension("object", fields=_USER_AGENT, detail="the browser there"),
            },
            detail="the latest browser in each product",
        ),
        "channelMetricList": Dimension(
            "list of objects",
            fields={
                **_each("text", groupId="the ID of the account"),
                **_each(
                    "integer",
                    channel="the channel's number",
                    environment="the environment's number",
                ),
                **_each(
                    "datetime",
                    firstSeenDate="the first visit through it",
                    lastSeenDate="the latest visit through it",
                ),
            },
            detail="when the user was seen on each channel",
        ),
    },
    aliases=_ALIASES,
    name="users",
)
"""What filters of `GET /users` may use."""

ACCOUNT = Schema(
    {
        **_each(
            "text",
            id="the account's key: the ID in your application",
            name="the account's name",
            trackedSubscriptionId="the ID of the subscription",
            sfdcId="the ID of the account in Salesforce",
            dunsNumber="the number of Dun & Bradstreet",
            industry="the line of business",
            sicCode="its code by the SIC",
            website="the address of the website",
            naicsCode="its code by the NAICS",
            plan="the plan that was bought",
            parentGroupId="the ID of the account that it belongs to",
            gsId="the ID in Gainsight CS",
            csm="the customer success manager",
        ),
        **_each(
            "integer",
            numberOfEmployees="how many employees there are",
            numberOfUsers="how many users there are",
            healthScore="the health score",
        ),
        **_each("number", nps="the net promoter score"),
        **_each(
            "datetime",
            lastSeenDate="the latest visit of any of its users",
            createDate="when the record was made",
            lastModifiedDate="when the record was last changed",
            renewalDate="when the contract ends or is renewed",
        ),
        **_SHARED,
    },
    aliases=_ALIASES,
    name="accounts",
)
"""What filters of `GET /accounts` may use."""
