"""Whether a source tells of the class that a medicine of the question is of, and not of it: NSAIDs for naproxen. Without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..queries.concept import Concept
from ..terms.find import find
from ..terms.medicine_classes import class_called, classes_of


def classes_told(title: str, text: str, about: Sequence[Concept]) -> dict[str, str]:
    """By the name of a class that a source is on, the medicine of a question that is of it. None of two medicines, which it may not tell apart, nor where it is on another of the class.

    Args:
        title: The source's.
        text: Its text. It is on what its title names, or it comes back to.
        about: Those medicines of the question that it does not name.
    """
    members: dict[str, list[str]] = {}
    for one in about:
        names = (one["heading"], one["name"])
        if one["kind"] != "drug" or one["excluded"] or class_called(*names, one["text"]):
            continue
        for of_it in {each for name in names if name for each in classes_of(name)}:
            members.setdefault(of_it, []).append(one["text"])
    if not members:
        return {}
    found: dict[str, str] = {}
    times: dict[str, int] = {}
    for place, part in enumerate((title, text)):
        for name in find(part):
            own = class_called(name.heading, name.name, name.text)
            if own is None:
                if name.kind == "drug" and any(
                    one in members for one in classes_of(name.heading) | classes_of(name.name)
                ):
                    # What it says of the class is of another of its members.
                    return {}
                continue
            if len(members.get(own.name, ())) != 1:
                continue
            times[own.name] = times.get(own.name, 0) + (1 if place else 2)
            if times[own.name] > 1:
                found[name.text] = members[own.name][0]
    return found if len({*found.values()}) == 1 else {}


def told_of_class(instead: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """What to know first of sources that tell of a class, as Markdown, and of which medicines they do not tell; empty where there is none.

    Args:
        instead: Each class with the medicine of the question that is of it.
    """
    by_member: dict[str, str] = {}
    for name, member in instead:
        # "Statins" at the beginning of a sentence, and "NSAIDs".
        by_member.setdefault(member, name[:1].lower() + name[1:] if name[1:].islower() else name)
    notes = [
        f"**What is quoted is on {name}, of which {member} is one, and does not report it apart.**"
        for member, name in by_member.items()
    ]
    return " ".join(notes), list(by_member)
