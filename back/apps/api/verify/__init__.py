"""The verifier of answers: what a text says is traced to the rows, or returned as untraced with its place."""

from apps.api.verify.verify import verify

__all__ = ["verify"]
