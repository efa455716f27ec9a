"""A model at work: a picture in, what is in it out."""

import math
import os
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from apps.videos.detectors.events import Box, visible
from apps.videos.detectors.objects.description import Description, DescriptionError, describe
from apps.videos.detectors.objects.found import Found
from apps.videos.detectors.objects.layouts import LAYOUTS

_SAME = 0.55  # boxes of one kind that overlap more are one thing
_MOST = 100  # things in a picture: bounds what a picture full of noise costs
_STEP = 32  # pixels: the coarsest grid of the models
_PIXELS_TALL = 36  # with fewer, people are missed more and more
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


class Model:
    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self.description: Description = describe(path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library raises classes of its own for files of every wrong kind
            raise DescriptionError(f"{path} cannot be used: {str(error).splitlines()[0]}") from error
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._outputs = [given.name for given in self._session.get_outputs()]
        self._wanted = self.description.wanted
        self._words = self.description.words

    def find(self, picture: np.ndarray, part: Box = WHOLE, *, tall: float = 1.0) -> list[Found]:
        """Looks at a part of the picture; boxes are shares of the whole. Where what is looked for is only
        `tall`, a share of the picture, and the model would have too few pixels of it, a part is looked at
        larger: up to as large as the picture has it, and for no more than the whole costs."""
        height, width = picture.shape[:2]
        usual = min(self.description.width / width, self.description.height / height)
        largest = max(usual, min(1.0, _PIXELS_TALL / max(1.0, tall * height)))
        left, top = min(width - 1, int(part[0] * width)), min(height - 1, int(part[1] * height))
        right = max(left + 1, min(width, math.ceil((part[0] + part[2]) * width)))
        bottom = max(top + 1, min(height, math.ceil((part[1] + part[3]) * height)))
        canvas, scale = self._prepared(picture[top:bottom, left:right], largest)
        size = (canvas.shape[3], canvas.shape[2])
        given: dict[str, np.ndarray] = {self._inputs[0]: canvas}
        if len(self._inputs) > 1:
            # In the order width, height: the size in which boxes are wanted.
            given[self._inputs[1]] = np.array([size], np.int64)
        outputs = dict(zip(self._outputs, self._session.run(None, given), strict=True))
        decode = LAYOUTS[self.description.layout]
        candidates = decode(outputs, size, tuple(self._wanted), self.description.least)
        boxes = candidates.boxes / scale + np.array([left, top, left, top])
        boxes /= np.array([width, height, width, height])
        return self._best(boxes, candidates.labels, candidates.scores)

    def _prepared(self, picture: np.ndarray, largest: float) -> tuple[np.ndarray, float]:
        """Scaled without changing its proportions, into the upper left; the rest is padding."""
        told = self.description
        height, width = picture.shape[:2]
        scale = min(largest, told.width / width, told.height / height)
        wide, high = max(1, round(width * scale)), max(1, round(height * scale))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(picture, (wide, high), interpolation=how).astype(np.float32)
        if told.colours == "rgb":
            small = small[..., ::-1]
        columns, rows = (_up(wide), _up(high)) if told.any_size else (told.width, told.height)
        canvas = np.full((rows, columns, 3), told.padding, np.float32)
        canvas[:high, :wide] = small
        canvas -= np.array(told.mean, np.float32)
        canvas /= np.array(told.std, np.float32)
        return np.ascontiguousarray(canvas.transpose(2, 0, 1)[None]), scale

    def _best(self, boxes: np.ndarray, labels: np.ndarray, scores: np.ndarray) -> list[Found]:
        kinds = [self._wanted[int(label)] for label in labels]
        order = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
        flat = [(b[0], b[1], b[2] - b[0], b[3] - b[1]) for b in boxes.astype(float).tolist()]
        if not flat:
            return []
        kept = cv2.dnn.NMSBoxesBatched(
            flat, scores.astype(float).tolist(), [order[kind] for kind in kinds], 0.0, _SAME, top_k=_MOST
        )
        found = []
        for index in np.ravel(kept):
            box = visible(flat[index])
            if box is not None:
                found.append(
                    Found(kinds[index], self._words[labels[index]], box, float(min(1.0, scores[index])))
                )
        return found


def _up(side: int) -> int:
    return -(-side // _STEP) * _STEP


@lru_cache(maxsize=2)
def _loaded(path: str, changed: int, process: int, threads: int) -> Model:
    return Model(Path(path), threads=threads)


def model_at(path: Path, *, threads: int = 1) -> Model:
    """Loaded once per process, again when the file changes. Raises DescriptionError."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise DescriptionError(f"{path} cannot be read: {error.strerror}") from error
    return _loaded(str(path), changed, os.getpid(), threads)
