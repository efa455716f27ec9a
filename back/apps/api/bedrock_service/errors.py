"""The one error of the calls from a shell: what AWS said, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.api.asking.engine import EngineFailed, QuestionCancelled
from llm import errors


class BedrockError(Exception):
    """`code` for machines, `hint` for whoever runs this; the message says both in full."""

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@contextmanager
def helpful_errors() -> Iterator[None]:
    try:
        yield
    except EngineFailed as failed:
        cause = failed.__cause__
        if isinstance(cause, errors.LlmError):
            raise explained(cause) from cause
        raise BedrockError(str(failed), code=failed.code) from failed
    except errors.LlmError as error:
        raise explained(error) from error
    except QuestionCancelled as cancelled:
        raise BedrockError("The question was cancelled.", code="cancelled") from cancelled


def explained(error: errors.LlmError) -> BedrockError:
    """Of each model that was tried, what went wrong with it."""
    causes = error.causes if isinstance(error, errors.NoModelLeft) and error.causes else (error,)
    lines = [error.public_message] + [line for cause in causes for line in _told(cause)]
    hint = " ".join(dict.fromkeys(cause.hint for cause in causes))
    return BedrockError("\n".join(lines), code=error.code, hint=hint)


def _told(cause: errors.LlmError) -> Iterator[str]:
    about = f" ({cause.model})" if cause.model else ""
    yield f"{cause.code}{about}: {cause.detail or cause.public_message}"
    yield f"What to do: {cause.hint}"
