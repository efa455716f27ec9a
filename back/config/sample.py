"""Keeps the two documents of the settings in step with the code: .env.example and docs/settings.md.

.env.example is written by hand, but for the language models' part, which llm/options.py writes; the page
follows from it whole. `make settings` writes both; the tests compare.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from config.env import ROOT, SCHEME
from llm.options import LlmOptions, env_name, env_sample

SAMPLE = ROOT / ".env.example"
PAGE = ROOT / "docs" / "settings.md"
MODELS = "Language models"

# Read where Django's settings are not: by the Procfile, gunicorn and `make run`.
_PORT = "a whole number from 1 to 65535"
PROCESSES = {
    "HOST": "an address",
    "PORT": _PORT,
    "TEXT2SQL_HOST": "an address",
    "TEXT2SQL_PORT": _PORT,
    "WEB_CONCURRENCY": "a whole number",
    "WEB_THREADS": "a whole number",
    "WEB_GRACEFUL_SECONDS": "a whole number",
    "WEB_HEAD_SECONDS": "a number",
    "WEB_GRACE_SECONDS": "a number",
    "WEB_LEAST_BYTES_PER_SECOND": "a number",
    "WORKER_GRACEFUL_SECONDS": "a whole number",
    "WORKER_ALIVE_FILE": "a path",
}

_HEADING = re.compile(r"# --- (.+) ---")
_SETTING = re.compile(r"# ([A-Z][A-Z0-9_]*)=(.*)")

_INTRODUCTION = """\
# Settings

Everything is set by environment variables, or by the same lines in a file `.env` (`ENV_FILE` names
another); the environment goes first. An empty value counts as not given, unless its line says otherwise. A
value that cannot be read stops the start and says which; so does a variable that begins with `LLM_` or
`AWS_BEDROCK_` and is no setting.

A secret may be given as a file: `SECRET_KEY_FILE=/run/secrets/secret_key`
([deployment.md](deployment.md) lists which).

`make run` brings defaults for a developer where nothing is set: `DEBUG=true`, `LOG_FORMAT=text`, no
throttles, generated secrets, and an embedded PostgreSQL unless `DATABASE_URL` is set. `make run PORT=9000`
sets what it says for that run.

Combinations that are dangerous are reported by `manage.py check --deploy`: `playhead.W001` (nobody is asked
who they are), `playhead.W002` (questions have no reader), `playhead.E001` (the reader is the owner),
`playhead.W003` (HTTPS behind a proxy that is not known), `playhead.W004` (a budget over a model whose
price is not known) and `playhead.W005` (HTTPS is off outside of development).

This page is written from `.env.example` by `make settings`.
"""


@dataclass(frozen=True, slots=True)
class Documented:
    name: str
    default: str
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    settings: tuple[Documented, ...]


def read_sample(text: str) -> list[Group]:
    groups: list[tuple[str, list[Documented]]] = []
    for block in re.split(r"\n{2,}", text.strip()):
        *words, last = block.splitlines()
        if heading := _HEADING.fullmatch(last):
            groups.append((heading[1], []))
        elif groups and (setting := _SETTING.fullmatch(last)):
            about = " ".join(line.removeprefix("#").strip() for line in words)
            groups[-1][1].append(Documented(setting[1], setting[2], about))
        elif groups:
            raise ValueError(f"neither a heading nor an explained setting: {block}")
    return [Group(title, tuple(settings)) for title, settings in groups]


def with_models_part(text: str) -> str:
    """The sample with the language models' part as the code has it."""
    before, heading, after = text.partition(f"# --- {MODELS} ---\n")
    following = re.search(r"^# --- ", after, re.MULTILINE)
    rest = after[following.start() :] if following else ""
    return f"{before}{heading}\n{env_sample()}\n{rest}"


def wants(name: str) -> str:
    """What the reader of a setting says that it wants, when given what no setting can be."""
    if name in PROCESSES:
        return PROCESSES[name]
    for complaint in _complaints(_readers().get(name)):
        return re.sub(r"^(wants|must be) ", "", complaint)
    return "text"


def _readers() -> dict[str, Callable[[str], Any]]:
    ours = {name: read for name, (read, _) in SCHEME.items()}
    return ours | {env_name(field): field.metadata["read"] for field in dataclasses.fields(LlmOptions)}


def _complaints(read: Callable[[str], Any] | None) -> Iterator[str]:
    if read is not None:
        try:
            read("\0")
        except ValueError as error:
            yield str(error)


def settings_page(sample: str) -> str:
    parts = [_INTRODUCTION]
    for group in read_sample(sample):
        parts.append(f"## {group.title}\n\n| name | wants | default | meaning |\n|---|---|---|---|")
        for setting in group.settings:
            default = f"`{setting.default}`" if setting.default else ""
            parts[-1] += f"\n| `{setting.name}` | {wants(setting.name)} | {default} | {setting.about} |"
        parts[-1] += "\n"
    return "\n".join(parts)


def main() -> None:
    sample = with_models_part(SAMPLE.read_text(encoding="utf-8"))
    SAMPLE.write_text(sample, encoding="utf-8")
    PAGE.write_text(settings_page(sample), encoding="utf-8")


if __name__ == "__main__":
    main()
