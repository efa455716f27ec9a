"""Where the language models' errors end: what they mean for a question, and what to tell an operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.api.asking.engine import EngineFailed, QuestionCancelled, Spent
from llm import Usage, errors

# The next question would fail for the same reason, whatever it asks.
_OUT_OF_REACH = (
    errors.Throttled,
    errors.Unavailable,
    errors.TimedOut,
    errors.ModelRetired,
    errors.OnDemandUnsupported,
    errors.AccessDenied,
    errors.QuotaExceeded,
    errors.ConfigurationError,
)


@contextmanager
def engine_errors() -> Iterator[None]:
    try:
        yield
    except errors.Cancelled as error:
        raise QuestionCancelled from error
    except errors.LlmError as error:
        raise EngineFailed(
            error.code, str(error), out_of_reach=out_of_reach(error), spent=spent_of(error.usage)
        ) from error


def out_of_reach(error: errors.LlmError) -> bool:
    if isinstance(error, errors.NoModelLeft):
        return all(out_of_reach(cause) for cause in error.causes)
    return isinstance(error, _OUT_OF_REACH)


def spent_of(usage: Usage | None) -> Spent:
    if usage is None:
        return Spent()
    return Spent(
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_tokens,
        usage.cache_write_tokens,
        usage.cost_usd,
    )
