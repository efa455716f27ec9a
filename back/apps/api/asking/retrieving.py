"""Step 6: passages of the knowledge base, where a question is about a meaning, a rule or a procedure."""

import logging
import threading

from django.conf import settings

from apps.api.asking.engine import QuestionCancelled

logger = logging.getLogger(__name__)

PASSAGES = 4
SECONDS = 10.0


def passages_about(lookup: str, *, cancel: threading.Event) -> tuple[str, ...]:
    """Best first. A knowledge base that fails takes nothing away from what the events say."""
    if not lookup or not settings.LLM.knowledge_base_id:
        return ()
    from llm import errors  # boto3 is slow to import, and not always needed
    from llm.bedrock.knowledge import retrieve

    try:
        found = retrieve(settings.LLM, query=lookup, limit=PASSAGES, deadline=SECONDS, cancel=cancel)
    except errors.Cancelled as error:
        raise QuestionCancelled from error
    except errors.LlmError as error:
        logger.warning("knowledge base failed", extra={"code": error.code, "why": str(error)})
        return ()
    return tuple(passage.text for passage in found if passage.text.strip())
