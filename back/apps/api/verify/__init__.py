"""The verifier of answers: what a text says is traced to the rows, or returned as untraced with its place."""

from apps.api.verify.likeness import claimed_as_certain
from apps.api.verify.verify import verify

__all__ = ["claimed_as_certain", "verify"]
