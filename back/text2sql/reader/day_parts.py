"""Parts of the video (전반부, the middle) and parts of the day (새벽, afternoon)."""

from text2sql.query import OffsetSpan
from text2sql.reader.clock_words import ClockRead
from text2sql.reader.draft import Draft
from text2sql.reader.points import Mode

_PARTS = {
    "first_half": (None, 0.5, True, False),
    "second_half": (0.5, None, True, True),
    "beginning": (None, 1 / 3, True, False),
    "middle": (1 / 3, 2 / 3, True, False),
    "ending": (2 / 3, None, True, True),
}


def thirds_and_halves(draft: Draft) -> None:
    for at in list(draft.find("part")):
        if at and (draft.ever(at - 1, "decade") or draft.ever(at - 1, "unit", "decade")):
            continue  # 30대 후반 is an age
        if draft.ever(at, "early") and any(fact.end == at - 1 for fact in draft.of("age")):
            draft.doubt("part_of_a_decade", 0.5)  # 20대 초반이나 후반
            continue
        if draft.ever(at, "place") and draft.tokens[at].text not in ("중간",):
            continue
        if draft.tokens[at].text in ("가운데",):
            continue
        name = draft.value(at, "part")
        start, to, from_in, to_in = _PARTS[name]
        draft.add(
            "offset",
            at,
            at + 1,
            OffsetSpan(
                anchor="fraction",
                anchor_from=start,
                anchor_to=to,
                from_inclusive=from_in,
                to_inclusive=to_in,
                said=draft.tokens[at].text,
            ),
        )


def day_parts(draft: Draft) -> None:
    for at in list(draft.find("daypart")):
        if draft.value(at, "daypart") == "daytime":
            continue
        mode: Mode = "at"
        start, end = at, at + 1
        if at and draft.has(at - 1, "rel", "from", "until") and draft.tokens[at - 1].text.isascii():
            start, mode = at - 1, "from" if draft.has(at - 1, "rel", "from") else "until"
        elif draft.has(end, "rel", "from") or draft.has(end, "josa", "from"):
            mode, end = "from", end + 1
        elif draft.has(end, "rel", "until") or draft.has(end, "josa", "until"):
            mode, end = "until", end + 1
        part = draft.value(at, "daypart")
        if mode == "from" and draft.has(end, "daypart"):
            until = draft.value(end, "daypart")
            stop = end + 1
            if draft.has(stop, "josa", "until") or draft.has(stop, "rel", "until", "between"):
                stop += 1
            said = draft.words(start, stop)
            draft.add("clock", start, stop, ClockRead("parts", part=part, until_part=until, said=said))
            continue
        draft.add(
            "clock", start, end, ClockRead("part", part=part, part_mode=mode, said=draft.words(start, end))
        )
