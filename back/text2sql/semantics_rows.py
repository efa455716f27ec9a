"""The rows of the vocabulary by the value that a token carries."""

from semantics import VOCABULARY, Words

TYPES = {event_type.code: event_type for event_type in VOCABULARY.event_types}
GROUPS = {group.code: group for group in VOCABULARY.event_groups}
AGE_GROUPS = {group.code: group for group in VOCABULARY.age_groups}
GENDERS = {gender.code: gender for gender in VOCABULARY.genders}
VEHICLE_TYPES = tuple(code for code, event_type in TYPES.items() if event_type.about == "vehicle")


EXIT_DOOR = next(row for row in VOCABULARY.places if "exit door" in row.en)


def place_row(number: str) -> Words:
    return VOCABULARY.places[int(number)]


def thing_row(number: str) -> Words:
    return VOCABULARY.things[int(number)]
