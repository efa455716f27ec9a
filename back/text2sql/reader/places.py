"""Where: places in the picture, and the videos, cameras and sites that a question names."""

import re

from text2sql.query import Place, VideoChoice
from text2sql.reader.draft import Draft, Fact
from text2sql.semantics_rows import EXIT_DOOR, place_row
from text2sql.words.text import compact

_LETTER = re.compile(r"[a-z]\d{0,2}")


def read_videos(draft: Draft) -> None:
    """A video's, camera's or site's own name chooses the videos, not a location."""
    brought = draft.brought
    _all_of_them(draft)
    for at in range(len(draft)):
        for kind, table in (
            ("video_camera", brought.by_camera),
            ("video_name", brought.by_name),
            ("video_site", brought.by_site),
        ):
            if draft.has(at, kind):
                ids = table[draft.value(at, kind)]
                end = at + 1
                while draft.has(end, "dim", "camera", "video") or draft.has(end, "dim", "site"):
                    end += 1
                by = kind.removeprefix("video_")
                choice = VideoChoice(draft.tokens[at].text, by, tuple(sorted(set(ids))))  # type: ignore[arg-type]
                draft.add("video", at, end, choice)
                break
    for at in range(len(draft)):
        _unknown_camera(draft, at)


_OF_THEM = {"두": 2, "세": 3, "네": 4, "둘": 2, "셋": 3, "both": 2}
_COUNTED = ("개", "대", "곳", "군데", "편")
_CAMERA_AND_NUMBER = re.compile(r"(?:카메라|캠|cctv|씨씨티비)\s?(\d+)", re.IGNORECASE)
_FILMED = ("영상", "카메라", "화면", "비디오")
_ALTOGETHER = (
    "the",
    "all",
    "both",
    "across",
    "over",
    "in",
    "from",
    "of",
    "these",
    "those",
    "our",
    "any",
    "on",
)


def _all_of_them(draft: Draft) -> None:
    """영상 세 개 통틀어, 두 카메라에서, across all three videos: the whole of what is asked about, and no
    number of events. Of another number of videos than there are nobody says which."""
    for at in range(len(draft)):
        found = _number_of_videos(draft, at)
        if found is None:
            continue
        number, end = found
        draft.take(at, end)
        if number != len(draft.videos):
            draft.doubt("which_videos", 0.45)


def _number_of_videos(draft: Draft, at: int) -> tuple[int, int] | None:
    """→ (how many, where it ends)"""
    token = draft.tokens[at]
    if draft.taken[at]:
        return None
    if named := _CAMERA_AND_NUMBER.fullmatch(token.text):  # 카메라 2대, not the camera called 2
        return (int(named[1]), at + 1) if draft.tails[at].startswith("대") else None
    if draft.has(at, "dim", "camera", "video") and not token.text.isascii():
        number = _how_many(draft, at + 1)
        counted = at + 2 < len(draft) and draft.tokens[at + 2].text in _COUNTED
        return (number, at + 3) if number and counted and _taken_together(draft, at + 2) else None
    number = _how_many(draft, at)
    if not number or at + 1 >= len(draft) or token.has("ordinal"):
        return None
    noun = draft.tokens[at + 1].text.lower()
    if draft.has(at + 1, "everywhere") and noun.endswith("에서") and noun.startswith(_FILMED):
        return number, at + 2
    if not draft.has(at + 1, "dim", "camera", "video"):
        return None
    if noun.isascii() and noun != "cctv":
        together = token.text.lower() == "both" or (at and draft.tokens[at - 1].text.lower() in _ALTOGETHER)
        return (number, at + 2) if together and noun.endswith("s") else None
    return (number, at + 2) if _taken_together(draft, at + 1) else None


def _how_many(draft: Draft, at: int) -> int:
    if not 0 <= at < len(draft) or draft.taken[at]:
        return 0
    token = draft.tokens[at]
    told = _OF_THEM.get(token.text.strip().lower())
    return told or (int(token.number) if token.number and token.number == int(token.number) else 0)


def _taken_together(draft: Draft, at: int) -> bool:
    """영상 세 개에서, 두 카메라 모두; but: 도난 영상 세 개 보여줘."""
    return draft.tails[at].startswith(("에서", "의")) or any(
        draft.ever(i, "whole") or draft.ever(i, "ask", "sum") or draft.ever(i, "josa", "in", "at")
        or (i < len(draft) and draft.tokens[i].text in ("중", "중에", "중에서", "가운데"))
        for i in (at + 1, at + 2)
    )  # fmt: skip


def _unknown_camera(draft: Draft, at: int) -> None:
    """A camera that is named but not there: "CAM-09", "카메라 9", "9번 카메라"."""
    token = draft.tokens[at]
    if draft.has(at, "track") and re.match(r"(?:CAM|CCTV|CAMERA)[-_]?\d", token.text.upper()):
        draft.take(at, at + 1)
        draft.refusals.append("unknown_video")
        return
    if not draft.has(at, "dim", "camera"):
        return
    if draft.number(at + 1) is not None and not draft.has(at + 2, "unit"):
        draft.take(at, at + 2)
        draft.refusals.append("unknown_video")
    elif (
        at >= 2
        and draft.has(at - 1, "unit", "events")
        and draft.tokens[at - 1].text == "번"
        and draft.number(at - 2) is not None
    ):
        draft.take(at - 2, at + 1)
        draft.refusals.append("unknown_video")


def read_places(draft: Draft) -> None:
    at = 0
    while at < len(draft):
        found = None if draft.taken[at] else _place(draft, at)
        if found is None:
            at += 1
            continue
        place, end = found
        if (
            draft.facts
            and (last := draft.facts[-1]).kind == "place"
            and last.end == at
            and not _joined(draft, last, at)
        ):
            draft.facts[-1] = Fact("place", last.start, end, _merge(last.value, place, draft))
            draft.take(at, end)
        else:
            found_at = _with_matches(place, draft)
            draft.add("place", at, end, found_at)
            if draft.has(end, "cmp", "lt") and not draft.tokens[end].text.isascii():
                draft.take(end, end + 1)  # 에스컬레이터 밑에서
            if not found_at.matched and draft.has(end, "dim", "camera"):  # 옥상 카메라, where there is none
                draft.refusals.append("unknown_video")
        at = end


def _joined(draft: Draft, last: Fact, at: int) -> bool:
    """Whether something stands between two places, so that they are two."""
    between = draft.said[draft.tokens[last.end - 1].end : draft.tokens[at].start]
    return bool(between.strip(" "))


def _merge(first: Place, second: Place, draft: Draft) -> Place:
    place = Place(
        f"{first.said} {second.said}", first.patterns, (), (*first.also, second.patterns, *second.also)
    )
    return _with_matches(place, draft)


def _place(draft: Draft, at: int) -> tuple[Place, int] | None:
    token = draft.tokens[at]
    patterns: list[str] = []
    if _of_a_deed(draft, at):
        return None
    if draft.has(at, "location"):
        patterns.append(draft.value(at, "location"))
    if draft.has(at, "place") and _means_a_place(draft, at):
        if patterns and compact(token.text) != patterns[0]:
            pass
        for sense in token.senses:
            if sense.kind == "place":
                row = place_row(sense.value)
                patterns += [compact(word) for word in (*row.ko, *row.en)]
    if not patterns and _is_the_way_out(draft, at):
        row = EXIT_DOOR
        patterns += [compact(word) for word in (*row.ko, *row.en, "exit")]
    if patterns:
        also, start, end = _qualifier(draft, at)
        said = draft.words(start, end)
        return Place(said, tuple(dict.fromkeys(patterns)), (), also), end
    return _floor(draft, at) or _lettered(draft, at)


def _is_the_way_out(draft: Draft, at: int) -> bool:
    """thefts at the exit; but exits, and who exits"""
    return draft.tokens[at].text.lower() == "exit" and after_preposition(draft, at)


def _of_a_deed(draft: Draft, at: int) -> bool:
    """개찰구를 뛰어넘은, jumped the gate: what the stored deed is done to, not where."""
    if not draft.has(at, "action"):
        return False
    if not draft.tokens[at].text.isascii():
        near = draft.ever(at + 1, "action") or draft.ever(at + 1, "thing")
        return near and draft.tails[at].startswith(("을", "를"))
    deed = at - 1
    while deed > 0 and draft.tokens[deed].text.lower() in ("the", "a", "an"):
        deed -= 1
    return deed >= 0 and draft.ever(deed, "action") and not draft.tokens[deed].has("rel")


def _means_a_place(draft: Draft, at: int) -> bool:
    word = draft.tokens[at].text.lower()
    if word in ("left", "right"):
        before = draft.tokens[at - 1].text.lower() if at else ""
        after = draft.tokens[at + 1].text.lower() if at + 1 < len(draft) else ""
        if word == "right" and draft.ever(at + 1, "seq"):
            return False
        return before in ("the", "on", "to") or after in ("side", "wall", "shelf", "corner", "aisle", "door")
    if draft.has(at, "action") and not draft.has(at, "location"):  # jumping the turnstile
        left_out = draft.ever(at + 1, "neg", "except")  # 주차장 말고, where 주차장 배회 is stored
        return after_preposition(draft, at) or draft.ever(at + 1, "josa", "at") or left_out
    if word in (
        "counter",
        "display",
        "center",
        "central",
        "lift",
        "pool",
        "stage",
        "dock",
        "gate",
        "office",
        "bench",
    ):
        return True
    return not (draft.has(at, "type") and not draft.tokens[at].text.isascii())


_PREPOSITIONS = (
    *("at", "near", "in", "on", "by", "from", "behind", "inside", "next to", "close to"),
    *("through", "toward", "towards", "outside", "beside", "around", "in front of", "opposite"),
)


def after_preposition(draft: Draft, at: int) -> bool:
    before = [token.text.lower() for token in draft.tokens[max(0, at - 2) : at]]
    if before and before[-1] == "the":
        before.pop()
    return bool(before) and before[-1] in _PREPOSITIONS


def _qualifier(draft: Draft, at: int) -> tuple[tuple[tuple[str, ...], ...], int, int]:
    """dock 2, gate B12, zone C, 2번 도크: the number or letter must be found in the place as well."""
    end = at + 1
    if end < len(draft) and not draft.taken[end] and draft.tokens[at].text.isascii():
        token = draft.tokens[end]
        if (
            token.number is not None
            and token.has("number", "digits", "word")
            and not draft.ever(end + 1, "unit")
        ):
            number = str(int(token.number))
            return ((f"{number}번", f"#{number}", number),), at, end + 1
        if (
            _LETTER.fullmatch(token.text.lower()) and token.text.lower() not in ("a", "i", "s", "m", "h")
        ) or (len(token.text) == 1 and token.text.isupper() and token.text != "I"):
            return ((token.text.lower(),),), at, end + 1
    if (
        at >= 2
        and draft.number(at - 2) is not None
        and draft.has(at - 1, "unit", "events")
        and draft.tokens[at - 1].text == "번"
    ):
        number = str(int(draft.tokens[at - 2].number or 0))
        draft.take(at - 2, at)
        return ((f"{number}번", f"#{number}", number),), at - 2, at + 1
    if (
        end < len(draft)
        and not draft.taken[end]
        and draft.tokens[end].form == "unknown"
        and _LETTER.fullmatch(draft.tokens[end].text.lower())
    ):
        return ((draft.tokens[end].text.lower(),),), at, end + 1
    return (), at, end


def _floor(draft: Draft, at: int) -> tuple[Place, int] | None:
    """2nd floor, floor 2, 2층."""
    token = draft.tokens[at]
    number: float | None = None
    end = at
    if token.number is not None and draft.has(at + 1, "within_scope"):
        number, end = token.number, at + 2
        word = draft.tokens[at + 1].text
    elif draft.has(at, "within_scope") and draft.number(at + 1) is not None and token.text.isascii():
        number, end = draft.tokens[at + 1].number, at + 2
        word = token.text
    elif (
        token.text.lower() == "first"
        and draft.has(at + 1, "within_scope")
        and draft.tokens[at + 1].text.lower() == "floor"
    ):
        number, end, word = 1, at + 2, "floor"
    else:
        return None
    n = int(number or 0)
    patterns = {
        "floor": (f"{n}층", f"floor{n}", f"{n}f"),
        "level": (f"{n}층", f"level{n}"),
        "room": (f"{n}호", f"room{n}"),
    }.get(word.lower(), (f"{n}{word}",))
    return Place(draft.words(at, end), patterns), end


def _lettered(draft: Draft, at: int) -> tuple[Place, int] | None:
    """구역 B, B구역, zone B: a kind of place and its letter."""
    if not draft.has(at, "dim", "place") or at + 1 >= len(draft) or draft.taken[at + 1]:
        return None
    token = draft.tokens[at + 1]
    if (
        token.text.isascii()
        and len(token.text) <= 2
        and (token.text.isupper() or token.form == "unknown")
        and token.text.isalnum()
    ):
        letter = token.text.lower()
        kinds = ("구역", "zone", "area", "section", "존")
        patterns = tuple(f"{kind}{letter}" for kind in kinds) + tuple(f"{letter}{kind}" for kind in kinds[:1])
        return Place(draft.words(at, at + 2), patterns), at + 2
    return None


def _with_matches(place: Place, draft: Draft) -> Place:
    matched = [
        stored
        for key, stored in draft.brought.places.items()
        if any(pattern in key for pattern in place.patterns)
        and all(any(pattern in key for pattern in further) for further in place.also)
    ]
    return Place(place.said, place.patterns, tuple(sorted(matched)[:50]), place.also)
