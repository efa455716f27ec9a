"""From the room of models to the one function that this detector needs."""

from collections.abc import Mapping
from typing import Any

from apps.videos.detectors.interface import See, Seen
from llm import Image, Llm, Message, Prompt, Text
from llm.errors import ContentFiltered, GuardrailIntervened, InvalidOutput, OutputTruncated
from llm.messages import Block

_OF_THIS_WINDOW = (ContentFiltered, GuardrailIntervened, InvalidOutput, OutputTruncated)


def see_with(llm: Llm, *, deadline: float = 120.0) -> See:
    """What the model says of these very pictures (refused, filtered, no sense in it) costs the window, not
    the analysis. Everything else raises llm.errors: the window can be looked at later."""

    def see(pictures: list[bytes], instructions: str, schema: Mapping[str, Any]) -> Seen:
        shown: list[Block] = [Image(picture, "jpeg") for picture in pictures]
        blocks = (*shown, Text(instructions))
        try:
            answer = llm.data(
                Prompt(messages=(Message("user", blocks),)),
                role="vision",
                schema=schema,
                name="report_events",
                description="The events that the pictures show.",
                deadline=deadline,
            )
        except _OF_THIS_WINDOW as error:
            return Seen({}, error.usage.cost_usd if error.usage else None, refusal=type(error).__name__)
        return Seen(answer.data, answer.usage.cost_usd)

    return see
