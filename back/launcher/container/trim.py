"""Removes from an installed environment what the running service never reads. For the image's build alone.

botocore describes 400 services and this one calls a handful; pip and setuptools install nothing any more;
packages bring tests and data of classifiers that nobody opens; deno and onnx have made the
detector's model by then.
"""

import shutil
import sys
from pathlib import Path

# What the code makes clients of (llm/bedrock/wire.py, storage, probes), and what signs in to AWS.
SERVICES = {
    "bedrock", "bedrock-agent", "bedrock-agent-runtime", "bedrock-runtime", "s3", "secretsmanager",
    "sts", "sso", "sso-oidc", "signin", "rds",
}  # fmt: skip
PACKAGES = (
    "pip", "pip-*", "setuptools", "setuptools-*", "deno", "deno-*", "onnx", "onnx-*", "ml_dtypes*",
    "*/tests", "numpy/_core/tests", "cv2/data",
)  # fmt: skip


def trim(venv: Path) -> int:
    """→ bytes removed"""
    packages = next((venv / "lib").glob("python3.*")) / "site-packages"
    described = [path for path in (packages / "botocore" / "data").iterdir() if path.is_dir()]
    unwanted = [path for path in described if path.name not in SERVICES]
    for pattern in PACKAGES:
        unwanted += packages.glob(pattern)
    unwanted += venv.rglob("__pycache__")
    for pattern in ("pip*", "deno*"):
        unwanted += (venv / "bin").glob(pattern)
    removed = 0
    for path in unwanted:
        removed += sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return removed


if __name__ == "__main__":
    sys.stdout.write(f"removed {trim(Path(sys.argv[1])) / 1e6:.0f} MB\n")
