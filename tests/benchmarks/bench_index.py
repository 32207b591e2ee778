"""One record against many saved filters: `python -m tests.benchmarks.bench_index [counts …]`.

The index stands beside a loop over compiled matchers, on the same filters and records, in one run.
Filters are of the kinds that people save about users: by account, address, place, name, segment,
dates. The *selective* ones match about one record in 5,000 each; the *mixed* ones have others
between them that match many (`score>=40`, `role!=viewer`); with *lists*, records hold lists of
objects, and some filters ask about them.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from random import Random
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import filterlang as fl
from filterlang.index import FilterIndex

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = (100, 1_000, 10_000, 100_000)
RECORDS = 100
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
        self.random = random = Random(seed)
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


def each(match: Callable[[Any], object], records: list[Any], rounds: int) -> float:
    """Give the median over records of the best time of one match, in microseconds."""
    times = []
    for record in records:
        best = float("inf")
        for _ in range(rounds):
            start = perf_counter()
            match(record)
            best = min(best, perf_counter() - start)
        times.append(best * 1e6)
    return median(times)


def measure(label: str, count: int, make: Callable[[], str], records: list[Any]) -> None:
    texts = {number: make() for number in range(count)}
    start = perf_counter()
    parsed = {key: fl.parse(text) for key, text in texts.items()}
    parsing = (perf_counter() - start) / count * 1e6

    gc.collect()
    start = perf_counter()
    index = FilterIndex(parsed)
    building = (perf_counter() - start) / count * 1e6

    few = records[: max(3, min(len(records), 300_000 // count))]
    loop = [(key, fl.compile(filters).matches) for key, filters in parsed.items()]

    def looped(record: Any) -> list[int]:
        return [key for key, matches in loop if matches(record)]

    matches = [len(index.match(record)) for record in records]
    for record in few:
        assert index.match(record) == looped(record)
    alone = each(index.match, records, 5)
    among = each(looped, few, 3)
    del loop, index
    gc.collect()
    tracemalloc.start()
    index = FilterIndex(parsed)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"{label:10}{count:>8,}{sum(matches) / len(matches):>9.1f}{among:>11.1f}{alone:>9.1f}"
        f"{alone / among:>9.2%}{building:>8.1f}{parsing:>8.1f}{size / 1e6:>8.1f}"
        f"{size / count:>7.0f}",
        flush=True,
    )


def main(counts: tuple[int, ...] = COUNTS) -> None:
    """Print a line for each kind and number of filters."""
    print(
        f"{'':10}{'filters':>8}{'matches':>9}{'loop µs':>11}{'index':>9}{'':>9}"
        f"{'build':>8}{'parse':>8}{'MB':>8}{'B each':>7}"
    )
    for label, lists in (("selective", False), ("mixed", False), ("lists", True)):
        world = World()
        records = [world.record(lists=lists) for _ in range(RECORDS)]
        make = {"selective": world.selective, "mixed": world.mixed, "lists": world.about_lists}
        for count in counts:
            measure(label, count, make[label], records)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or COUNTS)
