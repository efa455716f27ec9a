"""XML from strangers, element by element: no entities, no document types, and an end to size and depth."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from apps.videos.feeds.errors import FeedError

MOST_BYTES = 64 * 1024**2
MOST_DEPTH = 30
MOST_ELEMENTS = 500_000


class _Bounded:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, MOST_BYTES

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(65536 if size < 0 else min(size, 65536))
        self._left -= len(data)
        if self._left < 0:
            raise FeedError(f"The XML is larger than {MOST_BYTES // 1024**2} MB.")
        return data


def elements(stream: BinaryIO, names: set[str], *, root: str) -> Iterator[Element]:
    """The elements of these names, whole, in the order of their ends; emptied when the next is asked for.

    An element inside another one of `names` comes first, and is still in the outer one when that comes.
    """
    depth = inside = count = 0
    try:
        for moment, element in iterparse(_Bounded(stream), events=("start", "end"), forbid_dtd=True):
            if moment == "start":
                depth, count = depth + 1, count + 1
                inside += element.tag in names
                if depth == 1 and element.tag != root:
                    raise FeedError(f"The XML begins with <{str(element.tag)[:50]}>, not with <{root}>.")
                if depth > MOST_DEPTH or count > MOST_ELEMENTS:
                    raise FeedError("The XML is nested too deeply or holds too much.")
                continue
            depth -= 1
            if element.tag in names:
                inside -= 1
                yield element
            if not inside:
                element.clear()
    except ParseError as error:
        raise FeedError(f"Not well-formed XML: {error}.") from error
    except DefusedXmlException as error:
        raise FeedError("The XML declares a document type or entities, which is not accepted.") from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise FeedError("The XML is in an encoding that cannot be read.") from error


def text_of(element: Element, path: str, *, longest: int = 200) -> str:
    return (element.findtext(path) or "").strip()[:longest]
