"""The sample data under `docs/data`: made by its script alone, and in the shape of the API."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

# From this file, not from the package: the tests also run beside an installed wheel.
DATA = Path(__file__).parents[2] / "docs" / "data"

LOCATION = {
    "countryName", "countryCode", "stateName", "stateCode", "city", "street", "postalCode",
    "continent", "regionName", "timeZone", "coordinates",
}  # fmt: skip
USER = {
    "identifyId", "aptrinsicId", "email", "firstName", "lastName", "title", "phone", "role",
    "subscriptionId", "accountId", "sfdcContactId", "globalId", "id", "type", "gender",
    "lastSeenDate", "signUpDate", "firstVisitDate", "createDate", "lastModifiedDate", "score",
    "numberOfVisits", "globalUnsubscribe", "propertyKeys", "customAttributes", "location",
    "lastInferredLocation", "lastVisitedUserAgentData", "channelMetricList",
}  # fmt: skip
ACCOUNT = {
    "id", "name", "trackedSubscriptionId", "sfdcId", "dunsNumber", "industry", "sicCode",
    "website", "naicsCode", "plan", "parentGroupId", "gsId", "csm", "numberOfEmployees",
    "numberOfUsers", "healthScore", "nps", "lastSeenDate", "createDate", "lastModifiedDate",
    "renewalDate", "propertyKeys", "location", "customAttributes",
}  # fmt: skip
EVENT = {
    "eventId", "identifyId", "propertyKey", "date", "eventType", "sessionId", "userType",
    "accountId", "globalContext", "eventName", "attributes", "url", "referrer", "remoteHost",
}  # fmt: skip
USER_AGENT = {
    "rawUserAgent", "device", "platformType", "platformVersion", "browserType", "browserVersion",
}  # fmt: skip
CHANNEL_METRIC = {"groupId", "channel", "environment", "firstSeenDate", "lastSeenDate"}

DATES = {
    "lastSeenDate", "signUpDate", "firstVisitDate", "createDate", "lastModifiedDate",
    "renewalDate",
}  # fmt: skip
INTEGERS = {"score", "numberOfVisits", "numberOfEmployees", "numberOfUsers", "healthScore"}
NOT_TEXT = {
    *DATES, *INTEGERS, "nps", "globalUnsubscribe", "propertyKeys", "customAttributes", "location",
    "lastInferredLocation", "lastVisitedUserAgentData", "channelMetricList",
}  # fmt: skip


def records(name):
    text = (DATA / name).read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


USERS = records("users.jsonl")
ACCOUNTS = records("accounts.jsonl")
EVENTS = records("custom_events.jsonl")


def elements(record, name):
    """The elements of a list of objects that may be null, missing, or hold nulls."""
    return [element for element in record.get(name) or [] if element is not None]


def test_the_script_reproduces_the_files(tmp_path):
    script = DATA / "make_sample_data.py"
    command = [sys.executable, str(script), "--output-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == ["accounts.jsonl", "custom_events.jsonl", "users.jsonl"]
    for path in tmp_path.iterdir():
        # Compared outside the assertion: pytest would spend minutes on the difference of both.
        is_same = path.read_bytes() == (DATA / path.name).read_bytes()
        assert is_same, f"{path.name} is not what its script writes"


def test_there_is_enough_to_try_and_not_more():
    assert 380 <= len(USERS) <= 420
    assert 110 <= len(ACCOUNTS) <= 130
    assert 1200 <= len(EVENTS) <= 1300


def test_events_are_those_of_the_users_within_the_time_that_the_api_answers_for():
    users = {user["identifyId"]: user for user in USERS}
    for event in EVENTS:
        assert set(event) == EVENT
        user = users[event["identifyId"]]
        assert (event["accountId"], event["userType"]) == (user["accountId"], user["type"])
    dates = [event["date"] for event in EVENTS]
    assert max(dates) - min(dates) < 190 * 86_400_000
    assert len({event["eventId"] for event in EVENTS}) == len(EVENTS)


@pytest.mark.parametrize(("rows", "known"), [(USERS, USER), (ACCOUNTS, ACCOUNT)])
def test_records_have_only_the_keys_of_the_api(rows, known):
    assert set().union(*rows) == known  # each of them is also there at least once
    for row in rows:
        for name in ("location", "lastInferredLocation"):
            if (location := row.get(name)) is not None:
                assert set(location) == LOCATION
                assert set(location["coordinates"]) == {"latitude", "longitude"}
        for entry in elements(row, "lastVisitedUserAgentData"):
            assert set(entry) == {"propertyKey", "userAgent"}
            assert set(entry["userAgent"]) == USER_AGENT
        for entry in elements(row, "channelMetricList"):
            assert set(entry) == CHANNEL_METRIC


@pytest.mark.parametrize("rows", [USERS, ACCOUNTS])
def test_values_have_the_types_of_the_api(rows):
    for row in rows:
        for name, value in row.items():
            if value is None:
                continue
            if name in DATES | INTEGERS:
                assert type(value) is int, name
            elif name not in NOT_TEXT:
                assert type(value) is str, name
        assert type(row.get("nps") or 0) in {int, float}
        assert type(row.get("globalUnsubscribe") or False) is bool
        assert type(row.get("customAttributes") or {}) is dict
        assert all(type(key) is str for key in row["propertyKeys"])


def test_keys_are_unique_and_links_lead_somewhere():
    account_ids = {account["id"] for account in ACCOUNTS}
    assert len(account_ids) == len(ACCOUNTS)
    assert len({user["identifyId"] for user in USERS}) == len(USERS)
    assert {user["accountId"] for user in USERS} <= account_ids | {""}
    assert {account["parentGroupId"] for account in ACCOUNTS} <= account_ids | {""}
    for account in ACCOUNTS:
        mine = [user for user in USERS if user["accountId"] == account["id"]]
        assert account["numberOfUsers"] == len(mine)
        assert account["lastSeenDate"] == max((user["lastSeenDate"] for user in mine), default=0)


def test_addresses_belong_to_nobody():
    example = re.compile(r"[A-Za-z0-9.+]+@([a-z0-9]+\.)?example\.(com|org|net)")
    for user in USERS:
        assert user["email"] == "" or example.fullmatch(user["email"])
    for account in ACCOUNTS:
        assert re.fullmatch(r"https://[a-z0-9]+\.example\.(com|org|net)/", account["website"])


def test_firefox_and_a_product_are_not_always_firefox_in_that_product():
    """The data shows what the rule about lists of objects is good for."""
    together, apart = 0, 0
    for user in USERS:
        entries = elements(user, "lastVisitedUserAgentData")
        pairs = [(entry["userAgent"]["browserType"], entry["propertyKey"]) for entry in entries]
        browsers, keys = {browser for browser, _ in pairs}, {key for _, key in pairs}
        if ("firefox", "AP-SAMPLEWEB001-2") in pairs:
            together += 1
        elif "firefox" in browsers and "AP-SAMPLEWEB001-2" in keys:
            apart += 1
    assert together > 10
    assert apart > 10
