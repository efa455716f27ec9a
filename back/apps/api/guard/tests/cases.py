"""Reads the files of cases: `-- name` or `-- name: code`, then the SQL up to the next such line."""

import re
from dataclasses import dataclass
from pathlib import Path

_HEAD = re.compile(r"^-- (?P<name>[\w./+-]+)(?:: (?P<code>\w+))?$")
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    code: str
    sql: str


def read(file: str) -> list[Case]:
    cases: list[Case] = []
    name = code = ""
    lines: list[str] = []

    def close() -> None:
        if name:
            cases.append(Case(name, code, "\n".join(lines).strip()))

    for line in (_HERE / file).read_text(encoding="utf-8").splitlines():
        if head := _HEAD.match(line):
            close()
            name, code, lines = head["name"], head["code"] or "", []
        else:
            lines.append(line)
    close()
    return cases
