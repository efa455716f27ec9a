"""What can go wrong with a model, as classes of our own; no vendor's exception passes the bindings."""

from typing import Literal

from llm.results import Usage

SkipFor = Literal["long", "short", "call"]


class LlmError(Exception):
    """`detail` is the vendor's message, for logs; `public_message` is for anybody, `hint` for operators."""

    code: str = "llm_error"
    public_message: str = "The language model could not answer."
    hint: str = "See the detail; it is the provider's own message."
    retryable: bool = False
    """The same request to the same model may well succeed in a moment."""
    skip: SkipFor | None = None
    """Whether the next model of the list should be asked instead, and for how long this one is left alone."""
    unsettled: bool = False
    """The provider was at work when the call ended: it may cost, and nobody says what."""

    def __init__(
        self,
        detail: str = "",
        *,
        model: str | None = None,
        usage: Usage | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail or self.public_message)
        self.detail = detail
        self.model = model
        self.usage = usage
        self.retry_after = retry_after
        self.attempts = 0

    def __str__(self) -> str:
        about = f" ({self.model})" if self.model else ""
        return f"{self.code}{about}: {self.detail or self.public_message}"

    def again(self) -> "LlmError":
        """A fresh copy: a remembered exception that is raised again and again gathers tracebacks."""
        return type(self)(self.detail, model=self.model)


# --- passing faults of the provider ---


class Throttled(LlmError):
    code = "throttled"
    public_message = "The language model is busy. Please try again in a moment."
    hint = "Ask for a higher quota, list a second model, or allow fewer questions at once."
    retryable = True
    skip = "short"


class Unavailable(LlmError):
    code = "unavailable"
    public_message = "The language model is out of reach at the moment."
    hint = "A passing fault of the provider or the network; see the provider's status page if it stays."
    retryable = True
    skip: SkipFor | None = "short"


class Unreachable(Unavailable):
    """The endpoint is the same for every model, so there is no use in asking another."""

    code = "unreachable"
    skip: SkipFor | None = None
    hint = (
        "No connection to the endpoint: check the region (AWS_BEDROCK_REGION) and that the service exists "
        "there, AWS_ENDPOINT_URL_* or LLM_BASE_URL, DNS, proxy and outgoing HTTPS."
    )


class TimedOut(LlmError):
    """No answer within the read timeout. Not sent again to the same model: it may already be paid for."""

    code = "timed_out"
    public_message = "The language model took too long."
    hint = "Raise the role's LLM_…_TIMEOUT, lower LLM_MAX_TOKENS, or put a faster model first."
    skip: SkipFor | None = "short"
    unsettled = True


class DeadlineExceeded(TimedOut):
    code = "deadline_exceeded"
    unsettled = False
    hint = "All tries together took longer than LLM_DEADLINE or the deadline of the call."
    skip: SkipFor | None = None


class StreamBroken(Unavailable):
    """Retried only while nothing of the answer has been given out."""

    code = "stream_broken"
    public_message = "The answer was cut off on its way."


UNREADABLE = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
"""What client libraries raise from their depths when an answer has not the shape that they expect."""


class Cancelled(LlmError):
    code = "cancelled"
    public_message = "The question was cancelled."
    hint = "The caller set its cancellation token."


# --- the model cannot be used as configured ---


class ModelRetired(LlmError):
    code = "model_retired"
    public_message = "The configured language model is no longer offered."
    hint = "Put a current model id in AWS_BEDROCK_MODEL_ID or LLM_…_MODEL; check the region offers it."
    skip = "long"


class OnDemandUnsupported(LlmError):
    code = "on_demand_unsupported"
    public_message = "The configured language model cannot be called by this id."
    hint = "Use an inference profile, such as the same id with the prefix `global.`, or the profile's ARN."
    skip = "long"


class AccessDenied(LlmError):
    code = "access_denied"
    public_message = "Access to the language model is denied."
    hint = (
        "Allow bedrock:InvokeModel* on the inference profile and on the foundation model in every region "
        "that it routes to, and request access to the model for this account."
    )
    skip = "long"


class QuotaExceeded(LlmError):
    code = "quota_exceeded"
    public_message = "The quota for the language model is used up."
    hint = "Raise the service quota or the spending limit of the account, or list a second model."
    skip = "short"


class NoModelLeft(LlmError):
    """Every model of the role's list failed or is being left alone; `causes` says which for what."""

    code = "no_model_left"
    hint = "Run `manage.py llm_check`: it tries every configured model and says what is wrong with each."

    def __init__(self, causes: tuple[LlmError, ...], *, usage: Usage | None = None) -> None:
        super().__init__("; ".join(str(cause) for cause in causes) or "no model is configured", usage=usage)
        self.causes = causes

    def again(self) -> "NoModelLeft":
        return NoModelLeft(self.causes)


# --- credentials and configuration ---


class ConfigurationError(LlmError):
    code = "configuration"
    public_message = "The language model is not configured correctly."
    hint = "See the detail: it names the setting."


class NoCredentials(ConfigurationError):
    code = "no_credentials"
    hint = (
        "Give credentials: an IAM role, AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
        "AWS_BEARER_TOKEN_BEDROCK; for other providers LLM_API_KEY. Or set USE_BEDROCK=false."
    )


class CredentialsExpired(ConfigurationError):
    code = "credentials_expired"
    hint = (
        "The temporary credentials have run out: sign in again (`aws sso login`) or renew the session token."
    )


class CredentialsRefused(ConfigurationError):
    code = "credentials_refused"
    hint = "The provider does not know this key, or the signature is wrong: check key, secret and the clock."


class RegionMissing(ConfigurationError):
    code = "region_missing"
    hint = "Set AWS_BEDROCK_REGION (or AWS_REGION) to a region that offers the model, such as ap-northeast-2."


class GuardrailUnavailable(ConfigurationError):
    code = "guardrail_unavailable"
    hint = (
        "Check AWS_BEDROCK_GUARDRAIL_ID and AWS_BEDROCK_GUARDRAIL_VERSION, that it lives in this region, "
        "and that bedrock:ApplyGuardrail is allowed on it."
    )


class KnowledgeBaseUnavailable(ConfigurationError):
    code = "knowledge_base_unavailable"
    public_message = "The knowledge base is not available."
    hint = "Check AWS_BEDROCK_KNOWLEDGE_BASE_ID, its region, and that bedrock:Retrieve is allowed on it."


class MissingExtra(ConfigurationError):
    code = "missing_extra"
    hint = "Install the optional client library that the detail names."


# --- the request or the answer ---


class BadRequest(LlmError):
    code = "bad_request"
    public_message = "The language model refused the request."


class ParameterRejected(BadRequest):
    """A 400 that names a parameter the model does not take; `feature` is our name for it."""

    code = "parameter_rejected"

    def __init__(self, detail: str = "", *, feature: str = "", model: str | None = None) -> None:
        super().__init__(detail, model=model)
        self.feature = feature

    def again(self) -> "ParameterRejected":
        return ParameterRejected(self.detail, feature=self.feature, model=self.model)


class PromptTooLong(BadRequest):
    code = "prompt_too_long"
    public_message = "The question is too long for the language model."
    hint = "Shorten the prompt or list a model with a larger context."
    skip = "call"


class NoVision(BadRequest):
    code = "no_vision"
    hint = "None of the role's models takes images: put one that does in LLM_VISION_MODEL."


class GuardrailIntervened(LlmError):
    """`text` is the message configured in the guardrail, meant for the person who asked."""

    code = "guardrail_intervened"
    public_message = "This question or its answer is not allowed by the content policy."
    hint = "The configured guardrail stepped in; its trace is in the provider's console."

    def __init__(
        self, detail: str = "", *, text: str = "", model: str | None = None, usage: Usage | None = None
    ) -> None:
        super().__init__(detail, model=model, usage=usage)
        self.text = text


class ContentFiltered(LlmError):
    code = "content_filtered"
    public_message = "The provider's content filter held back the answer."
    hint = "Nothing to configure: the model's own filter stepped in."


class OutputTruncated(LlmError):
    """Data cut at the token limit cannot be used; text that was cut is returned with `truncated` instead."""

    code = "output_truncated"
    public_message = "The language model's answer was too long."
    hint = "Raise LLM_MAX_TOKENS."


class InvalidOutput(LlmError):
    """Nothing that fits the schema, or nothing at all, even after a repair; `text` is what the model said."""

    code = "invalid_output"
    public_message = "The language model gave no usable answer."
    hint = "Usually a model too small for the task: put a stronger one first."

    def __init__(
        self, detail: str = "", *, text: str = "", model: str | None = None, usage: Usage | None = None
    ) -> None:
        super().__init__(detail, model=model, usage=usage)
        self.text = text
