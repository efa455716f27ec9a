"""Claude on Amazon Bedrock: how it is asked. docs/claude.md tells it with examples.

>>> from apps.api.bedrock_service import get_bedrock_service
>>> get_bedrock_service().text_to_sql("10분에서 15분 사이에 도난이 있었나요?", video_id=1).sql
"""

from typing import TYPE_CHECKING

from apps.api.bedrock_service.errors import BedrockError

if TYPE_CHECKING:
    from apps.api.bedrock_service.service import BedrockService

__all__ = ["BedrockError", "get_bedrock_service"]


def get_bedrock_service() -> "BedrockService":
    """Holds nothing of its own: the connections are the process's, and open with the first call."""
    from apps.api.bedrock_service.service import BedrockService  # boto3 is slow to import

    return BedrockService()
