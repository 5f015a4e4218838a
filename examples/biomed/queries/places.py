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
