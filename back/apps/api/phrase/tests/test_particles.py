import pytest

from apps.api.phrase.josa import particle
from apps.api.phrase.tests.support import CASES

LINES = [line.split("\t") for line in (CASES / "particles.tsv").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("text", "pair", "expected"), LINES)
def test_particle_fits_the_sound_before_it(text, pair, expected):
    if expected == "!":
        with pytest.raises(ValueError, match="not a pair"):
            particle(text, pair)
    else:
        assert particle(text, pair) == expected
