"""What the text of a target says by itself, before anything is imported."""

from pathlib import Path


def is_file(text: str) -> bool:
    """Whether what stands left of a target's colon is a file, and no module's name."""
    return text.endswith(".py") or "/" in text or "\\" in text or Path(text).is_file()


def is_dotted(text: str) -> bool:
    """Whether it is a name, or names with dots between."""
    return bool(text) and all(part.isidentifier() for part in text.split("."))


def split(target: str) -> tuple[str, str]:
    """The file or module of a target, and the name in it, '' where it has none."""
    left, colon, right = target.rpartition(":")
    if not colon or not is_dotted(right):
        # No name; a colon is then a Windows drive's.
        return target, ""
    return left, right


def folder_of(target: str) -> Path:
    """The folder of the file that the target names; of a module that is not in the current folder or its
    `src/`, the current folder."""
    left, _ = split(target)
    if is_file(left):
        return Path(left).expanduser().resolve().parent
    here = Path.cwd()
    parts = left.split(".")
    for root in (here, here / "src"):
        place = root.joinpath(*parts)
        if place.with_suffix(".py").is_file():
            return place.parent
        if place.is_dir():
            return place
    return here
