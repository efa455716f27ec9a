"""What a call that was broken off has cost, as far as it can be told: nobody sends its usage any more.

Rather too much than too little, so that leaving early is no way around a budget: a prompt counts as if
nothing of it had been cached.
"""

import math

from llm.messages import Image, Prompt, Text
from llm.results import Tokens

CHARACTERS_A_TOKEN = 3.5  # of Latin text and JSON
TOKENS_A_CHARACTER = 1.2  # of Hangul and the like
TOKENS_AN_IMAGE = 1_600


def tokens_of(text: str) -> int:
    plain = sum(character.isascii() for character in text)
    return math.ceil(plain / CHARACTERS_A_TOKEN + (len(text) - plain) * TOKENS_A_CHARACTER)


def estimated(prompt: Prompt, *, said: str = "") -> Tokens:
    blocks = list(prompt.blocks())
    sent = sum(tokens_of(block.text) for block in blocks if isinstance(block, Text))
    images = sum(isinstance(block, Image) for block in blocks)
    return Tokens(input=sent + images * TOKENS_AN_IMAGE, output=tokens_of(said))
