"""Vietnamese text as people type it."""

from knowledge.vietnamese.normal import fold, normalise

__all__ = ["fold", "normalise"]
