"""What moves: everything that differs from a background learned as the video goes."""

import cv2
import numpy as np

from apps.videos.detectors.events import Box

_WIDTH = 320
_MOST_HEIGHT = 640  # a picture one pixel wide would else become thousands of lines
# In sampled frames. At two a second the background has forgotten a parked car after some two minutes.
_HISTORY = 240
_LEARNING_FRAMES = 3
_SMALLEST = 0.0008  # of the picture: below that are compression noise and insects
_LIGHTS = 0.6  # when so much changes at once, somebody switched the lights or the camera turned


class Background:
    def __init__(self) -> None:
        self._model = self._new_model()
        self._seen = 0

    @staticmethod
    def _new_model() -> cv2.BackgroundSubtractorMOG2:
        return cv2.createBackgroundSubtractorMOG2(history=_HISTORY, varThreshold=25, detectShadows=False)

    def moving(self, picture: np.ndarray) -> tuple[Box, ...]:
        height = min(_MOST_HEIGHT, max(2, round(picture.shape[0] * _WIDTH / picture.shape[1])))
        small = cv2.resize(picture, (_WIDTH, height), interpolation=cv2.INTER_AREA)
        grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
        mask = self._model.apply(grey)
        self._seen += 1
        if self._seen <= _LEARNING_FRAMES:
            return ()
        if cv2.countNonZero(mask) > _LIGHTS * mask.size:
            self._model, self._seen = self._new_model(), 1
            self._model.apply(grey)
            return ()
        return _blobs(mask)


def _blobs(mask: np.ndarray) -> tuple[Box, ...]:
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    # The parts of one person (head, bag, legs) become one blob.
    mask = cv2.dilate(mask, np.ones((9, 7), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    height, width = mask.shape
    boxes = []
    for left, top, wide, high, area in stats[1:count]:
        if area >= 4 * _SMALLEST * mask.size:  # the dilation has made it about four times as large
            boxes.append(
                (float(left / width), float(top / height), float(wide / width), float(high / height))
            )
    return tuple(sorted(boxes, key=lambda box: -box[2] * box[3])[:32])
