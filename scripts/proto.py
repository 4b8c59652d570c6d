"""Check and compile the contracts in proto/.

`generate` writes proto/gen/python (committed); `lint` runs buf lint; `breaking` compares with the committed baseline
image; `baseline` writes that image anew, which is done once a version has been released.
The google.* files come from the wheel googleapis-common-protos, so no schema registry is asked.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
GENERATED = PROTO / "gen" / "python"
BASELINE = PROTO / "baseline.binpb"


def google_protos() -> Path:
    """Folder that holds google/type/*.proto and google/rpc/*.proto."""
    spec = find_spec("google.type")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("googleapis-common-protos is not installed: run `make setup`")
    return Path(next(iter(spec.submodule_search_locations))).parent.parent


def generate() -> None:
    """Compile every proto to Python with type stubs."""
    from grpc_tools import protoc  # a dev dependency, needed by this command alone

    well_known = Path(protoc.__file__).parent / "_proto"
    shutil.rmtree(GENERATED / "bela", ignore_errors=True)
    GENERATED.mkdir(parents=True, exist_ok=True)
    sources = sorted(PROTO.glob("bela/**/*.proto"))
    services = [s for s in sources if s.stem.endswith("_service")]
    plugin = Path(sys.executable).parent / "protoc-gen-mypy_grpc"
    base = ["protoc", f"-I{PROTO}", f"-I{google_protos()}", f"-I{well_known}"]
    steps = [
        [*base, f"--python_out={GENERATED}", f"--pyi_out={GENERATED}", *map(str, sources)],
        [
            *base,
            f"--plugin=protoc-gen-mypy_grpc={plugin}",
            f"--grpc_python_out={GENERATED}",
            f"--mypy_grpc_out={GENERATED}",
            *map(str, services),
        ],
    ]
    for step in steps:
        if protoc.main(step) != 0:
            raise SystemExit("protoc refused the contracts")
    for folder in {GENERATED / "bela", *(p.parent for p in GENERATED.glob("bela/**/*_pb2.py"))}:
        while folder != GENERATED:
            (folder / "__init__.py").touch()
            (folder / "py.typed").touch() if folder.parent == GENERATED else None
            folder = folder.parent


def buf(*arguments: str) -> int:
    """Run buf in a workspace that holds our protos and google's beside them."""
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        shutil.copytree(PROTO / "bela", workspace / "bela")
        for package in ("type", "rpc"):
            target = workspace / "google" / package
            target.mkdir(parents=True)
            for source in (google_protos() / "google" / package).glob("*.proto"):
                shutil.copy(source, target)
        shutil.copy(PROTO / "buf.yaml", workspace)
        return subprocess.run([str(Path(sys.executable).parent / "buf"), *arguments], cwd=workspace).returncode


def main() -> int:
    """Run the sub-command named on the command line."""
    match sys.argv[1:]:
        case ["generate"]:
            generate()
            return 0
        case ["lint"]:
            return buf("lint", "--path", "bela")
        case ["breaking"]:
            return buf("breaking", "--path", "bela", "--against", str(BASELINE))
        case ["baseline"]:
            return buf("build", "--path", "bela", "-o", str(BASELINE))
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    raise SystemExit(main())
