"""Whole answers, word for word, in both languages: cases/answers.toml."""

import tomllib

import pytest

from apps.api.phrase import templated
from apps.api.phrase.tests.support import CASES, answer_case

DATA = tomllib.loads((CASES / "answers.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("case", DATA, ids=[case["name"] for case in DATA])
def test_answer(case, language):
    phrased = templated(**answer_case(case), language=language)
    assert phrased.text == case[language].strip()
    for citation in phrased.citations:
        assert 0 <= citation.start < citation.end <= len(phrased.text)
