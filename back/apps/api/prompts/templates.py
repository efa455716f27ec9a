"""`string.Template` over files: a missing variable raises, and values are put in as they are."""

from functools import lru_cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent


class NoSuchPrompt(Exception):
    """PROMPT_VERSION names a folder that is not there, or one that lacks a file."""


@lru_cache(maxsize=64)
def template(name: str, *, version: str) -> Template:
    path = FOLDER / version / f"{name}.txt"
    if version not in versions() or not path.is_file():
        raise NoSuchPrompt(f"there is no prompt {name} of version {version!r}; there are: {versions()}")
    return Template(path.read_text(encoding="utf-8").strip())


def render(name: str, *, version: str, **variables: str) -> str:
    """KeyError for a variable that the template names and nobody gave."""
    return template(name, version=version).substitute(variables)


def versions() -> list[str]:
    return sorted(entry.name for entry in FOLDER.iterdir() if (entry / "plan.system.txt").is_file())
