"""Words of everyday speech that say how something is asked and never what: light verbs, particles, fillers, judgements, and people."""

from __future__ import annotations

from typing import Final

from ..words import word_set

SPOKEN: Final = word_set(
    """
    take takes took taken taking come comes came coming go goes went gone going get gets got gotten getting make makes made making
    put puts putting keep keeps kept keeping give gives gave given giving let lets letting bring brings brought bringing land lands
    bother bothers bothered bothering try tries tried trying want wants wanted wanting turn turns turned
    seem seems seemed happen happens happened feel feels felt feeling hang hanging stick sticks sticking
    off away down around along onto back-to-normal
    just even again anyway really actually rather ever still always simply quite already maybe perhaps straight anymore
    honestly basically probably definitely properly every because though cos once
    bad badly worth okay ok fine awful terrible nasty horrible decent massive huge dodgy gammy duff wonky
    bit bits lot lots loads tons bunch couple plenty handful stuff thing things something anything nothing sort sorts
    folk folks lad lads lass lasses bloke blokes guy guys chap chaps somebody anybody nobody everybody
    gonna wanna gotta
    """
)
"""In every form that is said; none of them is a thing that a source has to name."""
