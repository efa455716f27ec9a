"""What goes to a model: blocks, messages, and the prompt that holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ImageFormat = Literal["png", "jpeg", "gif", "webp"]


@dataclass(frozen=True, slots=True)
class Text:
    """`guarded` marks what a person wrote: with a guardrail set, only guarded text is judged by it."""

    text: str
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    data: bytes
    format: ImageFormat

    def __repr__(self) -> str:
        return f"Image({len(self.data)} bytes, {self.format})"


@dataclass(frozen=True, slots=True)
class CachePoint:
    """All before this point is the same in the next call: a provider that caches prompts may keep it."""


Block = Text | Image | CachePoint
SystemPart = Text | CachePoint


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["user", "assistant"]
    content: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """`system` holds the stable part first, then a cache point, then what changes from call to call."""

    messages: tuple[Message, ...]
    system: tuple[SystemPart, ...] = ()

    @classmethod
    def of(cls, user: str, *, system: str = "", guarded: bool = False) -> "Prompt":
        """The common case: one question, with a system text that stays the same."""
        parts: tuple[SystemPart, ...] = (Text(system), CachePoint()) if system else ()
        return cls(messages=(Message("user", (Text(user, guarded=guarded),)),), system=parts)

    def blocks(self) -> Iterator[Block]:
        yield from self.system
        for message in self.messages:
            yield from message.content

    def has_images(self) -> bool:
        return any(isinstance(block, Image) for block in self.blocks())

    def has_cache_points(self) -> bool:
        return any(isinstance(block, CachePoint) for block in self.blocks())

    def followed_by(self, *, answer: str, complaint: str) -> "Prompt":
        """The next round of the same talk: what the model said, and what was wrong with it."""
        more = (Message("assistant", (Text(answer),)), Message("user", (Text(complaint),)))
        return Prompt(messages=self.messages + more, system=self.system)

    def with_instruction(self, text: str) -> "Prompt":
        return Prompt(messages=self.messages, system=(*self.system, Text(text)))
