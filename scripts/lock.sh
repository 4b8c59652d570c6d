#!/bin/sh
# Resolve every dependency anew and write the lock files: versions with hashes, and no registry address.
# Versions are chosen once, in requirements.lock; each service's image gets its own part of them.
set -eu
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
compile() {
    .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet "$@"
}
compile pyproject.toml --group dev -o requirements.lock
compile --group tools --no-deps -o tools.lock
for service in vendor catalog order reporting; do
    compile "services/$service/pyproject.toml" -c requirements.lock --no-annotate \
        --no-emit-package bela-kit --no-emit-package bela-protos -o "services/$service/requirements.lock"
done
