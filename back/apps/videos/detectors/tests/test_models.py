"""Models of every layout, built here with known answers; wrong descriptions; the model that is installed."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from apps.videos.detectors import Setup, analyse, build, zones_from
from apps.videos.detectors.events import overlap
from apps.videos.detectors.objects import DescriptionError, describe
from apps.videos.detectors.objects.finding import ModelFinder, finder_of
from apps.videos.detectors.objects.labels import COCO80, COCO91
from apps.videos.detectors.objects.model import Model
from apps.videos.detectors.window import Frame, Window
from apps.videos.testing import make_clip, model_finder, room, silhouette

SIDE = 64
# A person in the middle of the left half of the model's input, a car in its lower right quarter; in pixels.
PERSON_BOX, CAR_BOX = (12.0, 16.0, 20.0, 48.0), (40.0, 40.0, 60.0, 52.0)
CAR = COCO80.index("car")


def logit(share):
    return float(np.log(share / (1 - share)))


def write(path, outputs, *, inputs=(), side=SIDE, **told):
    """A model that says the same of every picture."""
    nodes, values, constants = [], [], []
    for name, array in outputs.items():
        constants.append(numpy_helper.from_array(array, f"{name}_said"))
        nodes.append(helper.make_node("Identity", [f"{name}_said"], [name]))
        values.append(
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        )
    picture = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, "height", "width"])
    graph = helper.make_graph(nodes, "said", [picture, *inputs], values, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, path)
    description = {"name": "said", "width": side, "height": side} | told
    path.with_suffix(".json").write_text(json.dumps(description))
    return path


def yolox():
    rows, number = np.zeros((1, 64 + 16 + 4, 85), np.float32), 0
    for stride in (8, 16, 32):
        for row in range(SIDE // stride):
            for column in range(SIDE // stride):
                for box, label, score in ((PERSON_BOX, 0, 0.9), (CAR_BOX, CAR, 0.8)):
                    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
                    if stride == 8 and (column, row) == (int(x // 8), int(y // 8)):
                        rows[0, number, :2] = x / 8 - column, y / 8 - row
                        rows[0, number, 2:4] = np.log((box[2] - box[0]) / 8), np.log((box[3] - box[1]) / 8)
                        rows[0, number, 4], rows[0, number, 5 + label] = 1.0, score
                number += 1
    return {"output": rows}


def detr():
    return {
        "labels": np.array([[0, CAR, COCO80.index("dog")]], np.int64),
        "boxes": np.array([[PERSON_BOX, CAR_BOX, (0, 0, 64, 64)]], np.float32),
        "scores": np.array([[0.9, 0.8, 0.99]], np.float32),
    }


def detr_logits():
    logits = np.full((1, 3, 80), -9, np.float32)
    logits[0, 0, 0], logits[0, 1, CAR], logits[0, 2, COCO80.index("dog")] = logit(0.9), logit(0.8), 5
    middle = [
        ((a + c) / 2, (b + d) / 2, c - a, d - b) for a, b, c, d in (PERSON_BOX, CAR_BOX, (0, 0, 64, 64))
    ]
    return {"logits": logits, "pred_boxes": np.array([middle], np.float32) / SIDE}


def nanodet():
    outputs = {}
    for stride in (8, 16, 32):
        grid = np.full((1, 124, SIDE // stride, SIDE // stride), -9, np.float32)
        if stride == 8:
            for box, label, score in ((PERSON_BOX, 0, 0.9), (CAR_BOX, CAR, 0.8)):
                column, row = int((box[0] + box[2]) / 16), int((box[1] + box[3]) / 16)
                x, y = (column + 0.5) * 8, (row + 0.5) * 8
                grid[0, label, row, column] = logit(score)
                for side, away in enumerate((x - box[0], y - box[1], box[2] - x, box[3] - y)):
                    low, part = divmod(away / 8, 1)
                    shares = np.full(11, 1e-9)
                    shares[int(low)] += 1 - part
                    shares[int(low) + 1] += part
                    grid[0, 80 + 11 * side : 91 + 11 * side, row, column] = np.log(shares)
        outputs[f"stride{stride}"] = grid
    return outputs


SIZES = [helper.make_tensor_value_info("orig_target_sizes", TensorProto.INT64, [1, 2])]
LAYOUTS = {
    "yolox": (yolox, ()),
    "detr": (detr, SIZES),
    "detr_logits": (detr_logits, ()),
    "nanodet": (nanodet, ()),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_read(tmp_path, layout):
    outputs, inputs = LAYOUTS[layout]
    model = Model(write(tmp_path / "model.onnx", outputs(), inputs=inputs, layout=layout))
    # Twice as wide as high: it fills the upper half of the model's square, and boxes below are outside of it.
    person, car = sorted(
        model.find(np.zeros((128, 128, 3), np.uint8)), key=lambda one: one.kind, reverse=False
    )
    assert (person.kind, car.kind, car.label) == ("person", "vehicle", "car")
    assert (person.score, car.score) == (pytest.approx(0.9, abs=0.01), pytest.approx(0.8, abs=0.01))
    for found, box in ((person, PERSON_BOX), (car, CAR_BOX)):
        left, top, right, bottom = (side / SIDE for side in box)
        assert overlap(found.box, (left, top, right - left, bottom - top)) > 0.9


@pytest.mark.parametrize("layout", LAYOUTS)
def test_boxes_are_shares_of_the_picture_and_not_of_the_padding(tmp_path, layout):
    outputs, inputs = LAYOUTS[layout]
    model = Model(write(tmp_path / "model.onnx", outputs(), inputs=inputs, layout=layout))
    found = {one.kind: one.box for one in model.find(np.zeros((96, 192, 3), np.uint8))}
    left, top, width, height = found["person"]
    assert (left, width) == (pytest.approx(12 / 64, abs=0.02), pytest.approx(8 / 64, abs=0.02))
    assert (top, top + height) == (
        pytest.approx(0.5, abs=0.02),
        pytest.approx(1.0),
    )  # cut off at the picture's end
    assert "vehicle" not in found


def test_what_a_model_is_sure_of_and_what_it_calls_things_can_be_said(tmp_path):
    model = Model(
        write(
            tmp_path / "model.onnx",
            {
                "labels": np.array([[1, 2]], np.int64),
                "boxes": np.array([[PERSON_BOX, CAR_BOX]], np.float32),
                "scores": np.array([[0.5, 0.5]], np.float32),
            },
            inputs=SIZES,
            layout="detr",
            labels=["", "walker", "forklift"],
            kinds={"walker": "person", "forklift": "vehicle"},
            least=0.4,
            colours="rgb",
            padding=114,
            mean=[0, 0, 0],
            std=[255, 255, 255],
        )
    )
    assert {one.label: one.kind for one in model.find(np.zeros((9, 9, 3), np.uint8))} == {
        "walker": "person",
        "forklift": "vehicle",
    }


def test_labels_with_gaps():
    assert (COCO91[1], COCO91[3], COCO91[27], COCO91[90]) == ("person", "car", "backpack", "toothbrush")
    assert len([label for label in COCO91 if label]) == 80


RIGHT = {"name": "m", "layout": "yolox", "width": 64, "height": 64}
WRONG = [
    ("{", "is no JSON"),
    ("[]", "valid dictionary"),
    ({**RIGHT, "layout": "yolov8"}, "layout"),
    ({**RIGHT, "colour": "rgb"}, "colour"),
    ({**RIGHT, "width": 1e9}, "width"),
    ({**RIGHT, "std": [1, 0, 1]}, "divided"),
    ({**RIGHT, "labels": ["cat"]}, "none of the labels"),
    ({**RIGHT, "kinds": {"cat": "animal"}}, "kinds.cat"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_a_wrong_description_is_said(tmp_path, text, words):
    path = tmp_path / "model.json"
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    with pytest.raises(DescriptionError, match=words):
        describe(tmp_path / "model.onnx")


def test_a_model_that_is_not_there_or_is_none(tmp_path):
    path = tmp_path / "model.onnx"
    for make in (lambda: finder_of(path), lambda: Model(path)):
        with pytest.raises(DescriptionError, match="cannot be read"):
            make()
    path.with_suffix(".json").write_text(json.dumps(RIGHT))
    path.write_bytes(b"no model at all")
    with pytest.raises(DescriptionError, match="cannot be used"):
        finder_of(path)


def test_a_picture_is_looked_at_once_whoever_asks_and_seldom_where_nothing_moves(tmp_path):
    looked = []

    class Counting(Model):
        def find(self, picture, part, *, tall):
            looked.append(part)
            return super().find(picture, part, tall=tall)

    finder = ModelFinder(Counting(write(tmp_path / "model.onnx", yolox(), layout="yolox")))
    still = tuple(Frame(number / 2, np.zeros((48, 64, 3), np.uint8), ()) for number in range(20))
    window = Window(0.0, 10.0, still)
    finds = finder.in_window(window)
    assert [number for number, found in enumerate(finds) if found is not None] == [0, 4, 8, 12, 16]
    finder.in_window(Window(0.0, 10.0, still, sightings=()))
    assert len(looked) == 5
    moving = tuple(Frame(10 + number / 2, still[0].picture, ((0.1, 0.1, 0.2, 0.2),)) for number in range(20))
    assert None not in finder.in_window(Window(10.0, 20.0, moving))
    # In between, where something moves or somebody was; but not where a car stands.
    assert len(looked) == 25
    whole, part = looked[5:7]
    assert whole == (0.0, 0.0, 1.0, 1.0)
    assert part == pytest.approx((0.0, 0.0, 0.65, 1.0), abs=0.02)


def test_a_part_is_told_in_shares_of_the_whole(tmp_path):
    model = Model(write(tmp_path / "model.onnx", yolox(), layout="yolox"))
    picture = np.zeros((256, 256, 3), np.uint8)
    [whole] = [one for one in model.find(picture) if one.kind == "person"]
    [part] = [one for one in model.find(picture, (0.5, 0.25, 0.25, 0.25), tall=0.01) if one.kind == "person"]
    assert part.box == pytest.approx(
        (0.5 + whole.box[0] / 4, 0.25 + whole.box[1] / 4, whole.box[2] / 4, whole.box[3] / 4), abs=1e-6
    )
    for edge in [(1.0, 1.0, 0.0, 0.0), (0.999, 0.0, 0.001, 1.0), (0.0, 0.0, 1e-9, 1e-9)]:
        for one in model.find(picture, edge):
            assert 0 <= one.box[0] <= one.box[0] + one.box[2] <= 1.0000001


def test_a_small_part_is_looked_at_as_large_as_the_picture_has_it(tmp_path):
    shown = []

    class Showing(Model):
        def _prepared(self, picture, largest):
            canvas, scale = super()._prepared(picture, largest)
            shown.append((canvas.shape[2:], scale))
            return canvas, scale

    model = Showing(write(tmp_path / "model.onnx", nanodet(), layout="nanodet", any_size=True))
    picture = np.zeros((128, 128, 3), np.uint8)
    for part, tall in [
        ((0, 0, 1, 1), 1.0),
        ((0, 0, 0.5, 0.5), 1.0),
        ((0, 0, 0.5, 0.5), 0.1),
        ((0, 0, 1, 1), 0.1),
    ]:
        model.find(picture, part, tall=tall)
    assert shown == [((64, 64), 0.5), ((32, 32), 0.5), ((64, 64), 1.0), ((64, 64), 0.5)]


# --- with the model that the installation fetched -------------------------------------------------------


@pytest.fixture(scope="module")
def finder():
    found = model_finder()
    if found is None:
        pytest.skip("the model was not fetched: python -m launcher.models")
    return found


@pytest.mark.parametrize("tall", [90, 150])
def test_the_installed_model_finds_a_person_and_nobody_in_an_empty_room(finder, tall):
    picture = room()
    frame = Frame(0.0, picture.copy(), ())
    assert [one for one in finder.in_window(Window(0, 10, (frame,)))[0] if one.score >= 0.5] == []
    silhouette(picture, x=320, feet=330, height=tall)
    [found] = finder.in_window(Window(0, 10, (Frame(0.0, picture, ()),)))
    people = [one for one in found if one.kind == "person" and one.score >= 0.5]
    assert len(people) == 1
    left, top, width, height = people[0].box
    assert left + width / 2 == pytest.approx(0.5, abs=0.03)
    assert top + height == pytest.approx(330 / 360, abs=0.05)
    assert height == pytest.approx(tall / 360, rel=0.2)


@pytest.mark.parametrize("size", [(1, 1), (1, 640), (640, 1), (2, 3), (64, 48), (640, 360)])
def test_the_installed_model_takes_pictures_of_any_shape(finder, size):
    picture = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), dtype="uint8")
    finder.in_window(Window(0, 10, (Frame(0.0, picture, ()),)))


ROOM = [
    {"name": "입구", "polygon": [[0, 0], [0.2, 0], [0.2, 1], [0, 1]], "door": True},
    {"name": "계산대", "polygon": [[0.2, 0], [1, 0], [1, 1], [0.2, 1]]},
]


def test_footage_of_somebody_who_comes_in_is_told_so(finder, tmp_path):
    background = room()

    def draw(picture, seconds):
        picture[:] = background
        if 4 <= seconds < 16:
            stride = 0.05 + 0.03 * np.sin(seconds * 6)
            silhouette(picture, x=-30 + (seconds - 4) * 30, feet=320, height=170, stride=stride)

    path = tmp_path / "walk.mp4"
    make_clip(path, seconds=24, fps=10, size=(640, 360), draw=draw, codec_options={"preset": "ultrafast"})
    events, counts = {}, []
    detectors = build(["motion", "people", "vehicles", "bags"], Setup(zones=zones_from(ROOM), finder=finder))
    for result in analyse(path, detectors, duration=24.0):
        events |= {(event.source, event.external_id): event for event in result.events}
        counts += [counted.people for _, counted in result.counted]
    told = [event for event in events.values() if event.source == "people"]
    assert [event.event_type for event in told] == ["enter"]
    assert told[0].timestamp == pytest.approx(6.0, abs=2.0)
    assert counts == [1, 1, 0]
    assert any(event.source == "motion" and event.location == "계산대" for event in events.values())
