"""Every templated answer verifies, whatever the rows; an answer with one figure changed does not."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.api.phrase import searched, templated
from apps.api.phrase.tests.corpus import case
from apps.api.verify import verify
from apps.api.verify.tests.mutations import mutate

MEASURED_OVER = range(400)  # two answers each
CAUGHT_AT_LEAST = 0.99


def checked(arguments, text, language, citations=()):
    return verify(
        text,
        result=arguments["result"],
        evidence=arguments["evidence"],
        question="",
        searched=searched(plan=arguments["plan"]),
        videos=arguments["videos"],
        language=language,
        now=arguments["now"],
        citations=citations,
    )


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), language=st.sampled_from(["ko", "en"]))
def test_every_templated_answer_is_true_and_cites_its_own_text(seed, language):
    arguments = case(Random(seed))
    phrased = templated(**arguments, language=language)
    assert checked(arguments, phrased.text, language, phrased.citations).untraced == ()
    for citation in phrased.citations:
        assert phrased.text[citation.start : citation.end].strip()
        assert arguments["evidence"].event(citation.event_id).timestamp == citation.timestamp


def test_a_changed_figure_is_noticed():
    changed = missed = 0
    for seed in MEASURED_OVER:
        r = Random(seed)
        arguments = case(r)
        for language in ("ko", "en"):
            text = mutate(templated(**arguments, language=language).text, r)
            if text is not None:
                changed += 1
                missed += checked(arguments, text, language).ok
    assert changed > 700
    assert 1 - missed / changed >= CAUGHT_AT_LEAST, f"{missed} of {changed} went unnoticed"
