"""Why a file is not taken: a code for programs, words for people."""

from typing import Literal

ProbeErrorCode = Literal[
    "empty",
    "not_a_video",
    "truncated",
    "no_video_stream",
    "unsupported_codec",
    "too_large_picture",
    "too_long",
    "implausible_duration",
    "timed_out",
    "unreadable",
]


class ProbeError(Exception):
    """The file cannot be taken as a video; str() is fit to be shown to whoever sent it."""

    def __init__(self, code: ProbeErrorCode, detail: str) -> None:
        super().__init__(detail)
        self.code: ProbeErrorCode = code
        self.detail = detail
