import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.api.phrase import MarkerStripper, read_markers
from apps.api.phrase.tests.support import EVENTS

KNOWN = list(EVENTS.values())


@pytest.mark.parametrize(
    ("marked", "shown", "cited"),
    [
        ("네, 12분 30초[[e:503]]에 도난이", "네, 12분 30초에 도난이", ["12분 30초"]),
        ("12분 30초 [[e:503]]에 도난이", "12분 30초에 도난이", ["12분 30초"]),
        ("12분 30초(오후 2시 2분 30초)[[e:503]]에", "12분 30초(오후 2시 2분 30초)에", ["12분 30초"]),
        ("at 12:30 [[e:503]] and 13:30 [[e:504]].", "at 12:30 and 13:30.", ["12:30", "13:30"]),
        ("at 12:30 [[e:503]]and", "at 12:30 and", ["12:30"]),
        ("at 1:00:42 [[ e: 508 ]]!", "at 1:00:42!", ["1:00:42"]),
        ("A theft[[e:503]] and more", "A theft and more", ["theft"]),
        ("13:30 [[e:503,504]].", "13:30.", ["13:30", "13:30"]),
        ("[[e:503]]", "", [""]),
        ("a [[b]] c", "a [[b]] c", []),
        ("a [[", "a [[", []),
        ("a [[e:5", "a [[e:5", []),
        ("[[[e:503]] x", "[ x", ["["]),
        ("x  ", "x  ", []),
    ],
)
def test_markers_become_citations(marked, shown, cited):
    phrased = read_markers(marked, events=KNOWN)
    assert phrased.text == shown
    assert [phrased.text[c.start : c.end] for c in phrased.citations] == cited


@pytest.mark.parametrize(("marked", "stray"), [("5초[[e:999]]에", (999,)), ("5초[[e:x]]에", (-1,))])
def test_a_marker_of_no_evidence_is_stray_and_never_shown(marked, stray):
    phrased = read_markers(marked, events=KNOWN)
    assert phrased.text == "5초에"
    assert phrased.stray == stray
    assert phrased.citations == ()


@given(
    st.lists(
        st.sampled_from(
            ["네, ", "12:30 ", "[[e:503]]", "[", "]", " ", "[[e:9]]", "에", "[[", "e:5", "\n", "a"]
        )
    ),
    st.lists(st.integers(1, 7)),
)
def test_how_a_stream_is_cut_changes_nothing(parts, cuts):
    text = "".join(parts)
    stripper, shown, at = MarkerStripper(KNOWN), "", 0
    for cut in [*cuts, len(text)]:
        shown += stripper.feed(text[at : at + cut])
        at += cut
    shown += stripper.feed(text[at:]) + stripper.close()
    assert shown == stripper.text
    assert stripper.phrased() == read_markers(text, events=KNOWN)
