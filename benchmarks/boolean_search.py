"""PubMed's boolean syntax over a few thousand abstracts in memory: whether a query finds its article.

A simplified reading of PubMed Help ("How PubMed works: Automatic Term Mapping", "Search field tags"):

- ``AND``, ``OR``, ``NOT`` in capitals, from left to right, no precedence, parentheses; two terms side by
  side are joined by AND.
- ``"a phrase"`` and ``phrase[tag]`` are searched as they stand; ``word*`` (four letters at least) finds
  words that begin so. All three switch the automatic mapping off.
- ``[tiab]`` searches titles and abstracts, ``[ti]`` titles, ``"no surgery"[ti:~2]`` those that have the words with at most two others between them, ``[mh]`` headings and all narrower ones,
  ``[mh:noexp]`` the heading alone, ``[all]`` everything; ``[pt]``, ``[si]``, ``[dp]`` and the like, which a
  collection without these fields cannot judge, match nothing.
- Untagged words are mapped: the longest run of words that is a name in MeSH is replaced by
  ``"Heading"[mh] OR (each word AND …)``; other words are searched everywhere, in singular and plural
  and in British and American spelling.

A collection without titles has none: then only abstracts and headings are searched.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from examples.biomed.terms.names import Names, key_of, load, singular

OPERATORS = ("AND", "OR", "NOT")
SHORTEST_STEM = 4
TITLE_TAGS = {"ti", "title"}
TEXT_TAGS = {"tiab", "title/abstract", "tw", "text word", "ab"}
MESH_TAGS = {"mh", "mesh", "mesh terms", "majr", "mesh major topic"}
ALL_TAGS = {"", "all", "all fields"}

_TOKEN = re.compile(r'\s*(\(|\)|"[^"]*"(?:\[[^\]]*\])?|[^\s()"\[]+(?:\[[^\]]*\])?|\[[^\]]*\])')
_WORD = re.compile(r"[^\W_]+")


class QuerySyntaxError(ValueError):
    """A query that PubMed would complain about: what, and near which token."""


class Article(NamedTuple):
    """What is searched."""

    pmid: str
    abstract: str
    mesh: list[str]
    title: str = ""


def words(text: str) -> list[str]:
    """Lower case, without hyphens and other punctuation, as PubMed indexes them."""
    return _WORD.findall(text.lower())


@dataclass
class _Field:
    """An index: in which articles a word is, and the articles' words in order, for phrases."""

    texts: list[str] = field(default_factory=list)
    of_word: dict[str, set[int]] = field(default_factory=dict)
    ordered: list[str] = field(default_factory=list)

    def add(self, number: int, text: Iterable[str]) -> None:
        parts = list(text)
        self.texts.append(" " + " ".join(parts) + " ")
        for part in parts:
            self.of_word.setdefault(part, set()).add(number)

    def word(self, text: str) -> set[int]:
        return self.of_word.get(text, set())

    def beginning(self, stem: str) -> set[int]:
        if not self.ordered:
            self.ordered = sorted(self.of_word)
        found: set[int] = set()
        for index in range(bisect_left(self.ordered, stem), len(self.ordered)):
            if not self.ordered[index].startswith(stem):
                break
            found |= self.of_word[self.ordered[index]]
        return found

    def phrase(self, parts: list[str], *, open_ended: bool = False) -> set[int]:
        if len(parts) == 1:
            return self.beginning(parts[0]) if open_ended else self.word(parts[0])
        among = set.intersection(*(self.word(part) for part in parts[: -1 if open_ended else None]))
        text = " " + " ".join(parts) + ("" if open_ended else " ")
        return {number for number in among if text in self.texts[number]}

    def near(self, parts: list[str], between: int) -> set[int]:
        """Where the words are in any order, with at most so many others between the first and the last of them."""
        longest = len(parts) + between
        found = set()
        for number in set.intersection(*(self.word(part) for part in parts)):
            text = self.texts[number].split()
            windows = (text[place : place + longest] for place in range(len(text)))
            if any(set(parts) <= set(window) for window in windows):
                found.add(number)
        return found


class Collection:
    """Articles that can be searched."""

    def __init__(self, articles: Iterable[Article], names: Names | None = None) -> None:
        self.names = names or load()
        self.articles = list(articles)
        self.text = _Field()
        self.titles = _Field()
        self.headings: dict[str, set[int]] = {}
        self.everything = _Field()
        self.heading_trees: list[tuple[str, int]] = []
        trees = {row.name.lower(): row.trees for row in self.names.rows() if row.trees}
        for number, article in enumerate(self.articles):
            body = [*words(article.title), "|", *words(article.abstract)]
            mesh: list[str] = []
            for heading in article.mesh:
                mesh += ["|", *words(heading)]
                self.headings.setdefault(heading.lower(), set()).add(number)
                self.heading_trees += [(tree, number) for tree in trees.get(heading.lower(), ())]
            self.text.add(number, body)
            self.titles.add(number, words(article.title))
            self.everything.add(number, [*body, *mesh])
        self.heading_trees.sort()

    def search(self, query: str) -> list[str]:
        """The PMIDs of the articles that match.

        Raises:
            QuerySyntaxError: parentheses or operators do not fit together.
        """
        tokens = _TOKEN.findall(query)
        if "".join(tokens).replace(" ", "") != re.sub(r"\s", "", query).replace(" ", ""):
            raise QuerySyntaxError(f"a quotation mark or bracket is left open: {query[:80]!r}")
        found, rest = self._expression(tokens)
        if rest:
            raise QuerySyntaxError(f"unexpected {rest[0]!r}")
        return [self.articles[number].pmid for number in sorted(found)]

    def _expression(self, tokens: list[str]) -> tuple[set[int], list[str]]:
        found, tokens = self._operand(tokens)
        while tokens and tokens[0] != ")":
            operator = "AND"
            if tokens[0] in OPERATORS:
                operator, tokens = tokens[0], tokens[1:]
                if operator == "AND" and tokens and tokens[0] == "NOT":
                    operator, tokens = "NOT", tokens[1:]
            more, tokens = self._operand(tokens)
            if operator == "AND":
                found = found & more
            else:
                found = found | more if operator == "OR" else found - more
        return found, tokens

    def _operand(self, tokens: list[str]) -> tuple[set[int], list[str]]:
        if not tokens or tokens[0] in (*OPERATORS, ")"):
            raise QuerySyntaxError(
                f"a term is missing before {tokens[0] if tokens else 'the end'!r}"
            )
        if tokens[0] == "(":
            found, rest = self._expression(tokens[1:])
            if not rest:
                raise QuerySyntaxError("a parenthesis is left open")
            return found, rest[1:]
        if _is_plain(tokens[0]):
            run = []
            while tokens and _is_plain(tokens[0]):
                run.append(tokens[0])
                tokens = tokens[1:]
                if tokens and tokens[0].startswith("["):  # a tag applies to the words before it
                    return self._tagged(" ".join(run), tokens[0][1:-1], False), tokens[1:]
            if tokens and "[" in tokens[0] and not tokens[0].startswith(("[", '"')):
                last, tag = tokens[0][:-1].split("[")
                return self._tagged(" ".join([*run, last]), tag, False), tokens[1:]
            return self._mapped(run), tokens
        return self._term(tokens[0]), tokens[1:]

    def _term(self, token: str) -> set[int]:
        text, _, tag = token.rstrip("]").partition("[") if token.endswith("]") else (token, "", "")
        return self._tagged(text.strip('"'), tag, text.startswith('"'))

    def _tagged(self, text: str, tag: str, quoted: bool) -> set[int]:
        tag, _, within = tag.strip().lower().partition(":~")
        open_ended = text.endswith("*")
        parts = words(text)
        if not parts:
            return set()
        if open_ended and len(parts[-1]) < SHORTEST_STEM:
            return set()
        if tag in ALL_TAGS:
            return self.everything.phrase(parts, open_ended=open_ended)
        if tag in TITLE_TAGS:
            near = int(within) if within.isdigit() else None
            return (
                self.titles.near(parts, near)
                if near
                else self.titles.phrase(parts, open_ended=open_ended)
            )
        if tag in TEXT_TAGS:
            return self.text.phrase(parts, open_ended=open_ended)
        if tag in MESH_TAGS or tag in ("mh:noexp", "mesh:noexp"):
            return self._mesh(text, narrower=not tag.endswith("noexp"))
        return set()

    def _mesh(self, text: str, *, narrower: bool = True) -> set[int]:
        rows = [row for row in self.names.of_key(key_of(text)) if row.heading]
        exact = [row for row in rows if row.name.lower() == text.lower()]
        found = set(self.headings.get(text.lower(), set()))
        for row in exact or rows:
            found |= self.headings.get(row.name.lower(), set())
            for tree in row.trees if narrower else ():
                for index in range(
                    bisect_left(self.heading_trees, (tree,)), len(self.heading_trees)
                ):
                    if not self.heading_trees[index][0].startswith(tree):
                        break
                    found.add(self.heading_trees[index][1])
        return found

    def _mapped(self, run: list[str]) -> set[int]:
        """Untagged words: the longest names of MeSH first, from the left; the rest word by word."""
        parts = words(" ".join(run))
        found: set[int] | None = None
        while parts:
            length, match = 1, self._everywhere(parts[0])
            for end in range(min(len(parts), 8), 0, -1):
                rows = [
                    row
                    for row in self.names.of_key(key_of(" ".join(parts[:end])))
                    if row.kind != "gene" and (row.heading or row.supplement)
                ]
                if rows:
                    length = end
                    match = set.intersection(*(self._everywhere(one) for one in parts[:end]))
                    for row in rows:
                        match = match | self._mesh(row.name)
                    break
            found = match if found is None else found & match
            parts = parts[length:]
        return found or set()

    def _everywhere(self, word: str) -> set[int]:
        found: set[int] = set()
        for one in _spellings(word):
            found |= self.everything.word(one)
        return found


_SPELLINGS = (
    ("aem", "em"),
    ("oed", "ed"),
    ("oes", "es"),
    ("paed", "ped"),
    ("our", "or"),
    ("isa", "iza"),
    ("ise", "ize"),
    ("tre", "ter"),
    ("haem", "hem"),
    ("leuk", "leuc"),
)


def _spellings(word: str) -> set[str]:
    one = singular(word)
    forms = {word, one}
    for british, american in _SPELLINGS:
        forms |= {form.replace(british, american) for form in set(forms) if british in form}
        forms |= {form.replace(american, british) for form in (one,) if american in form}
    forms |= {form + "s" for form in forms} | {form + "es" for form in forms if form[-1] in "sxh"}
    return forms | {form[:-1] + "ies" for form in forms if form.endswith("y")}


def _is_plain(token: str) -> bool:
    return (
        token not in (*OPERATORS, "(", ")")
        and not token.startswith(('"', "["))
        and "[" not in token
        and "*" not in token
    )
