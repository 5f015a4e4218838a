"""Germs and parasites that are written with the initial of their genus: ``S. aureus``, ``E. coli``."""

from __future__ import annotations

from typing import Final

_NAMES = """
acinetobacter baumannii
aspergillus fumigatus
bacillus anthracis
bordetella pertussis
borrelia burgdorferi
burkholderia cepacia
campylobacter jejuni
candida albicans
candida auris
chlamydia trachomatis
clostridium botulinum
clostridium tetani
cryptococcus neoformans
cutibacterium acnes = propionibacterium acnes
enterococcus faecalis
enterococcus faecium
escherichia coli
gardnerella vaginalis
giardia lamblia
haemophilus influenzae
helicobacter pylori
klebsiella pneumoniae
legionella pneumophila
listeria monocytogenes
mycobacterium avium
mycobacterium leprae
mycobacterium tuberculosis
mycoplasma genitalium
mycoplasma pneumoniae
neisseria gonorrhoeae
neisseria meningitidis
plasmodium falciparum
plasmodium vivax
pneumocystis jirovecii = pneumocystis carinii
porphyromonas gingivalis
pseudomonas aeruginosa
saccharomyces boulardii
salmonella typhi
schistosoma mansoni
staphylococcus aureus
staphylococcus epidermidis
stenotrophomonas maltophilia
streptococcus agalactiae
streptococcus mutans
streptococcus pneumoniae
streptococcus pyogenes
strongyloides stercoralis
toxoplasma gondii = toxoplasma
treponema pallidum
trichomonas vaginalis
trypanosoma cruzi
vibrio cholerae
"""


def _shortened() -> dict[str, str]:
    found = {}
    for line in _NAMES.strip().splitlines():
        name, _, key = line.partition(" = ")
        genus, species = name.split(" ", 1)
        found[f"{genus[0]} {species}"] = key or name
        if key:
            found[name] = key
    return found


ORGANISMS: Final[dict[str, str]] = _shortened()
"""By the short name, ``s aureus``, the key in the table of names."""
