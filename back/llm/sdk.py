"""What the anthropic and openai libraries have in common: one generator made both."""

import importlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from llm import errors, retry_after
from llm.accepts import Feature, feature_named_in

C = TypeVar("C")

_TOO_LONG = re.compile(r"(input|prompt) is too long|context[_ ](length|window)|too many tokens", re.I)
_QUOTA = {"insufficient_quota", "billing_error", "billing_hard_limit_reached"}
_BY_TYPE: dict[str, type[errors.LlmError]] = {
    # In a stream an error comes under status 200: only its type says what it is.
    "rate_limit_error": errors.Throttled,
    "rate_limit_exceeded": errors.Throttled,
    "overloaded_error": errors.Unavailable,
    "api_error": errors.Unavailable,
    "server_error": errors.Unavailable,
    "timeout_error": errors.Unavailable,
    "authentication_error": errors.CredentialsRefused,
    "permission_error": errors.AccessDenied,
    "not_found_error": errors.ModelRetired,
}


def library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise errors.MissingExtra(
            f"LLM_PROVIDER={name} needs its client library: pip install '.[{name}]'"
        ) from error


class PerProcess(Generic[C]):
    """A client made on first use, and made anew in a forked child: sockets must not be shared."""

    def __init__(self, make: Callable[[], C]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[int, C] | None = None

    def get(self) -> C:
        made = self._made
        if made is None or made[0] != os.getpid():
            with self._lock:
                made = self._made
                if made is None or made[0] != os.getpid():
                    made = self._made = (os.getpid(), self._make())
        return made[1]

    def take(self) -> C | None:
        """The client of this process, if there is one, which is then forgotten."""
        with self._lock:
            made, self._made = self._made, None
        return made[1] if made is not None and made[0] == os.getpid() else None


@contextmanager
def mapped_errors(sdk: Any, model: str, features: frozenset[Feature] = frozenset()) -> Iterator[None]:
    httpx = library("httpx2")
    try:
        yield
    except errors.LlmError:
        raise
    except sdk.APIStatusError as error:
        raise _from_status(error, model, features) from error
    except (sdk.APIConnectionError, httpx.HTTPError) as error:
        raise _from_connection(error, model, httpx) from error
    except sdk.APIResponseValidationError as error:
        raise errors.StreamBroken(f"unreadable answer: {error}", model=model) from error
    except sdk.APIError as error:
        kind = _BY_TYPE.get(_kind(error), errors.Unavailable)
        raise kind(str(error), model=model) from error
    except errors.UNREADABLE as error:
        raise errors.StreamBroken(f"unreadable answer: {type(error).__name__}", model=model) from error


def _from_connection(error: Exception, model: str, httpx: Any) -> errors.LlmError:
    # Wrapped by the library before the answer begins, raw in the middle of a stream.
    chain = (error, error.__cause__)
    detail = f"{error} ({error.__cause__})" if error.__cause__ else str(error)
    if any(isinstance(link, (httpx.ConnectError, httpx.ConnectTimeout)) for link in chain):
        return errors.Unreachable(detail, model=model)
    if any(isinstance(link, httpx.TimeoutException) for link in chain):
        return errors.TimedOut(detail, model=model)
    return errors.Unavailable(detail, model=model)


def _from_status(error: Any, model: str, features: frozenset[Feature]) -> errors.LlmError:
    status: int = error.status_code
    kind, message = _kind(error), str(error.message)
    detail = f"{status} {kind}: {message}".replace(" :", ":")
    wait = retry_after.seconds(error.response.headers.get("retry-after"))

    if kind in _QUOTA or getattr(error, "code", None) in _QUOTA or status == 402:
        return errors.QuotaExceeded(detail, model=model)
    if status < 400 and kind in _BY_TYPE:
        return _BY_TYPE[kind](detail, model=model)
    if status == 429:
        return errors.Throttled(detail, model=model, retry_after=wait)
    if status < 400 or status >= 500 or status in (408, 409, 424, 425):
        return errors.Unavailable(detail, model=model, retry_after=wait)
    if status == 401:
        return errors.CredentialsRefused(detail)
    if status == 403:
        return errors.AccessDenied(detail, model=model)
    if status == 404:
        return errors.ModelRetired(detail, model=model)
    if status == 413 or _TOO_LONG.search(detail) or getattr(error, "code", None) == "context_length_exceeded":
        return errors.PromptTooLong(detail, model=model)
    if getattr(error, "code", None) == "content_filter":
        return errors.ContentFiltered(detail, model=model)
    if feature := feature_named_in(message, features):
        return errors.ParameterRejected(detail, feature=feature, model=model)
    return errors.BadRequest(detail, model=model)


def _kind(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    inner = body.get("error")
    inner = inner if isinstance(inner, dict) else body
    return str(getattr(error, "type", None) or inner.get("type") or inner.get("code") or "")
