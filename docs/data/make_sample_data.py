"""Write the sample data, in the shape of the API's records: users, accounts and custom events.

Everything is invented and made from one seed, so that every run, on every supported Python, writes
the same bytes. Only `randrange` and `choice` are drawn from: their sequences are the same on all of
them. Nothing is computed with powers or logarithms, whose last digit depends on the machine.
"""

from __future__ import annotations

import argparse
import json
import random
import unicodedata
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")
Record = dict[str, object]

SEED = 20240701
ACCOUNTS = 120
USERS = 400

DAY = 86_400_000  # in milliseconds, as all dates are epoch milliseconds in UTC
BEGIN = 1_546_300_800_000  # 2019-01-01: no record is older
YEAR_2024 = 1_704_067_200_000  # 2024-01-01: the date that the documentation's filters ask for
NOW = 1_719_792_000_000  # 2024-07-01: when the data was "exported"; a constant, not the clock
NO_DATE = 0  # what the API writes for a date that is not known
THIS_YEAR = 2024
LARGE = 1000  # employees: from here on a company buys the enterprise plan

WEB = "AP-SAMPLEWEB001-2"
ADMIN = "AP-SAMPLEADM002-2"
MOBILE = "AP-SAMPLEMOB003-2"
DOCS = "AP-SAMPLEDOC004-2"


class Place(NamedTuple):
    """A city, with what is true of all its addresses."""

    city: str
    state_name: str
    state_code: str
    postal_code: str
    time_zone: str
    latitude: float
    longitude: float


class Country(NamedTuple):
    """A country: its places, and what names, streets and telephone numbers look like there.

    `names` are given names of women, given names of men and family names, each parted by spaces.
    Every `#` of `phone` becomes a digit; the ranges are those that the regulators keep free for
    films and books. Where there is no such range, `phone` is empty, and so are the records'.
    """

    code: str
    name: str
    continent: str
    weight: int
    names: tuple[str, str, str]
    company: str
    street: str
    phone: str
    places: tuple[Place, ...]


class Industry(NamedTuple):
    """A line of business with its codes, which are text: the zero in front belongs to them."""

    name: str
    sic_code: str
    naics_code: str
    noun: str


class Agent(NamedTuple):
    """A browser on a device; the version stands in `raw` as `{version}`."""

    browser: str
    platform: str
    platform_version: str
    device: str
    raw: str


class Account(NamedTuple):
    """An account while it is being made: what its users need to know of it, and its record."""

    country: Country
    place: Place
    domain: str
    created: int
    modified: int
    employees: int
    record: Record


COUNTRIES = (
    Country(
        "US", "United States", "NA", 30,
        ("Grace Olivia Maya Hannah Chloe", "Marcus Ethan Noah Caleb Owen",
         "Walker O'Hara Rivera Bennett Smith-Jones Okafor Doe"),
        "{name}, Inc.", "{number} Sample Avenue", "+1 216-555-01##",
        (Place("Cleveland", "Ohio", "OH", "44114", "America/New_York", 41.4993, -81.6944),
         Place("Portland", "Oregon", "OR", "97204", "America/Los_Angeles", 45.5152, -122.6784),
         Place("Boston", "Massachusetts", "MA", "02110", "America/New_York", 42.3601, -71.0589),
         Place("Atlanta", "Georgia", "GA", "30303", "America/New_York", 33.749, -84.388),
         Place("Austin", "Texas", "TX", "78701", "America/Chicago", 30.2672, -97.7431)),
    ),
    Country(
        "GB", "United Kingdom", "EU", 14,
        ("Zoë Imogen Siân", "Rhys Callum Alfie", "Ashdown Llewellyn MacRae Smith Bronté"),
        "{name} Ltd", "{number} Example Lane", "+44 1632 960###",
        (Place("London", "England", "ENG", "EC1A 1BB", "Europe/London", 51.5074, -0.1278),
         Place("Cleveland", "England", "ENG", "TS10 1AA", "Europe/London", 54.6, -1.06),
         Place("Edinburgh", "Scotland", "SCT", "EH1 1YZ", "Europe/London", 55.9533, -3.1883)),
    ),
    Country(
        "DE", "Germany", "EU", 12,
        ("Käthe Jördis Ute", "Jürgen Götz Henrik", "Weißmüller Straßer Groß Köhler Özdemir"),
        "{name} GmbH", "Beispielstraße {number}", "+49 30 23125 ###",
        (Place("Berlin", "Berlin", "BE", "10115", "Europe/Berlin", 52.52, 13.405),
         Place("München", "Bayern", "BY", "80331", "Europe/Berlin", 48.1351, 11.582),
         Place("Dresden", "Sachsen", "SN", "01067", "Europe/Berlin", 51.0504, 13.7373)),
    ),
    Country(
        "TR", "Türkiye", "AS", 9,
        ("İpek Işıl Ayşe", "İbrahim Çağrı Ilgaz", "Yıldız Şimşek Öztürk İnan Işık"),
        "{name} A.Ş.", "Örnek Sokak No: {number}", "",
        (Place("İstanbul", "İstanbul", "34", "34110", "Europe/Istanbul", 41.0082, 28.9784),
         Place("İzmir", "İzmir", "35", "35210", "Europe/Istanbul", 38.4237, 27.1428),
         Place("Iğdır", "Iğdır", "76", "76000", "Europe/Istanbul", 39.9237, 44.045)),
    ),
    Country(
        "GR", "Greece", "EU", 7,
        ("Ελένη Ίρις Δάφνη", "Σωκράτης Ηλίας Μάρκος", "Παππάς Νικολάου Σταύρου"),
        "{name} ΑΕ", "Οδός Παραδείγματος {number}", "",
        (Place("Πειραιάς", "Αττική", "I", "18531", "Europe/Athens", 37.942, 23.6465),
         Place("Βόλος", "Θεσσαλία", "E", "38221", "Europe/Athens", 39.3622, 22.942)),
    ),
    Country(
        "JP", "Japan", "AS", 8,
        ("美咲 さくら 陽子", "健太 大輔 翔", "佐藤 高橋 山本"),
        "{name}株式会社", "見本町{number}", "",
        (Place("東京", "東京都", "13", "100-0001", "Asia/Tokyo", 35.6762, 139.6503),
         Place("大阪市", "大阪府", "27", "530-0001", "Asia/Tokyo", 34.6937, 135.5023)),
    ),
    Country(
        "BR", "Brazil", "SA", 8,
        ("Conceição Luísa Débora", "João Thiago Otávio", "Gonçalves Araújo Magalhães"),
        "{name} Ltda", "Rua do Exemplo, {number}", "",
        (Place("São Paulo", "São Paulo", "SP", "01001-000", "America/Sao_Paulo",
               -23.5505, -46.6333),
         Place("Brasília", "Distrito Federal", "DF", "70040-010", "America/Sao_Paulo",
               -15.7939, -47.8828)),
    ),
    Country(
        "FR", "France", "EU", 7,
        ("Anaïs Zoé Hélène", "François Loïc Benoît", "Lefèvre L'Hôpital d'Aubigné Garçon"),
        "{name} SARL", "{number} rue de l'Exemple", "+33 1 99 00 ## ##",
        (Place("Paris", "Île-de-France", "IDF", "75001", "Europe/Paris", 48.8566, 2.3522),
         Place("Besançon", "Bourgogne-Franche-Comté", "BFC", "25000", "Europe/Paris",
               47.2378, 6.0241)),
    ),
    Country(
        "SE", "Sweden", "EU", 5,
        ("Åsa Märta Linnéa", "Göran Örjan Åke", "Ångström Sjöberg Lindqvist"),
        "{name} AB", "Exempelgatan {number}", "+46 8 465 004 ##",
        (Place("Stockholm", "Stockholms län", "AB", "111 20", "Europe/Stockholm",
               59.3293, 18.0686),
         Place("Malmö", "Skåne län", "M", "211 20", "Europe/Stockholm", 55.605, 13.0038)),
    ),
    Country(
        "IN", "India", "AS", 7,
        ("Ananya Kavya Meera", "Arjun Rohan Vikram", "Iyer Kulkarni Chatterjee"),
        "{name} Pvt. Ltd.", "{number}, Sample Road", "",
        (Place("Bengaluru", "Karnataka", "KA", "560001", "Asia/Kolkata", 12.9716, 77.5946),
         Place("Pune", "Maharashtra", "MH", "411001", "Asia/Kolkata", 18.5204, 73.8567)),
    ),
    Country(
        "CN", "China", "AS", 5,
        ("静 敏 雪", "伟 强 磊", "李 王 张"),
        "{name}有限公司", "示例路{number}号", "",
        (Place("上海", "上海市", "SH", "200001", "Asia/Shanghai", 31.2304, 121.4737),
         Place("深圳", "广东省", "GD", "518000", "Asia/Shanghai", 22.5431, 114.0579)),
    ),
    Country(
        "AU", "Australia", "OC", 4,
        ("Matilda Isla", "Angus Lachlan", "Hargreaves Nguyen"),
        "{name} Pty Ltd", "{number} Sample Parade", "+61 7 7010 ####",
        (Place("Sydney", "New South Wales", "NSW", "2000", "Australia/Sydney",
               -33.8688, 151.2093),
         Place("Cleveland", "Queensland", "QLD", "4163", "Australia/Brisbane",
               -27.5267, 153.2653)),
    ),
    Country(
        "CA", "Canada", "NA", 4,
        ("Maëlle Noémie", "Étienne Théo", "Tremblay Fraser Côté"),
        "{name} Inc.", "{number}, rue Témoin", "+1 514-555-01##",
        (Place("Montréal", "Québec", "QC", "H2Y 1C6", "America/Toronto", 45.5019, -73.5674),
         Place("Toronto", "Ontario", "ON", "M5H 2N2", "America/Toronto", 43.6532, -79.3832)),
    ),
    Country(
        "ES", "Spain", "EU", 4,
        ("Begoña Inés", "Íñigo Andrés", "Núñez Ibáñez"),
        "{name} S.L.", "Calle del Ejemplo, {number}", "",
        (Place("Málaga", "Andalucía", "AN", "29001", "Europe/Madrid", 36.7213, -4.4214),),
    ),
    Country(
        "PL", "Poland", "EU", 4,
        ("Małgorzata Żaneta", "Łukasz Paweł", "Wójcik Dąbrowska"),
        "{name} Sp. z o.o.", "ul. Przykładowa {number}", "",
        (Place("Łódź", "Łódzkie", "10", "90-001", "Europe/Warsaw", 51.7592, 19.456),),
    ),
)  # fmt: skip
# One row a thing reads better here than one argument a line.
BY_CODE = {country.code: country for country in COUNTRIES}

INDUSTRIES = {
    Industry("Software", "7372", "513210", "Software"): 26,
    Industry("Agriculture", "0111", "111140", "Grain"): 9,
    Industry("Agriculture", "0161", "111219", "Gardens"): 6,
    Industry("Forestry", "0811", "113110", "Timber"): 6,
    Industry("Healthcare", "8062", "622110", "Clinics"): 12,
    Industry("Banking", "6021", "522110", "Bank"): 10,
    Industry("Retail", "5411", "445110", "Markets"): 12,
    Industry("Education", "8221", "611310", "College"): 8,
    Industry("Logistics", "4213", "484121", "Freight"): 11,
}

COMPANY_STEMS = (
    "Quexley", "Vantorre", "Mirrabeck", "Ploverton", "Tesserby", "Zornwald", "Ibbernock",
    "Ardolune", "Fennimark", "Galvessa", "Hollingrove", "Jaskelund", "Kestrovia", "Lumberel",
    "Nyquandt", "Orbisel", "Pellucine", "Rastabor",
)  # fmt: skip

# The names that the rest would not bring about by chance, with their country.
SPECIAL_COMPANIES = (
    ("US", "Smith, John & Co"),
    ("GB", "SMITH, Patel & Partners"),
    ("CA", "smith, Jane and Daughters"),
    ("US", "Smith,Lee & Co"),  # no space after the comma
    ("GB", "Smith & John Co"),  # no comma
    ("US", "Smithfield, Example & Sons"),  # begins alike only
    ("DE", "Beispiel & Söhne GmbH"),
    ("DE", "GROSS & BEISPIEL OHG"),
    ("DE", "Groß & Beispiel OHG"),  # not the one above: ß and SS stay different
    ("TR", "İstanbul Örnek Ticaret A.Ş."),
    ("GR", "Παράδειγμα και Υιός ΑΕ"),
    ("JP", "見本商事株式会社"),
    ("CN", "示例集团有限公司"),
    ("US", "100% Sample Group"),
    ("US", "Back\\Slash Sample Group"),
    ("FR", "L'Exemple ; Fils"),
    ("US", "Five* Sample Group"),
    ("US", "Where To? Sample Services"),
    ("BR", "Exemplo + Irmãos Ltda"),
    ("US", '"Sample" Quoted Goods'),
)

TITLES = {
    "Software Engineer": 10,
    "Senior Data Engineer": 6,
    "ENGINEERING MANAGER": 4,
    "Director, Engineering": 3,
    "Ingénieure logiciel": 3,  # no "engineer" in it
    "Yazılım Mühendisi": 3,
    "Product Manager": 9,
    "Marketing Lead": 7,
    "Customer Success Manager": 8,
    "Accountant": 6,
    "VP Sales": 5,
    "R&D; Platform Lead": 2,
    "エンジニア": 3,
    "": 12,
}
ROLES = {"admin": 15, "editor": 25, "viewer": 30, "Admin": 5, "owner": 5, "": 20}
CAMPAIGNS = (
    "Spring*Sale", "Ready?", "50% off", "A\\B test", "Launch; Learn", "Summer 2024, Europe",
    "a=b", "Q&A + demo", "Çay saati", "webinar-2024-03",
)  # fmt: skip
# How many users in a hundred have each of the custom attributes.
USER_ATTRIBUTES = {
    "plan": 91, "internalId": 60, "seats": 40, "beta": 40, "satisfaction": 35, "campaign": 30,
    "tags": 35, "preferences": 25, "trialEnds": 15, "homeDirectory": 8,
}  # fmt: skip
TAGS = ("beta", "champion", "Champion", "new", "at risk", "vip", "newsletter")

_MOZILLA = "Mozilla/5.0 "
_APPLE = " AppleWebKit/{kit} (KHTML, like Gecko) "
_BLINK = _APPLE.format(kit="537.36")
AGENTS = {
    Agent("chrome", "Windows", "10", "desktop",
          f"{_MOZILLA}(Windows NT 10.0; Win64; x64){_BLINK}Chrome/{{version}} Safari/537.36"): 28,
    Agent("chrome", "Android", "14", "phone",
          f"{_MOZILLA}(Linux; Android 14; K){_BLINK}Chrome/{{version}} Mobile Safari/537.36"): 10,
    Agent("firefox", "Windows", "10", "desktop",
          f"{_MOZILLA}(Windows NT 10.0; Win64; x64; rv:109.0) Gecko/20100101 "
          "Firefox/{version}"): 16,
    Agent("firefox", "Linux", "", "desktop",
          f"{_MOZILLA}(X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/{{version}}"): 10,
    Agent("safari", "Mac OS X", "10.15.7", "desktop",
          f"{_MOZILLA}(Macintosh; Intel Mac OS X 10_15_7){_APPLE.format(kit='605.1.15')}"
          "Version/{version} Safari/605.1.15"): 14,
    Agent("safari", "iOS", "17.4", "phone",
          f"{_MOZILLA}(iPhone; CPU iPhone OS 17_4 like Mac OS X){_APPLE.format(kit='605.1.15')}"
          "Version/{version} Mobile/15E148 Safari/604.1"): 10,
    Agent("edge", "Windows", "10", "desktop",
          f"{_MOZILLA}(Windows NT 10.0; Win64; x64){_BLINK}Chrome/{{version}} Safari/537.36 "
          "Edg/{version}"): 10,
    Agent("", "", "", "", "sample-monitor/{version}"): 2,  # a script nobody could classify
}  # fmt: skip
VERSIONS = {
    "chrome": ("119.0.0.0", "124.0.0.0", "126.0.0.0"),
    "firefox": ("115.0", "126.0", "127.0"),
    "safari": ("16.6", "17.4.1", "17.5"),
    "edge": ("124.0.0.0", "126.0.0.0"),
    "": ("1.0",),
}

# Letters without a decomposition into an ASCII letter and a mark, for e-mail addresses and domains.
ASCII_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "Ł": "L"})

EARLY_2023 = 1_677_628_800_000  # 2023-03-01
_UNTIL_2024 = {
    "createDate": EARLY_2023,
    "signUpDate": EARLY_2023,
    "firstVisitDate": EARLY_2023,
    "lastModifiedDate": YEAR_2024 + 31 * DAY,
    "type": "USER",
    "numberOfVisits": 12,
    "channelMetricList": [],
}


def _location(country: Country, place: Place, *, street: str = "", code: str = "") -> Record:
    """Make a Location; `code` is the country's code where it is not the standard's."""
    return {
        "countryName": country.name,
        "countryCode": code or country.code,
        "stateName": place.state_name,
        "stateCode": place.state_code,
        "city": place.city,
        "street": street,
        "postalCode": place.postal_code,
        "continent": country.continent,
        "regionName": f"{country.code}-{place.state_code}",
        "timeZone": place.time_zone,
        "coordinates": {"latitude": place.latitude, "longitude": place.longitude},
    }


# The API writes a location it knows nothing of like this, rather than leaving it out.
EMPTY_LOCATION: Record = {
    **dict.fromkeys(_location(COUNTRIES[0], COUNTRIES[0].places[0]), ""),
    "coordinates": {"latitude": 0.0, "longitude": 0.0},
}

US, GB, DE, TR, GR = (BY_CODE[code] for code in ("US", "GB", "DE", "TR", "GR"))
CLEVELAND_US, CLEVELAND_GB = US.places[0], GB.places[1]

# What is too rare to leave to chance: the fields here replace those of the user of that number.
SPECIAL_USERS: dict[int, Record] = {
    # The date that the filters ask for, to the millisecond, and the millisecond before it.
    3: {**_UNTIL_2024, "lastSeenDate": YEAR_2024, "location": _location(US, CLEVELAND_US)},
    4: {**_UNTIL_2024, "lastSeenDate": YEAR_2024 - 1, "location": _location(US, CLEVELAND_US)},
    # Characters that mean something in a filter or in a URL.
    11: {"title": "Platform Engineer 🚀"},
    12: {"title": "5* Support Engineer"},
    13: {"title": "Engineer? Architect!"},
    14: {"title": "100% Engineer"},
    15: {"title": "Back\\Office Engineer"},
    16: {"title": " padded engineer "},
    17: {"title": "=SUM(A1), Analyst"},
    18: {"firstName": "Zoë", "email": "zoe+filters@example.com"},
    # The same name, decomposed: it looks alike, and it is another text.
    19: {"firstName": "Zoe\u0308", "email": "zoe.decomposed@example.com"},
    20: {"firstName": "ΣΩΚΡΆΤΗΣ", "email": "user20@example.org"},
    # The same streets and cities in other spellings.
    30: {"location": _location(DE, DE.places[0], street="Straße des Beispiels 1")},
    31: {"location": _location(DE, DE.places[0], street="STRASSE DES BEISPIELS 1")},
    32: {"location": _location(US, US.places[4], street="1 Sample Avenue\nSuite 2")},
    33: {"location": _location(TR, TR.places[0]._replace(city="istanbul"))},
    34: {"location": _location(TR, TR.places[0]._replace(city="ISTANBUL"))},
    35: {"location": _location(GR, GR.places[0]._replace(city="ΠΕΙΡΑΙΆΣ"))},
    36: {"location": _location(GB, CLEVELAND_GB, code="UK")},
    37: {"location": _location(GB, CLEVELAND_GB, code="UK")},
    38: {"location": _location(GB, CLEVELAND_GB)},
    # One attribute in several types, numbers beyond a double, a name with a dot in it.
    50: {"customAttributes": {"plan": "growth", "internalId": 12345}},
    51: {"customAttributes": {"plan": "growth", "internalId": "12345"}},
    52: {"customAttributes": {"plan": "growth", "internalId": "0012345"}},
    53: {"customAttributes": {"plan": "starter", "ledger": 9_007_199_254_740_993}},
    54: {"customAttributes": {"plan": "starter", "ledger": 9_007_199_254_740_992}},
    55: {"customAttributes": {"plan": "trial", "billing.currency": "EUR"}},
    56: {"customAttributes": {"plan": "trial", "billing": {"currency": "EUR", "net": 30}}},
    57: {"customAttributes": {"plan": "ENTERPRISE", "tags": [None, "vip"]}},
    58: {"customAttributes": {"plan": ["starter", "enterprise"], "tags": []}},
    59: {"customAttributes": {}},
    # Lists that hold nothing.
    70: {"lastVisitedUserAgentData": [None]},
    71: {"propertyKeys": [], "lastVisitedUserAgentData": []},
}


def _weighted(rng: random.Random, weights: dict[T, int]) -> T:
    """Draw one of the keys, each as often as its weight says."""
    mark = rng.randrange(sum(weights.values()))
    for value, weight in weights.items():
        if mark < weight:
            return value
        mark -= weight
    raise AssertionError


def _chance(rng: random.Random, percent: int) -> bool:
    return rng.randrange(100) < percent


def _between(rng: random.Random, low: int, high: int) -> int:
    """Draw a date from `low` to `high`, or `low` where there is nothing between them."""
    return rng.randrange(low, max(high, low + 1))


def _slug(text: str) -> str:
    """Reduce a text to the ASCII letters and digits that a domain or an address may hold."""
    flat = unicodedata.normalize("NFKD", text.translate(ASCII_LETTERS)).lower()
    return "".join(char for char in flat if char.isascii() and char.isalnum())


def _hex(rng: random.Random, digits: int) -> str:
    return f"{rng.randrange(16**digits):0{digits}x}"


def _phone(rng: random.Random, country: Country) -> str:
    return "".join(str(rng.randrange(10)) if char == "#" else char for char in country.phone)


def _address(rng: random.Random, country: Country, place: Place) -> Record:
    """Make the Location that somebody typed in: with a street, and with the habits of typing."""
    street = country.street.format(number=rng.randrange(1, 200)) if _chance(rng, 70) else ""
    # UK is no code of the standard, but people write it, and so does the documentation.
    code = "UK" if country.code == "GB" and _chance(rng, 30) else ""
    location = _location(country, place, street=street, code=code)
    if country.code == "US" and _chance(rng, 10):
        location["countryName"] = "USA"
    return location


def _account_attributes(rng: random.Random) -> Record | None:
    if _chance(rng, 12):
        return None
    attributes: Record = {"region": rng.choice(("EMEA", "AMER", "APAC", "amer", ""))}
    if _chance(rng, 60):
        attributes["arr"] = rng.randrange(0, 250_000, 500)
    if _chance(rng, 30):
        attributes["strategic"] = _chance(rng, 50)
    if _chance(rng, 40):
        attributes["tags"] = [tag for tag in TAGS if _chance(rng, 25)]
    if _chance(rng, 30):
        attributes["contracts"] = [
            {"year": year, "currency": rng.choice(("EUR", "USD")), "signed": year < THIS_YEAR}
            for year in range(rng.randrange(THIS_YEAR - 3, THIS_YEAR + 1), THIS_YEAR + 1)
        ]
    return attributes


def _employees(rng: random.Random) -> int:
    ranges = {(0, 1): 8, (1, 50): 25, (50, LARGE): 37, (LARGE, 20_000): 22, (20_000, 250_000): 8}
    return rng.randrange(*_weighted(rng, ranges))


def _company_name(rng: random.Random, country: Country, industry: Industry) -> str:
    name = f"{rng.choice(COMPANY_STEMS)} {industry.noun}"
    return country.company.format(name=name)


def _plan(rng: random.Random, employees: int) -> str:
    if employees >= LARGE:
        return _weighted(rng, {"enterprise": 12, "Enterprise": 3, "growth": 4, "": 1})
    return _weighted(rng, {"starter": 8, "growth": 6, "trial": 4, "": 2})


def _codes(rng: random.Random, industry: Industry) -> Record:
    """Make the codes of a line of business, as the systems they came through left them."""
    sic_code = industry.sic_code
    if _chance(rng, 25):  # a spreadsheet took them for numbers
        sic_code = sic_code.lstrip("0")
    naics_code = industry.naics_code
    if _chance(rng, 15):  # a database had a column of eight characters for them
        naics_code = naics_code.zfill(8)
    return {"sicCode": sic_code if _chance(rng, 92) else "", "naicsCode": naics_code}


def _account(rng: random.Random, number: int, earlier: list[Account]) -> Account:
    industry = _weighted(rng, INDUSTRIES)
    if number <= len(SPECIAL_COMPANIES):
        code, name = SPECIAL_COMPANIES[number - 1]
        country = BY_CODE[code]
    else:
        country = _weighted(rng, {country: country.weight for country in COUNTRIES})
        name = _company_name(rng, country, industry)
        while any(account.record["name"] == name for account in earlier):
            name = _company_name(rng, country, industry)
    place = rng.choice(country.places)
    # A domain needs ASCII, which not every name has; the number keeps the domains apart.
    label = f"{_slug(name.split()[0]) or 'sample'}{number}"
    domain = f"{label}.example.{rng.choice(('com', 'com', 'org', 'net'))}"
    created = _between(rng, BEGIN, NOW - 60 * DAY)
    modified = _between(rng, created, NOW)
    employees = _employees(rng)
    record: Record = {
        # Some come from an older system, where the identifiers were numbers of five digits.
        "id": f"{number:05d}" if number % 17 == 0 else f"acc-{number:03d}",
        "name": name,
        "trackedSubscriptionId": f"sub-{_hex(rng, 8)}" if _chance(rng, 70) else "",
        "sfdcId": f"001SAMPLE{number:06d}AAA" if _chance(rng, 60) else "",
        "lastSeenDate": NO_DATE,
        "dunsNumber": f"{number * 37:09d}" if _chance(rng, 50) else "",
        "industry": industry.name.lower() if _chance(rng, 15) else industry.name,
        "numberOfEmployees": employees,
        "website": f"https://{domain}/",
        **_codes(rng, industry),
        "plan": _plan(rng, employees),
        "location": _address(rng, country, place) if _chance(rng, 88) else EMPTY_LOCATION,
        "numberOfUsers": 0,
        "propertyKeys": [WEB] + [key for key in (ADMIN, MOBILE, DOCS) if _chance(rng, 45)],
        "createDate": created,
        "lastModifiedDate": modified,
        "customAttributes": _account_attributes(rng),
        "parentGroupId": rng.choice(earlier).record["id"] if earlier and _chance(rng, 12) else "",
        "gsId": f"gs-{_hex(rng, 12)}" if _chance(rng, 50) else "",
        "csm": f"csm{rng.randrange(1, 7)}@example.com" if _chance(rng, 75) else "",
        "healthScore": rng.randrange(101) if _chance(rng, 85) else 0,
        # In quarters: exact as a double, so that it is written the same everywhere.
        "nps": rng.randrange(-200, 401) / 4 if _chance(rng, 75) else 0,
        "renewalDate": NOW + rng.randrange(-200, 400) * DAY if _chance(rng, 75) else NO_DATE,
    }
    return Account(country, place, domain, created, modified, employees, record)


def _user_agents(rng: random.Random, keys: list[str]) -> list[Record]:
    """Make one entry for each product; who has a browser mostly keeps to it, but not always."""
    favourite = _weighted(rng, AGENTS)
    entries: list[Record] = []
    for key in keys:
        agent = favourite if _chance(rng, 60) else _weighted(rng, AGENTS)
        version = rng.choice(VERSIONS[agent.browser])
        user_agent = {
            "rawUserAgent": agent.raw.format(version=version),
            "device": agent.device,
            "platformType": agent.platform,
            "platformVersion": agent.platform_version,
            "browserType": agent.browser,
            "browserVersion": version,
        }
        entries.append({"propertyKey": key, "userAgent": user_agent})
    return entries


def _user_attributes(rng: random.Random, plan: object) -> Record:
    """Make an open map: every attribute is there for some users, and not always in one type."""
    internal_id, seats = rng.randrange(100, 30_000), rng.randrange(60)
    attributes: Record = {
        "plan": _weighted(rng, {"": 7, None: 5, plan: 88}),
        "internalId": f"{internal_id:07d}" if _chance(rng, 20) else internal_id,
        "seats": str(seats) if _chance(rng, 20) else seats,
        "beta": _weighted(rng, {True: 5, False: 8, "true": 1, "yes": 1, None: 1}),
        "satisfaction": rng.randrange(41) / 8,
        "campaign": rng.choice(CAMPAIGNS),
        "tags": [tag for tag in TAGS if _chance(rng, 30)],
        "preferences": {
            "language": rng.choice(("en", "de", "tr", "el", "ja", "pt-BR")),
            "newsletter": _chance(rng, 50),
            "digest": rng.choice(({"weekday": "Mon", "hour": 9}, None)),
        },
        "trialEnds": f"2024-0{rng.randrange(1, 10)}-{rng.randrange(1, 29):02d}",
        "homeDirectory": f"C:\\Users\\u{rng.randrange(1000)}",
    }
    return {
        name: value for name, value in attributes.items() if _chance(rng, USER_ATTRIBUTES[name])
    }


def _channel_metrics(rng: random.Random, group: object, first: int, last: int) -> list[Record]:
    return [
        {
            "groupId": group,
            "channel": channel,
            "environment": rng.randrange(0, 3),
            "firstSeenDate": first,
            "lastSeenDate": _between(rng, first, last),
        }
        for channel in (1, 2, 3)
        if _chance(rng, 35)
    ]


def _visits(rng: random.Random, kind: str, since: int) -> dict[str, int]:
    """Make the dates of one user, in an order that time allows, and the number of visits."""
    created = _between(rng, since, NOW - 30 * DAY)
    if kind == "USER" and _chance(rng, 8):  # invited, never came
        first, last = NO_DATE, NO_DATE
    else:
        first = _between(rng, created, created + 20 * DAY)
        # Half of them are about still: the last months are fuller than the years before.
        last = _between(rng, max(first, YEAR_2024) if _chance(rng, 50) else first, NOW)
    return {
        "lastSeenDate": last,
        "signUpDate": created if kind == "USER" else NO_DATE,
        "firstVisitDate": first,
        "createDate": created,
        "lastModifiedDate": _between(rng, max(created, last), NOW),
        "numberOfVisits": rng.randrange(1, 400) if last else 0,
    }


def _person(rng: random.Random, country: Country, number: int, domain: str) -> Record:
    women, men, families = (names.split() for names in country.names)
    is_woman = _chance(rng, 50)
    first, last = rng.choice(women if is_woman else men), rng.choice(families)
    # Not every name leaves anything in ASCII; the number keeps the addresses apart.
    address = ".".join(filter(None, (_slug(first), _slug(last)))) or "user"
    if _chance(rng, 8):
        address = address.title()
    usual = "FEMALE" if is_woman else "MALE"
    return {
        "gender": _weighted(rng, {"EMPTY_GENDER": 60, usual: 37, "OTHER": 3}),
        "email": f"{address}{number}@{domain}",
        "firstName": first,
        "lastName": last,
        "title": _weighted(rng, TITLES),
        "phone": _phone(rng, country) if _chance(rng, 60) else "",
        "role": _weighted(rng, ROLES),
    }


NOBODY: Record = {
    **dict.fromkeys(("email", "firstName", "lastName", "title", "phone", "role"), ""),
    "gender": "EMPTY_GENDER",
}


def _user(rng: random.Random, number: int, account: Account) -> Record:
    kind = _weighted(rng, {"USER": 80, "LEAD": 10, "VISITOR": 7, "EMPTY_USER_TYPE": 3})
    if number in SPECIAL_USERS:  # what is special about them is nothing that visitors have
        kind = "USER"
    is_known = kind in {"USER", "LEAD"}
    country, place = account.country, account.place
    if _chance(rng, 15):
        country = rng.choice(COUNTRIES)
    if _chance(rng, 40):
        place = rng.choice(country.places)
    elif place not in country.places:
        place = country.places[0]
    visits = _visits(rng, kind, account.created)
    first, last = visits["firstVisitDate"], visits["lastSeenDate"]
    offered = [WEB, ADMIN, MOBILE, DOCS]
    keys = [key for key in offered if _chance(rng, 55)] or [WEB]
    visited = [key for key in keys if last and _chance(rng, 85)]
    identify_id = f"usr-{number:04d}" if is_known else f"anon-{number:04d}"
    group = account.record["id"] if is_known else ""
    attributes = _user_attributes(rng, account.record["plan"])
    inferred_country = rng.choice(COUNTRIES) if _chance(rng, 12) else country  # travelling
    inferred_place = place if inferred_country is country else inferred_country.places[0]
    return {
        "aptrinsicId": "-".join(_hex(rng, digits) for digits in (8, 4, 4, 4, 12)),
        "identifyId": identify_id,
        "type": kind,
        **(_person(rng, country, number, account.domain) if is_known else NOBODY),
        **visits,
        "score": rng.randrange(101) if is_known and _chance(rng, 80) else 0,
        "subscriptionId": f"sub-{_hex(rng, 8)}" if _chance(rng, 50) else "",
        "accountId": group,
        "location": (
            _address(rng, country, place) if is_known and _chance(rng, 88) else EMPTY_LOCATION
        ),
        "propertyKeys": keys,
        "customAttributes": None if _chance(rng, 9) or not is_known else attributes,
        "globalUnsubscribe": _chance(rng, 10),
        "sfdcContactId": f"003SAMPLE{number:06d}AAA" if is_known and _chance(rng, 50) else "",
        "channelMetricList": _channel_metrics(rng, group, first, last) if last else [],
        "lastVisitedUserAgentData": _user_agents(rng, visited) or rng.choice(([], None)),
        "id": identify_id,
        "globalId": _hex(rng, 16) if _chance(rng, 50) else "",
        "lastInferredLocation": (
            _location(inferred_country, inferred_place) if visited else EMPTY_LOCATION
        ),
    }


# What a record may lack altogether, or hold as null, without ceasing to make sense.
OPTIONAL = (
    "gender", "title", "phone", "role", "score", "subscriptionId", "location", "globalUnsubscribe",
    "sfdcContactId", "channelMetricList", "globalId", "lastInferredLocation", "customAttributes",
    "industry", "sicCode", "naicsCode", "dunsNumber", "csm", "gsId", "healthScore", "nps",
    "renewalDate",
)  # fmt: skip


def _thin_out(rng: random.Random, record: Record) -> None:
    for key in OPTIONAL:
        if key in record:
            fate = _weighted(rng, {"stay": 95, "null": 3, "absent": 2})
            if fate == "null":
                record[key] = None
            elif fate == "absent":
                del record[key]


def _sum_up(account: Account, users: list[Record]) -> None:
    """Make the account's own record agree with those of its users."""
    mine = [user for user in users if user["accountId"] == account.record["id"]]
    seen = [date for user in mine if isinstance(date := user["lastSeenDate"], int)]
    account.record["numberOfUsers"] = len(mine)
    account.record["lastSeenDate"] = max(seen, default=NO_DATE)
    account.record["lastModifiedDate"] = max([account.modified, *seen])
    if account.employees:  # 0 stands for a number that nobody knows
        account.record["numberOfEmployees"] = max(account.employees, len(mine))


def make_records() -> tuple[list[Record], list[Record]]:
    """Make the users and the accounts, always the same ones."""
    # A seeded generator is the point here; nothing is kept secret with it.
    rng = random.Random(SEED)  # noqa: S311 — no secret
    accounts: list[Account] = []
    for number in range(1, ACCOUNTS + 1):
        accounts.append(_account(rng, number, accounts))
    # The larger plans bring more users, and some accounts have none.
    sizes = {"enterprise": 10, "Enterprise": 10, "growth": 5, "starter": 3, "trial": 2, "": 2}
    weights = {index: sizes[str(item.record["plan"])] for index, item in enumerate(accounts)}
    users: list[Record] = []
    for number in range(1, USERS + 1):
        user = _user(rng, number, accounts[_weighted(rng, weights)])
        _thin_out(rng, user)
        user.update(SPECIAL_USERS.get(number, {}))
        users.append(user)
    for account in accounts:
        _sum_up(account, users)
        _thin_out(rng, account.record)
    return users, [account.record for account in accounts]


EVENTS = 1_250
EVENT_DAYS = 120
"""The events lie within so many days before the data ends: the API answers for 190 at once."""

PAGES = {
    "report_exported": ("reports/export", {"format": ("csv", "xlsx", "pdf")}),
    "invite_sent": ("settings/team", {"role": ("editor", "viewer", "admin")}),
    "plan_viewed": ("billing/plans", {"plan": ("starter", "growth", "enterprise")}),
    "Search used": ("search", {"results": (0, 3, 12, 250)}),
    "checkout, step 2": ("billing/checkout", {"amount": (19.5, 49, 199.99)}),
    "dashboard_shared": ("dashboards", {"with": ("team", "link")}),
}
"""What custom events are called, where they happen, and what they tell."""


def _event(rng: random.Random, number: int, users: list[Record]) -> Record:
    user = rng.choice(users)
    name = _weighted(rng, {one: len(PAGES) - place for place, one in enumerate(PAGES)})
    page, attributes = PAGES[name]
    keys = user["propertyKeys"]
    assert isinstance(keys, list)
    return {
        # Numbered in no order of time: they come from several collectors.
        "eventId": f"ev-{number:05d}-{_hex(rng, 6)}",
        "identifyId": user["identifyId"],
        "propertyKey": rng.choice(keys or [WEB]),
        "date": _between(rng, NOW - EVENT_DAYS * DAY, NOW),
        "eventType": "CUSTOM",
        "sessionId": f"se-{_hex(rng, 12)}",
        "userType": user["type"],
        "accountId": user["accountId"],
        "globalContext": {"release": rng.choice(("24.4", "24.5", "24.6"))}
        if _chance(rng, 30)
        else None,
        "eventName": name,
        "attributes": {
            key: rng.choice(values) for key, values in attributes.items() if _chance(rng, 90)
        },
        "url": f"https://app.example.com/{page}",
        "referrer": "https://app.example.com/" if _chance(rng, 60) else "",
        "remoteHost": f"192.0.2.{rng.randrange(1, 255)}",
    }


def make_events(users: list[Record]) -> list[Record]:
    """Make the custom events of these users, always the same ones for the same users."""
    # Numbers of its own, so that users and accounts stay what they were before there were events.
    rng = random.Random(SEED + 1)  # noqa: S311 — no secret
    return [_event(rng, number, users) for number in range(1, EVENTS + 1)]


def _write(path: Path, records: list[Record]) -> None:
    lines = [
        json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
        for record in records
    ]
    # The same line ends on every system: the bytes are compared.
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def main() -> None:
    """Write the files into the folder that `--output-dir` names."""
    parser = argparse.ArgumentParser(description="Write the sample data of filterlang.")
    parser.add_argument(
        "--output-dir",
        type=Path,
        default=Path(__file__).resolve().parent,
        help="where to write the files (default: beside this script)",
    )
    directory: Path = parser.parse_args().output_dir
    directory.mkdir(parents=True, exist_ok=True)
    users, accounts = make_records()
    _write(directory / "users.jsonl", users)
    _write(directory / "accounts.jsonl", accounts)
    events = make_events(users)
    _write(directory / "custom_events.jsonl", events)
    print(f"wrote {len(users)} users, {len(accounts)} accounts and {len(events)} custom events")


if __name__ == "__main__":
    main()
