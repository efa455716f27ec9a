"""The border: whatever boto3, botocore and urllib3 raise leaves here as one of llm.errors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from botocore import exceptions as boto
from botocore.eventstream import ParserError
from botocore.parsers import ResponseParserError
from urllib3 import exceptions as urllib3

from llm import errors, retry_after
from llm.accepts import Feature, feature_named_in

About = Literal["model", "knowledge_base", "guardrail"]

_THROTTLED = {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
_UNAVAILABLE = {
    "ModelNotReadyException",
    "ServiceUnavailableException",
    "InternalServerException",
    "InternalFailure",
    "ModelTimeoutException",
    "ModelErrorException",
    "ModelStreamErrorException",
    "BadGatewayException",
    "DependencyFailedException",
}
_EXPIRED = {"ExpiredTokenException", "ExpiredToken", "RequestExpired"}
_REFUSED = {
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
}
_RETIRED = re.compile(r"provided model identifier is invalid|end of (its )?life|reached the end|legacy", re.I)
_ON_DEMAND = re.compile(r"on-demand throughput isn.t supported|inference profile", re.I)
_TOO_LONG = re.compile(
    r"(input|prompt) is too long|too many (input )?tokens|exceeds? the (maximum|context)", re.I
)
_RETRIED_STATUSES = {408, 424}


@contextmanager
def mapped_errors(
    model: str | None = None, *, features: frozenset[Feature] = frozenset(), about: About = "model"
) -> Iterator[None]:
    try:
        yield
    except errors.LlmError:
        raise
    except boto.ClientError as error:
        raise _from_service(error, model, features, about) from error
    except (boto.ReadTimeoutError, urllib3.ReadTimeoutError) as error:
        raise errors.TimedOut(str(error), model=model) from error
    except (boto.NoCredentialsError, boto.PartialCredentialsError, boto.NoAuthTokenError) as error:
        unlike = (
            " (a knowledge base does not take AWS_BEARER_TOKEN_BEDROCK)" if about == "knowledge_base" else ""
        )
        raise errors.NoCredentials(f"{error}{unlike}") from error
    except (boto.SSOTokenLoadError, boto.UnauthorizedSSOTokenError, boto.TokenRetrievalError) as error:
        raise errors.CredentialsExpired(str(error)) from error
    except (boto.CredentialRetrievalError, boto.ProfileNotFound, boto.UnknownCredentialError) as error:
        raise errors.NoCredentials(str(error)) from error
    except (boto.NoRegionError, boto.InvalidRegionError, boto.UnknownRegionError) as error:
        raise errors.RegionMissing(str(error)) from error
    except (boto.ConnectionClosedError, urllib3.ProtocolError) as error:
        raise errors.Unavailable(str(error), model=model) from error
    except (boto.ConnectionError, boto.HTTPClientError) as error:
        raise errors.Unreachable(str(error), model=model) from error
    except (ParserError, ResponseParserError) as error:
        raise errors.StreamBroken(f"unreadable answer: {error}", model=model) from error
    except boto.ParamValidationError as error:
        raise errors.BadRequest(str(error), model=model) from error
    except boto.BotoCoreError as error:
        raise errors.ConfigurationError(str(error)) from error
    except (urllib3.HTTPError, OSError) as error:
        raise errors.Unavailable(str(error), model=model) from error
    except errors.UNREADABLE as error:
        raise errors.StreamBroken(f"unreadable answer: {type(error).__name__}", model=model) from error


def _from_service(
    error: boto.ClientError, model: str | None, features: frozenset[Feature], about: About
) -> errors.LlmError:
    details: dict[str, Any] = error.response.get("Error", {})
    meta: dict[str, Any] = error.response.get("ResponseMetadata", {})
    # An exception frame in a stream carries a lowerCamel code and no HTTP status.
    code = str(details.get("Code", ""))
    code = code[:1].upper() + code[1:]
    message = str(details.get("Message") or details.get("message") or error)
    detail = f"{code}: {message}"
    status = int(meta.get("HTTPStatusCode") or 0)
    wait = retry_after.seconds(meta.get("HTTPHeaders", {}).get("retry-after"))

    if code in _THROTTLED or (status == 429 and code not in _UNAVAILABLE):
        return errors.Throttled(detail, model=model, retry_after=wait)
    if code in _UNAVAILABLE or status >= 500 or status in _RETRIED_STATUSES:
        return errors.Unavailable(detail, model=model, retry_after=wait)
    if code in _EXPIRED:
        return errors.CredentialsExpired(detail)
    if code in _REFUSED or status == 401:
        return errors.CredentialsRefused(detail)
    if code == "ServiceQuotaExceededException":
        return errors.QuotaExceeded(detail, model=model)
    if about == "knowledge_base":
        return errors.KnowledgeBaseUnavailable(detail)
    if about == "guardrail" or "guardrail" in message.lower():
        return errors.GuardrailUnavailable(detail)
    if code == "AccessDeniedException" or status == 403:
        return errors.AccessDenied(detail, model=model)
    if code == "ResourceNotFoundException" or status == 404:
        return errors.ModelRetired(detail, model=model)
    return _from_validation(message, detail, model, features)


def _from_validation(
    message: str, detail: str, model: str | None, features: frozenset[Feature]
) -> errors.LlmError:
    if _RETIRED.search(message):
        return errors.ModelRetired(detail, model=model)
    if _ON_DEMAND.search(message):
        return errors.OnDemandUnsupported(detail, model=model)
    if _TOO_LONG.search(message):
        return errors.PromptTooLong(detail, model=model)
    if feature := feature_named_in(message, features):
        return errors.ParameterRejected(detail, feature=feature, model=model)
    return errors.BadRequest(detail, model=model)
