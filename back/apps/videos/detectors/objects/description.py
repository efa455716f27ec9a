"""What a model wants and what it says: the JSON file beside its ONNX file."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from apps.videos.detectors.objects.labels import KINDS, LABEL_SETS

Channels = Annotated[list[float], Field(min_length=3, max_length=3)]
Kind = Literal["person", "vehicle", "bag"]
Side = Annotated[int, Field(ge=32, le=4096)]


class DescriptionError(ValueError):
    """In words for whoever set DETECTOR_MODEL."""


class Description(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w.+-]+$")]
    layout: Literal["nanodet", "yolox", "detr", "detr_logits"]
    width: Side
    height: Side
    any_size: bool = False
    colours: Literal["bgr", "rgb"] = "bgr"
    mean: Channels = [0.0, 0.0, 0.0]
    std: Channels = [1.0, 1.0, 1.0]
    padding: Annotated[float, Field(ge=0, le=255)] = 0.0
    labels: list[Annotated[str, Field(max_length=60)]] | Literal["coco80", "coco91"] = "coco80"
    kinds: dict[str, Kind] = Field(default_factory=lambda: dict(KINDS))
    # Above `sure` something may be new; between the two it is believed where something was already.
    sure: Annotated[float, Field(gt=0, lt=1)] = 0.5
    least: Annotated[float, Field(gt=0, lt=1)] = 0.25

    @field_validator("std")
    @classmethod
    def _divides(cls, value: list[float]) -> list[float]:
        if not all(value):
            raise ValueError("a standard deviation of 0 cannot be divided by")
        return value

    @property
    def words(self) -> tuple[str, ...]:
        return LABEL_SETS[self.labels] if isinstance(self.labels, str) else tuple(self.labels)

    @property
    def wanted(self) -> dict[int, str]:
        """Number of a label → kind, of those that we tell."""
        return {number: self.kinds[word] for number, word in enumerate(self.words) if word in self.kinds}


def describe(model: Path) -> Description:
    """Raises DescriptionError."""
    path = model.with_suffix(".json")
    try:
        text = path.read_text()
    except OSError as error:
        raise DescriptionError(f"{path} cannot be read: {error.strerror}") from error
    try:
        found = Description.model_validate(json.loads(text))
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise DescriptionError(f"{path}: {place}: {problem['msg']}") from error
    except ValueError as error:
        raise DescriptionError(f"{path} is no JSON") from error
    if not found.wanted:
        raise DescriptionError(f"{path}: none of the labels is a person, a vehicle or a bag")
    return found
