"""How what a person did becomes an event."""

from apps.videos.detectors.events import Box, DetectedEvent, rounded
from apps.videos.detectors.tracking import Track

SOURCE = "people"


def about(
    track: Track,
    *,
    event_type: str,
    action: str,
    ko: str,
    en: str,
    at: float,
    until: float | None = None,
    place: str = "",
    box: Box | None = None,
    doing: str = "",
) -> DetectedEvent:
    """`ko` and `en` are what the person does, without the place: 들어온다, comes in. `doing` keeps apart what
    has one type of event and is not the same."""
    where, where_en = (f"{place}에서 ", f" at {place}") if place else ("", "")
    return DetectedEvent(
        timestamp=round(at, 2),
        end_timestamp=None if until is None else round(max(at, until), 2),
        event_type=event_type,
        action_detected=action,
        location=place,
        confidence=confidence(track),
        track_id=track.track_id,
        description=f"{where}한 사람이 {ko}.",
        bbox=rounded(box or track.box),
        attributes={"description_en": f"A person {en}{where_en}."} | ({"doing": doing} if doing else {}),
        source=SOURCE,
    )


def confidence(track: Track) -> float:
    """What was found well, many times, is surely a person; something vague may be a coat on a rack."""
    return round(min(0.99, 0.25 + 0.8 * track.mean_score + 0.01 * min(15, track.sightings)), 2)
