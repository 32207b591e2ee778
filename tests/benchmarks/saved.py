"""Filters that people save about users, and the users: what an index is measured on.

They ask for accounts, addresses, places, names, segments and dates. The *selective* ones match
about one record in 5,000 each; the *mixed* ones have others between them that match many
(`score>=40`, `role!=viewer`); in *about lists*, records hold lists of objects, and one filter in
ten asks about them.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = 86_400_000
FIRST_DAY = 1_577_836_800_000

_SYLLABLES = ("an", "bel", "co", "der", "el", "fin", "gar", "ho", "ing", "jo", "ka", "lor", "mi")


def _names(random: Random, count: int) -> list[str]:
    return [
        "".join(random.choices(_SYLLABLES, k=random.randint(2, 4))).title() for _ in range(count)
    ]


class World:
    """What users and filters are made of; the same for any number of filters."""

    def __init__(self, seed: int = 4) -> None:
        self.random = random = Random(seed)  # noqa: S311 — the same ones again, not secret ones
        self.countries = [f"{a}{b}" for a in "ABCDEFGH" for b in "STUVW"]
        self.cities = [(name, self.skewed(self.countries)) for name in _names(random, 400)]
        self.companies = [
            f"{name.lower()}{n}.example" for n, name in enumerate(_names(random, 2000))
        ]
        self.accounts = [f"acct-{number:05}" for number in range(5000)]
        self.first_names = _names(random, 200)
        self.last_names = _names(random, 1000)
        self.segments = [f"seg-{number}" for number in range(300)]
        self.titles = [f"{a} {b}" for a in _names(random, 12) for b in _names(random, 10)]
        self.properties = [f"AP-{number:04}-1" for number in range(200)]
        self.roles = ["admin", "viewer", "editor", "owner", "guest", "support", "sales", "ops"]
        self.plans = ["free", "starter", "pro", "business", "enterprise"]
        self.browsers = ["chrome", "firefox", "safari", "edge"]

    def skewed(self, values: list[Any]) -> Any:
        """Choose one; the first ones are chosen more often."""
        return values[int(len(values) * self.random.random() ** 2)]

    def email(self) -> str:
        one = self.random.choice
        return f"{one(self.first_names)}.{one(self.last_names)}@{one(self.companies)}".lower()

    def record(self, *, lists: bool = False) -> dict[str, Any]:
        random, one = self.random, self.random.choice
        city, country = one(self.cities)
        record = {
            "id": f"u-{random.randrange(10**6)}",
            "identifyId": f"t{random.randrange(10**7):07}",
            "email": self.email(),
            "firstName": one(self.first_names),
            "lastName": one(self.last_names),
            "accountId": one(self.accounts),
            "type": "USER",
            "role": one(self.roles),
            "title": one(self.titles),
            "phone": "",
            "score": random.randrange(101),
            "numberOfVisits": int(random.expovariate(0.02)),
            "globalUnsubscribe": random.random() < 0.1,
            "signUpDate": FIRST_DAY + random.randrange(1500) * DAY,
            "lastSeenDate": FIRST_DAY + random.randrange(1500) * DAY,
            "customAttributes": {
                "plan": self.skewed(self.plans),
                "segment": one(self.segments),
                "seats": random.randrange(500),
                "csm": None,
            },
            "location": {
                "countryCode": country,
                "city": city,
                "stateName": "",
                "coordinates": {"latitude": random.random() * 90, "longitude": 0.5},
            },
        }
        if lists:
            record["lastVisitedUserAgentData"] = [
                {
                    "propertyKey": one(self.properties),
                    "userAgent": {"browserType": one(self.browsers), "platformType": "mac"},
                }
                for _ in range(random.randint(1, 3))
            ]
        return record

    def selective(self) -> str:
        """Give a filter that few records pass."""
        random, one = self.random, self.random.choice
        city, country = one(self.cities)
        day = FIRST_DAY + random.randrange(1500) * DAY
        visits = random.randrange(100)
        kinds: list[tuple[int, Callable[[], str]]] = [
            (20, lambda: f"accountId=={one(self.accounts)};role=={one(self.roles)}"),
            (15, lambda: f"email=={self.email()}"),
            (15, lambda: f"email~*@{one(self.companies)};score>={random.randrange(10) * 10}"),
            (
                15,
                lambda: (
                    f"location.countryCode=={country};location.city=={city};"
                    f"customAttributes.plan=={self.skewed(self.plans)}"
                ),
            ),
            (
                10,
                lambda: (
                    f"lastName~{one(self.last_names)[: random.randint(4, 6)]}*;"
                    f"location.countryCode=={self.skewed(self.countries)}"
                ),
            ),
            (5, lambda: f"identifyId~t{random.randrange(10**4):04}*"),
            (
                5,
                lambda: (
                    f"customAttributes.segment=={one(self.segments)};type==USER;"
                    f"role=={one(self.roles)};globalUnsubscribe==false"
                ),
            ),
            (5, lambda: f"signUpDate>={day};signUpDate<{day + 30 * DAY};location.city=={city}"),
            (
                5,
                lambda: (
                    f"title~*{one(self.titles).split()[1]}*;role!=viewer;"
                    f"customAttributes.segment=={one(self.segments)}"
                ),
            ),
            (
                5,
                lambda: (
                    f"numberOfVisits>={visits};numberOfVisits<={visits + 5};score>=50;"
                    f"signUpDate>={day};signUpDate<{day + 10 * DAY}"
                ),
            ),
        ]
        return random.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()

    def mixed(self) -> str:
        """Give a filter of which one in ten matches many records."""
        random, one = self.random, self.random.choice
        if random.random() < 0.9:
            return self.selective()
        return one(
            [
                f"score>={random.randrange(101)}",
                f"role=={one(self.roles)};score>={random.randrange(101)}",
                f"role!={one(self.roles)};customAttributes.plan!={one(self.plans)}",
                f"globalUnsubscribe==false;location.countryCode=={self.skewed(self.countries)}",
                f"title~*{one(self.titles)[:3]}*;email!~*@{one(self.companies)}",
                f"lastSeenDate>={FIRST_DAY + random.randrange(1500) * DAY};numberOfVisits>=10",
            ]
        )

    def about_lists(self) -> str:
        """Give a filter of which one in ten asks about a list of objects."""
        if self.random.random() < 0.9:
            return self.selective()
        one = self.random.choice
        return (
            f"lastVisitedUserAgentData.propertyKey=={one(self.properties)};"
            f"lastVisitedUserAgentData.userAgent.browserType=={one(self.browsers)}"
        )
