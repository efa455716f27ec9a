"""What each engine has reached on a set; the repository keeps it, and a test sees that it never falls."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def read(path: Path) -> dict[str, dict[str, int]]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write(path: Path, *, engine: str, total: Mapping[str, Any]) -> None:
    kept = read(path) | {engine: {key: total[key] for key in ("questions", "right", "wrong")}}
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def fallen(path: Path, *, engine: str, total: Mapping[str, Any]) -> Iterator[str]:
    before = read(path).get(engine)
    if before is None:
        return
    if before["questions"] != total["questions"]:
        yield f"the baseline is of {before['questions']} questions, these are {total['questions']}: renew it"
    if total["right"] < before["right"]:
        yield f"{total['right']} right, {before['right']} before"
    if total["wrong"] > before["wrong"]:
        yield f"{total['wrong']} answered wrongly, {before['wrong']} before"
