"""How each language says a moment, a length, a number, a person. A new language is one more module here, one
more table in sentences/, and a line in VOICES."""

from apps.api.phrase.voices.base import Voice
from apps.api.phrase.voices.en import English
from apps.api.phrase.voices.ko import Korean

VOICES: dict[str, Voice] = {"ko": Korean(), "en": English()}

__all__ = ["VOICES", "Voice"]
