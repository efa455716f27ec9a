"""The labels of the data set that nearly all detection models are taught on, and what we make of labels."""

from typing import Literal

from apps.videos.detectors.objects.found import BAG, PERSON, VEHICLE

COCO80 = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
    "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow",
    "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee",
    "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard",
    "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple",
    "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch",
    "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard",
    "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors",
    "teddy bear", "hair drier", "toothbrush",
)  # fmt: skip


def _with_gaps() -> tuple[str, ...]:
    """The data set's own numbers run from 1 to 90 and leave ten out; some models count that way."""
    left_out, labels = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}, iter(COCO80)
    return ("", *("" if number in left_out else next(labels) for number in range(1, 91)))


COCO91 = _with_gaps()
LABEL_SETS = {"coco80": COCO80, "coco91": COCO91}

KINDS: dict[str, Literal["person", "vehicle", "bag"]] = {
    "person": PERSON,
    "pedestrian": PERSON,
    "bicycle": VEHICLE,
    "car": VEHICLE,
    "van": VEHICLE,
    "motorcycle": VEHICLE,
    "motorbike": VEHICLE,
    "bus": VEHICLE,
    "truck": VEHICLE,
    "backpack": BAG,
    "handbag": BAG,
    "suitcase": BAG,
    "bag": BAG,
}
