"""The small trained text model: the ranker's weights, the two calibrated judges, the thresholds.

One readable JSON file, made by ``python -m knowledge train`` and nothing else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge.errors import ModelError

PATH = Path(__file__).resolve().parent / "model.json"
Probability = Annotated[float, Field(ge=0, le=1)]


class Judge(BaseModel):
    """A logistic regression over named signals: the probability that a ranking is right."""

    model_config = ConfigDict(frozen=True)

    signals: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    @model_validator(mode="after")
    def _weigh_each(self) -> Self:
        if len(self.weights) != len(self.signals):
            raise ValueError("one weight for each signal")
        return self

    def probability(self, values: Sequence[float]) -> float:
        """Return the probability for signal ``values`` in the order of ``signals``."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


class Model(BaseModel):
    """Everything that was learned.

    ``answer_from`` is the probability of the first procedure from which we answer outright; ``offer_from`` the
    probability that the right one is among the choices from which we offer them.
    """

    model_config = ConfigDict(frozen=True)

    features: tuple[str, ...]
    weights: tuple[float, ...]
    first: Judge
    choices: Judge
    answer_from: Probability
    offer_from: Probability
    trained_on: dict[str, Any] = {}

    @model_validator(mode="after")
    def _weigh_each(self) -> Self:
        if len(self.weights) != len(self.features):
            raise ValueError("one weight for each feature")
        return self


def load_model(path: Path = PATH) -> Model:
    """Read a trained model; raise ``ModelError`` when it is missing or malformed."""
    try:
        return Model.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise ModelError(f"Không đọc được mô hình {path.name}: {error}") from error


def save_model(model: Model, path: Path = PATH) -> None:
    """Write a trained model so that two equal models give equal bytes."""
    text = json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
