"""Every line of cases/*.jsonl: a question at an invented site and the very reading it must have."""

import json
from pathlib import Path
from typing import Any

import pytest

from text2sql.tests.reading import ask, short

CASES = [
    pytest.param(json.loads(line), id=f"{file.stem}:{number}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.jsonl"))
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    if line.strip()
]
_GIVEN = ("q", "site", "video", "history", "now", "why")


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    found = ask(
        case["q"],
        site=case.get("site", "airport"),
        video=case.get("video"),
        history=case.get("history"),
        now=case.get("now"),
    )
    expected = {key: value for key, value in case.items() if key not in _GIVEN}
    assert short(found) == expected, (
        f"{case['q']}\n{found.query.understood if found.query else ''}\n{found.sql}"
    )
