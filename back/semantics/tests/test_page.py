"""docs/semantics.md says nothing that the vocabulary does not."""

import re
from pathlib import Path

from semantics import VOCABULARY

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "semantics.md").read_text(encoding="utf-8")


def rows_under(header: str) -> list[list[str]]:
    lines = PAGE.split(header + "\n", 1)[1].splitlines()[1:]
    table = [line for line in lines[: lines.index("") if "" in lines else None] if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def words(cell: str) -> set[str]:
    return {word.strip() for word in re.sub(r" \([^)]*\)", "", cell).split(",")}


def test_event_types_and_their_severities():
    told = {row[0]: int(row[1]) for row in rows_under("| code | severity | Korean words | English words |")}
    assert told == {t.code: t.severity for t in VOCABULARY.event_types}


def test_words_of_event_types():
    for code, _, korean, english in rows_under("| code | severity | Korean words | English words |"):
        known = VOCABULARY.event_type(code).words
        assert words(korean) - set(known.ko) == set(), code
        assert words(english) - set(known.en) == set(), code


def test_places():
    every = [set(place.ko) | set(place.en) for place in VOCABULARY.places]
    for korean, english in rows_under("| Korean | English |"):
        wanted = words(korean) | words(english)
        if korean != "왼쪽, 오른쪽":  # two places in one row of the page
            assert any(wanted <= place for place in every), wanted
        assert wanted <= set.union(*every), wanted


def test_columns():
    for table in VOCABULARY.tables:
        paragraph = PAGE.split(f"`{table.name}`: ", 1)[1].split("\n\n", 1)[0]
        outside_brackets = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", paragraph)
        told = {part.strip(" .\n") for part in outside_brackets.split(",")}
        assert told == set(table.column_names)
