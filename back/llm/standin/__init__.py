"""A local server that speaks Bedrock's wire, for tests and for work without AWS.

Point botocore at it with AWS_ENDPOINT_URL_BEDROCK_RUNTIME and its like; `python -m llm.standin --port 8090`
starts it by hand with a modest mind of its own.
"""

from llm.standin.script import Fail, Fault, Json, Raw, Recorded, Reply
from llm.standin.server import Standin

__all__ = ["Fail", "Fault", "Json", "Raw", "Recorded", "Reply", "Standin"]
