"""From bytes to checked events, one at a time: a JSON object, a JSON array, NDJSON or CSV.

Yields an `EventIn` or the `Problem`s of one entry, each with its place, and holds one entry in memory.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from apps.http.body import problems_of
from apps.http.errors import Problem
from apps.http.json import BadJSON, strict_json
from apps.videos.events.fields import FIELDS, EventIn, from_cells, from_json, from_plain_json

LONGEST_ENTRY = 64 * 1024
REQUIRED = ("timestamp", "event_type")


@dataclass(frozen=True, slots=True)
class Wrong:
    problems: list[Problem]
    # After some mistakes nothing that follows can be trusted.
    final: bool = False


Entry = EventIn | Wrong
Reader = Callable[[Iterable[bytes]], Iterator[Entry]]


def _checked(body: bytes, place: str, where: str) -> Entry:
    if (event := from_plain_json(body)) is not None:
        return event
    try:
        return from_json(strict_json(body))
    except BadJSON as error:
        return Wrong([Problem("invalid_json", f"{where}: {error}.", place)])
    except ValidationError as error:
        return Wrong([_placed(problem, where) for problem in problems_of(error, prefix=f"{place}.")])


def _placed(problem: Problem, where: str) -> Problem:
    attr = problem.attr.rstrip(".") if problem.attr else None
    return Problem(problem.code, f"{where}: {problem.detail[:1].lower()}{problem.detail[1:]}", attr)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their end; one that never ends is given up as soon as it is too long."""
    rest = b""
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest += first
        for other in others:
            yield rest
            rest = other
        if len(rest) > LONGEST_ENTRY:
            break
    yield rest


def read_ndjson(chunks: Iterable[bytes]) -> Iterator[Entry]:
    for number, line in enumerate(_lines(chunks), start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        line = line.strip(b" \t\r")
        if len(line) > LONGEST_ENTRY:
            yield Wrong([_too_long(f"Line {number}", f"lines.{number}")], final=True)
            return
        if line:
            yield _checked(line, f"lines.{number}", f"Line {number}")


def _too_long(where: str, place: str) -> Problem:
    return Problem("too_long", f"{where}: longer than {LONGEST_ENTRY} bytes.", place)


_MARK = re.compile(rb'["\\\[\]{},]')
_SPACE = b" \t\r\n"


def read_json(chunks: Iterable[bytes]) -> Iterator[Entry]:
    """One object, or an array of them. Elements are cut out by their brackets, then read one by one."""
    stream = _Peeking(chunks)
    first = stream.skip_space()
    if first == b"{":
        body = stream.rest(LONGEST_ENTRY + 1)
        if len(body) > LONGEST_ENTRY:
            yield Wrong([_too_long("The event", "event")], final=True)
        else:
            yield _one(body)
        return
    if first != b"[":
        yield Wrong([Problem("invalid_json", "Send one event or an array of events.")], final=True)
        return
    yield from _elements(stream)


def _one(body: bytes) -> Entry:
    try:
        return from_json(strict_json(body))
    except BadJSON as error:
        return Wrong([Problem("invalid_json", f"Not acceptable JSON: {error}.")])
    except ValidationError as error:
        return Wrong(problems_of(error))


class _Peeking:
    """Bytes that can be looked at before they are taken."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.buffer = b""

    def more(self) -> bool:
        chunk = next(self.chunks, b"")
        self.buffer += chunk
        return bool(chunk)

    def skip_space(self) -> bytes:
        while True:
            self.buffer = self.buffer.lstrip(_SPACE)
            if self.buffer or not self.more():
                return self.buffer[:1]

    def take(self, count: int) -> bytes:
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def rest(self, limit: int) -> bytes:
        while len(self.buffer) < limit and self.more():
            pass
        return self.take(limit)


def _elements(stream: _Peeking) -> Iterator[Entry]:
    stream.take(1)
    index = 0
    if stream.skip_space() == b"]":
        stream.take(1)
    else:
        while True:
            body, closing = _cut(stream)
            if closing is None:
                long = len(body) > LONGEST_ENTRY
                problem = _too_long(f"Event {index}", str(index)) if long else Problem(
                    "invalid_json", f"Event {index}: the array ends before it is closed.", str(index)
                )  # fmt: skip
                yield Wrong([problem], final=True)
                return
            yield _checked(body, str(index), f"Event {index}")
            index += 1
            if closing == b"]":
                break
    if stream.skip_space():
        yield Wrong([Problem("invalid_json", "There is text after the end of the array.")], final=True)


def _cut(stream: _Peeking) -> tuple[bytes, bytes | None]:
    """The bytes up to the `,` or `]` that ends this element, and which of them it was."""
    depth = 0
    in_string = False
    at = 0
    while True:
        match = _MARK.search(stream.buffer, at)
        if match is None or (match[0] == b"\\" and match.end() == len(stream.buffer)):
            at = match.start() if match else len(stream.buffer)
            if len(stream.buffer) > LONGEST_ENTRY or not stream.more():
                return stream.buffer[: LONGEST_ENTRY + 1], None
            continue
        at = match.end()
        mark = match[0]
        if mark == b"\\":
            at += 1
        elif mark == b'"':
            in_string = not in_string
        elif not in_string:
            if mark in b"[{":
                depth += 1
            elif depth == 0 and mark in b",]":
                body = stream.take(at)[:-1]
                return (body, mark) if len(body) <= LONGEST_ENTRY else (body, None)
            elif mark in b"]}":
                depth -= 1


def read_csv(chunks: Iterable[bytes]) -> Iterator[Entry]:
    """A header line with the names of fields, then a row an event; an empty cell is "not given"."""
    try:
        rows = csv.reader(_decoded(chunks), strict=True)
        header = [name.strip() for name in next(rows, [])]
        wrong = _header_problems(header)
        if wrong:
            yield Wrong(wrong, final=True)
            return
        for row in rows:
            number = rows.line_num
            if not row:
                continue
            if len(row) != len(header):
                detail = f"Line {number}: {len(row)} cells for {len(header)} columns."
                yield Wrong([Problem("wrong_columns", detail, f"lines.{number}")])
                continue
            try:
                yield from_cells(dict(zip(header, row, strict=True)))
            except ValidationError as error:
                where = f"Line {number}"
                yield Wrong([_placed(p, where) for p in problems_of(error, prefix=f"lines.{number}.")])
    except csv.Error as error:
        yield Wrong(
            [Problem("invalid_csv", f"Line {rows.line_num}: {error}.", f"lines.{rows.line_num}")], final=True
        )
    except _NotText as error:
        yield Wrong(
            [Problem("invalid_encoding", f"Line {error.line}: not UTF-8.", f"lines.{error.line}")], final=True
        )


class _NotText(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(_lines(chunks), start=1):
        if len(line) > LONGEST_ENTRY:
            raise csv.Error(f"longer than {LONGEST_ENTRY} bytes")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8") + "\n"
        except UnicodeDecodeError:
            raise _NotText(number) from None


def _header_problems(header: list[str]) -> list[Problem]:
    problems = [
        Problem("required", f"Line 1: the column {name} is missing.", f"lines.1.{name}")
        for name in REQUIRED
        if name not in header
    ]
    for position, name in enumerate(header):
        if name not in FIELDS:
            problems.append(Problem("unknown_field", f"Line 1: there is no column {name[:50]!r}.", "lines.1"))
        elif name in header[:position]:
            problems.append(
                Problem("repeated", f"Line 1: the column {name} is there twice.", f"lines.1.{name}")
            )
    return problems


READERS: dict[str, Reader] = {
    "application/json": read_json,
    "application/x-ndjson": read_ndjson,
    "application/ndjson": read_ndjson,
    "text/csv": read_csv,
}
