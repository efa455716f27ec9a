"""What models put out → boxes [left, top, right, bottom] in pixels of their input, labels and scores.

One function per layout. Each is given the raw outputs by name, and the labels that are wanted: what is not to
be told is not computed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Outputs = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Candidates:
    boxes: np.ndarray  # n × 4
    labels: np.ndarray  # n
    scores: np.ndarray  # n


def nanodet(outputs: Outputs, size: tuple[int, int], wanted: Sequence[int], least: float) -> Candidates:
    """Per stride a map of scores (logits) and of the distances to the four edges, each as a distribution."""
    parts = []
    for output in outputs.values():
        grid = output[0]
        stride = round(size[0] / grid.shape[2])
        labels = len(grid) - 44
        scores = _sigmoid(grid[list(wanted)])
        rows, columns = np.nonzero(scores.max(axis=0) >= least)
        raw = grid[labels:, rows, columns].reshape(4, 11, -1)
        shares = np.exp(raw - raw.max(axis=1, keepdims=True))
        steps = np.arange(11)[:, None]
        away = (shares * steps).sum(axis=1) / shares.sum(axis=1) * stride
        x, y = (columns + 0.5) * stride, (rows + 0.5) * stride
        there = scores[:, rows, columns]
        parts.append(
            Candidates(
                np.stack([x - away[0], y - away[1], x + away[2], y + away[3]], axis=1),
                np.asarray(wanted)[there.argmax(axis=0)],
                there.max(axis=0),
            )
        )
    return _together(parts)


def yolox(outputs: Outputs, size: tuple[int, int], wanted: Sequence[int], least: float) -> Candidates:
    """One row per cell of three grids, as YOLOX's own export writes it: centre and size relative to the cell,
    whether there is anything, and a share per label."""
    [rows] = [output[0] for output in outputs.values()]
    scores = rows[:, 4:5] * rows[:, 5:][:, list(wanted)]
    chosen = np.nonzero(scores.max(axis=1) >= least)[0]
    cells = np.concatenate(
        [
            np.stack(
                np.broadcast_arrays(
                    np.arange(size[0] // stride)[None, :], np.arange(size[1] // stride)[:, None], stride
                ),
                axis=-1,
            ).reshape(-1, 3)
            for stride in (8, 16, 32)
        ]
    )
    if len(cells) != len(rows):
        raise ValueError(f"{len(rows)} rows where YOLOX at {size[0]}×{size[1]} has {len(cells)}")
    at, rows = cells[chosen], rows[chosen]
    middle = (rows[:, :2] + at[:, :2]) * at[:, 2:]
    half = np.exp(np.minimum(rows[:, 2:4], 10)) * at[:, 2:] / 2
    there = scores[chosen]
    return Candidates(
        np.concatenate([middle - half, middle + half], axis=1),
        np.asarray(wanted)[there.argmax(axis=1)] if len(there) else np.zeros(0, int),
        there.max(axis=1) if len(there) else np.zeros(0),
    )


def detr(outputs: Outputs, size: tuple[int, int], wanted: Sequence[int], least: float) -> Candidates:
    """D-FINE and RT-DETR by their own export: labels, boxes (in pixels of the size asked for) and scores."""
    labels, boxes, scores = (outputs[name][0] for name in ("labels", "boxes", "scores"))
    keep = np.isin(labels, list(wanted)) & (scores >= least)
    return Candidates(boxes[keep], labels[keep].astype(int), scores[keep])


def detr_logits(outputs: Outputs, size: tuple[int, int], wanted: Sequence[int], least: float) -> Candidates:
    """The same models as Transformers exports them: logits per label, and centre and size in shares."""
    scores = _sigmoid(outputs["logits"][0][:, list(wanted)])
    chosen = np.nonzero(scores.max(axis=1) >= least)[0]
    boxes = outputs["pred_boxes"][0][chosen] * np.array([*size, *size], np.float32)
    there = scores[chosen]
    return Candidates(
        np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], axis=1),
        np.asarray(wanted)[there.argmax(axis=1)] if len(there) else np.zeros(0, int),
        there.max(axis=1) if len(there) else np.zeros(0),
    )


LAYOUTS: dict[str, Callable[[Outputs, tuple[int, int], Sequence[int], float], Candidates]] = {
    "nanodet": nanodet,
    "yolox": yolox,
    "detr": detr,
    "detr_logits": detr_logits,
}


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(values, -60, 60)))


def _together(parts: Sequence[Candidates]) -> Candidates:
    return Candidates(
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )
