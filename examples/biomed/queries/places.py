"""Names of places a trial may have a site in, and the patterns they are found by."""

from __future__ import annotations

import re
from typing import Final

from ..words import word_set

_COUNTRIES = word_set(
    """
    Afghanistan Albania Algeria Andorra Angola Argentina Armenia Australia Austria
    Azerbaijan Bahrain Bangladesh Belarus Belgium Benin Bolivia Botswana Brazil Bulgaria
    Cambodia Cameroon Canada Chile China Colombia Croatia Cuba Cyprus Czechia Denmark
    Ecuador Egypt Estonia Ethiopia Finland France Gabon Gambia Germany Ghana Greece
    Guatemala Guinea Haiti Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel
    Italy Japan Jordan Kazakhstan Kenya Kuwait Laos Latvia Lebanon Liberia Lithuania
    Luxembourg Madagascar Malawi Malaysia Mali Malta Mexico Moldova Mongolia Montenegro
    Morocco Mozambique Myanmar Namibia Nepal Netherlands Nicaragua Niger Nigeria Norway Oman
    Pakistan Panama Paraguay Peru Philippines Poland Portugal Qatar Romania Russia Rwanda
    Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan Sweden Switzerland Syria
    Taiwan Tanzania Thailand Togo Tunisia Turkey Uganda Ukraine Uruguay Uzbekistan Venezuela
    Vietnam Yemen Zambia Zimbabwe Scotland Wales England Alabama Alaska Arizona Arkansas
    California Colorado Connecticut Delaware Florida Hawaii Idaho Illinois Indiana Iowa
    Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi
    Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah
    Vermont Virginia Wisconsin Wyoming Ontario Quebec Bavaria London Paris Berlin Munich
    Hamburg Vienna Zurich Geneva Rome Milan Madrid Barcelona Lisbon Amsterdam Rotterdam
    Brussels Copenhagen Stockholm Oslo Helsinki Warsaw Prague Budapest Athens Istanbul
    Moscow Boston Chicago Houston Philadelphia Seattle Denver Atlanta Dallas Baltimore
    Cleveland Pittsburgh Detroit Minneapolis Toronto Montreal Vancouver Tokyo Osaka Kyoto
    Seoul Beijing Shanghai Mumbai Delhi Bangalore Sydney Melbourne Brisbane Auckland
    Manchester Birmingham Glasgow Edinburgh Dublin Cologne Frankfurt Heidelberg Stuttgart
    Leipzig Dresden Lyon Marseille
    """
)
_LONGER: Final[dict[str, str]] = {
    "Costa Rica": r"Costa Rica",
    "Czechia": r"Czech(?:ia| Republic)",
    "Dominican Republic": r"Dominican Republic",
    "El Salvador": r"El Salvador",
    "Hong Kong": r"Hong Kong",
    "Ivory Coast": r"(?:Ivory Coast|Côte d['’]Ivoire)",
    "Los Angeles": r"Los Angeles",
    "New York": r"New York(?: City)?|\bNYC",
    "New Jersey": r"New Jersey",
    "New Mexico": r"New Mexico",
    "New Hampshire": r"New Hampshire",
    "New Zealand": r"New Zealand",
    "North Carolina": r"North Carolina",
    "South Carolina": r"South Carolina",
    "North Dakota": r"North Dakota",
    "South Dakota": r"South Dakota",
    "Puerto Rico": r"Puerto Rico",
    "Rhode Island": r"Rhode Island",
    "San Diego": r"San Diego",
    "San Francisco": r"San Francisco",
    "Saudi Arabia": r"Saudi Arabia",
    "Sierra Leone": r"Sierra Leone",
    "South Africa": r"South Africa",
    "South Korea": r"(?:South )?Korea",
    "Sri Lanka": r"Sri Lanka",
    "United Arab Emirates": r"(?:United Arab Emirates|UAE)",
    "United Kingdom": r"(?:United Kingdom|UK|U\.K\.|Great Britain)",
    "United States": r"(?:United States|USA|U\.S\.A?\.?|US(?=\s*(?:$|[?.,;)]|sites?\b|centers?\b|trials?\b)))",
    "Washington": r"Washington",
    "West Virginia": r"West Virginia",
}

PLACES: Final[dict[str, str]] = {
    **{name: rf"\b{re.escape(name)}\b" for name in sorted(_COUNTRIES)},
    **{name: rf"\b(?:{rule})(?!\w)" for name, rule in _LONGER.items()},
}
"""Names as the registry has them, each with the pattern of how a question writes it: as written, with capitals."""

_SHORT = re.compile(
    rf"(?<![\w-])(?:(?P<uk>UK|U\.K\.)|(?P<us>{_LONGER['United States'].removeprefix('(?:United States|')}|(?P<uae>UAE))(?!\w)(?! [A-Z])"
)
_OF_SHORT = {"uk": "United Kingdom", "us": "United States", "uae": "United Arab Emirates"}


def spelt_out(text: str) -> str:
    """The text with the abbreviations of countries written out; of "UK Biobank" it is part of a name."""
    return _SHORT.sub(lambda match: _OF_SHORT[str(match.lastgroup)], text)


CITIES: Final[dict[str, tuple[float, float]]] = {
    "Amsterdam": (52.37, 4.9), "Athens": (37.98, 23.73), "Atlanta": (33.75, -84.39), "Auckland": (-36.85, 174.76),
    "Baltimore": (39.29, -76.61), "Bangalore": (12.97, 77.59), "Barcelona": (41.39, 2.17), "Beijing": (39.9, 116.4),
    "Berlin": (52.52, 13.4), "Birmingham": (52.48, -1.9), "Boston": (42.36, -71.06), "Brisbane": (-27.47, 153.03),
    "Brussels": (50.85, 4.35), "Budapest": (47.5, 19.04), "Chicago": (41.88, -87.63), "Cleveland": (41.5, -81.69),
    "Cologne": (50.94, 6.96), "Copenhagen": (55.68, 12.57), "Dallas": (32.78, -96.8), "Delhi": (28.61, 77.21),
    "Denver": (39.74, -104.99), "Detroit": (42.33, -83.05), "Dresden": (51.05, 13.74), "Dublin": (53.35, -6.26),
    "Edinburgh": (55.95, -3.19), "Frankfurt": (50.11, 8.68), "Geneva": (46.2, 6.14), "Glasgow": (55.86, -4.25),
    "Hamburg": (53.55, 9.99), "Heidelberg": (49.4, 8.67), "Helsinki": (60.17, 24.94), "Houston": (29.76, -95.37),
    "Istanbul": (41.01, 28.98), "Kyoto": (35.01, 135.77), "Leipzig": (51.34, 12.37), "Lisbon": (38.72, -9.14),
    "London": (51.51, -0.13), "Los Angeles": (34.05, -118.24), "Lyon": (45.76, 4.84), "Madrid": (40.42, -3.7),
    "Manchester": (53.48, -2.24), "Marseille": (43.3, 5.37), "Melbourne": (-37.81, 144.96), "Milan": (45.46, 9.19),
    "Minneapolis": (44.98, -93.27), "Montreal": (45.5, -73.57), "Moscow": (55.76, 37.62), "Mumbai": (19.08, 72.88),
    "Munich": (48.14, 11.58), "New York": (40.71, -74.01), "Osaka": (34.69, 135.5), "Oslo": (59.91, 10.75),
    "Paris": (48.86, 2.35), "Philadelphia": (39.95, -75.17), "Pittsburgh": (40.44, -80.0), "Prague": (50.08, 14.44),
    "Rome": (41.9, 12.5), "Rotterdam": (51.92, 4.48), "San Diego": (32.72, -117.16), "San Francisco": (37.77, -122.42),
    "Seattle": (47.61, -122.33), "Seoul": (37.57, 126.98), "Shanghai": (31.23, 121.47), "Singapore": (1.35, 103.82),
    "Stockholm": (59.33, 18.07), "Stuttgart": (48.78, 9.18), "Sydney": (-33.87, 151.21), "Tokyo": (35.68, 139.69),
    "Toronto": (43.65, -79.38), "Vancouver": (49.28, -123.12), "Vienna": (48.21, 16.37), "Warsaw": (52.23, 21.01),
    "Zurich": (47.38, 8.54),
}  # fmt: skip
"""Latitude and longitude of large cities, for a distance from one."""
