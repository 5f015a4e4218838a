"""Regions of the world as the countries of them, as the registry names these: a study has a site in a country. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..words import unique

_EU = (
    "Austria, Belgium, Bulgaria, Croatia, Cyprus, Czechia, Denmark, Estonia, Finland, France, Germany, Greece, Hungary, Ireland, Italy, "
    "Latvia, Lithuania, Luxembourg, Malta, Netherlands, Poland, Portugal, Romania, Slovakia, Slovenia, Spain, Sweden"
)
_NORDIC = "Denmark, Finland, Iceland, Norway, Sweden"
_EAST_ASIA = "China, Hong Kong, Japan, Mongolia, South Korea, Taiwan"
_SOUTHEAST_ASIA = (
    "Cambodia, Indonesia, Laos, Malaysia, Myanmar, Philippines, Singapore, Thailand, Vietnam"
)
_SOUTH_ASIA = "Afghanistan, Bangladesh, India, Nepal, Pakistan, Sri Lanka"
_CENTRAL_ASIA = "Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan, Uzbekistan"
_MIDDLE_EAST = "Bahrain, Egypt, Iran, Iraq, Israel, Jordan, Kuwait, Lebanon, Oman, Qatar, Saudi Arabia, Syria, Turkey, United Arab Emirates, Yemen"
_CENTRAL_AMERICA = "Belize, Costa Rica, El Salvador, Guatemala, Honduras, Nicaragua, Panama"
_SOUTH_AMERICA = "Argentina, Bolivia, Brazil, Chile, Colombia, Ecuador, Guyana, Paraguay, Peru, Suriname, Uruguay, Venezuela"
_CARIBBEAN = (
    "Bahamas, Barbados, Cuba, Dominican Republic, Haiti, Jamaica, Puerto Rico, Trinidad and Tobago"
)
_NORTH_AFRICA = "Algeria, Egypt, Libya, Morocco, Sudan, Tunisia"
_SUB_SAHARAN = (
    "Angola, Benin, Botswana, Burkina Faso, Burundi, Cameroon, Chad, Congo, Ethiopia, Gabon, Gambia, Ghana, Guinea, Ivory Coast, Kenya, "
    "Liberia, Madagascar, Malawi, Mali, Mozambique, Namibia, Niger, Nigeria, Rwanda, Senegal, Sierra Leone, Somalia, South Africa, Tanzania, "
    "Togo, Uganda, Zambia, Zimbabwe"
)
_OTHERS_OF_EUROPE = (
    "Albania, Belarus, Bosnia and Herzegovina, Iceland, Moldova, Montenegro, North Macedonia, Norway, Russia, Serbia, Switzerland, Ukraine, "
    "United Kingdom"
)

_LISTED: Final[dict[str, tuple[str, str]]] = {
    "European Union": (r"European Union|EU(?: member states| countries)?(?![-\w])", _EU),
    "Eastern Europe": (
        r"(?:Central and )?Eastern Europe(?:an (?:countries|sites))?",
        "Belarus, Bulgaria, Czechia, Estonia, Hungary, Latvia, Lithuania, Moldova, Poland, Romania, Russia, Slovakia, Ukraine",
    ),
    "Western Europe": (
        r"Western Europe(?:an (?:countries|sites))?",
        "Austria, Belgium, France, Germany, Ireland, Italy, Luxembourg, Netherlands, Portugal, Spain, Switzerland, United Kingdom",
    ),
    "Northern Europe": (
        r"(?:Northern Europe|Scandinavia|(?:the )?Nordics?(?: countries)?|Scandinavian countries)",
        _NORDIC,
    ),
    "Southern Europe": (
        r"Southern Europe",
        "Albania, Croatia, Cyprus, Greece, Italy, Malta, Portugal, Serbia, Slovenia, Spain",
    ),
    "Baltic states": (r"Baltic (?:states|countries)|(?:the )Baltics", "Estonia, Latvia, Lithuania"),
    "Balkans": (
        r"(?:the )?Balkans|Balkan countries",
        "Albania, Bosnia and Herzegovina, Bulgaria, Croatia, Greece, Montenegro, North Macedonia, Romania, Serbia, Slovenia",
    ),
    "Benelux": (r"Benelux", "Belgium, Luxembourg, Netherlands"),
    "Southeast Asia": (r"South[- ]?[Ee]ast(?:ern)? Asia", _SOUTHEAST_ASIA),
    "East Asia": (r"East(?:ern)? Asia|(?:the )?Far East", _EAST_ASIA),
    "South Asia": (r"South(?:ern)? Asia", _SOUTH_ASIA),
    "Central Asia": (r"Central Asia", _CENTRAL_ASIA),
    "Middle East": (r"(?:the )?(?:Middle East|Near East)|MENA(?: region)?", _MIDDLE_EAST),
    "Sub-Saharan Africa": (r"[Ss]ub-?\s?Saharan Africa", _SUB_SAHARAN),
    "West Africa": (
        r"West(?:ern)? Africa",
        "Benin, Burkina Faso, Gambia, Ghana, Guinea, Ivory Coast, Liberia, Mali, Niger, Nigeria, Senegal, Sierra Leone, Togo",
    ),
    "East Africa": (
        r"East(?:ern)? Africa",
        "Burundi, Ethiopia, Kenya, Madagascar, Malawi, Mozambique, Rwanda, Somalia, Tanzania, Uganda, Zambia, Zimbabwe",
    ),
    "Southern Africa": (
        r"Southern Africa",
        "Angola, Botswana, Malawi, Mozambique, Namibia, South Africa, Zambia, Zimbabwe",
    ),
    "North Africa": (r"North(?:ern)? Africa", _NORTH_AFRICA),
    "Latin America": (
        r"Latin America(?: and the Caribbean)?|Latin American (?:countries|sites)|LATAM",
        f"Mexico, {_CENTRAL_AMERICA}, {_SOUTH_AMERICA}, {_CARIBBEAN}",
    ),
    "South America": (r"South America|South American (?:countries|sites)", _SOUTH_AMERICA),
    "Central America": (r"Central America", _CENTRAL_AMERICA),
    "North America": (r"North America|North American (?:countries|sites)", "Canada, Mexico, United States"),
    "Caribbean": (r"(?:the )?Caribbean(?: islands)?", _CARIBBEAN),
    "Oceania": (r"Oceania|Australasia|(?:the )?South Pacific", "Australia, Fiji, New Zealand, Papua New Guinea"),
    "Europe": (r"Europe|European (?:countries|sites|cent(?:er|re)s|trials|studies)", f"{_EU}, {_OTHERS_OF_EUROPE}, Turkey"),
    "Asia": (
        r"Asia(?:[- ]Pacific)?|Asian (?:countries|sites|cent(?:er|re)s|trials|studies)",
        f"{_EAST_ASIA}, {_SOUTHEAST_ASIA}, {_SOUTH_ASIA}, {_CENTRAL_ASIA}, {_MIDDLE_EAST.replace('Egypt, ', '')}",
    ),
    "Africa": (r"Africa|African (?:countries|sites|cent(?:er|re)s)", f"{_NORTH_AFRICA}, {_SUB_SAHARAN}"),
}  # fmt: skip

REGIONS: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(dict.fromkeys(countries.split(", "))) for name, (_, countries) in _LISTED.items()
}
"""Each region's countries; a part of a continent stands before it."""

COUNTRIES: Final = frozenset(one for countries in REGIONS.values() for one in countries)

_RULES = {
    name: re.compile(rf"(?<![\w-])(?<!South )(?:{rule})(?!\w)")
    if name == "Africa"
    else re.compile(rf"(?<![\w-])(?:{rule})(?!\w)")
    for name, (rule, _) in _LISTED.items()
}


def regions(text: str) -> list[tuple[int, str]]:
    """Where each region named begins, and its name; written with capitals."""
    found = []
    for name, rule in _RULES.items():
        for match in rule.finditer(text):
            found.append((match.start(), name))
        text = rule.sub(lambda one: " " * len(one[0]), text)
    return sorted(found)


def without_regions(text: str) -> str:
    """The text, as long as before, without the regions."""
    for rule in _RULES.values():
        text = rule.sub(lambda one: " " * len(one[0]), text)
    return text


def countries(places: Iterable[str]) -> list[str]:
    """The places, each region as its countries."""
    return unique(one for place in places for one in REGIONS.get(place, (place,)))


def told(places: Iterable[str]) -> list[str]:
    """What a reader should know of how regions were read."""
    return [
        f"{one!r} was read as sites in any of {len(REGIONS[one])} countries: {', '.join(REGIONS[one])}"
        for one in places
        if one in REGIONS
    ]
