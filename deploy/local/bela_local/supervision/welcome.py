"""What a person sees once everything runs: demo data loaded, where it is, who one can be, what to try."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import sys
import time

from bela_local.layout import ROOT
from bela_local.supervision.child import StartFailed, exit_code, log_tail, spawn
from bela_local.supervision.programs import PERSONAS_FILE, base_environment
from bela_local.supervision.supervisor import Supervisor
from bela_local.tokens import token_from

SEED_FILE = ROOT / "deploy" / "local" / "seed.yaml"

PERSONAS = (
    "koperindag_officer.1311",
    "requester.3510",
    "pptk.3510",
    "pp.3510",
    "ppk.3510",
    "bendahara.3510",
    "vendor1.3510",
    "auditor.6112",
    "executive.19",
    "operator",
)

TEXT = """
Bela is running ({seconds:.1f} s).

  API            {gateway}
  documentation  {gateway}/docs
  issuer         {issuer}
  logs           {logs}

Personas are named <role>.<region>; all of them: deploy/issuer/personas.json. Tokens of some, good for {hours} hours
(others, and fresh ones: make -s token AS=pp.3510):

{tokens}

Try, in another terminal:
  make demo                     plays the main job, from a spreadsheet to a fairness figure
  curl "{gateway}/catalog/v1/regions/3510/products?q=nasi%20kotk"
  curl "{gateway}/reporting/v1/regions/3510/equity"
  curl -H "Authorization: Bearer $(make -s token AS=pp.3510)" {gateway}/order/v1/regions/3510/orders

Ctrl-C stops everything; so does `make down` from elsewhere.
"""


async def after_start(supervisor: Supervisor) -> None:
    """Load the demo data if wanted, then tell where everything is.

    Raises:
        StartFailed: The demo data were refused.
    """
    if supervisor.options.seed:
        await _seed(supervisor)
    info = supervisor.info
    where = {"gateway": info.gateway_url, "issuer": info.issuer_url, "logs": f"{info.state}/log"}
    tokens = await asyncio.to_thread(_tokens, info.issuer_url)
    supervisor.say(TEXT.format(seconds=supervisor.seconds, tokens=tokens, hours=_hours(info.issuer_url), **where))


def _tokens(issuer_url: str) -> str:
    return "\n".join(f"  {name:<24} {token_from(issuer_url, name)}" for name in PERSONAS)


def _hours(issuer_url: str) -> int:
    claims = token_from(issuer_url, PERSONAS[0]).split(".")[1]
    content = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return int(content["exp"] - content["iat"]) // 3600


async def _seed(supervisor: Supervisor) -> None:
    # Written beside the data, and forgotten with them.
    marker = supervisor.layout.data / "seeded"
    fingerprint = _seed_fingerprint()
    if marker.exists() and marker.read_text() == fingerprint:
        return
    log = supervisor.layout.log("seed")
    command = [sys.executable, "-m", "bela_local", "--state", str(supervisor.layout.state), "seed"]
    environment = {**base_environment(), "PYTHONPATH": str(ROOT / "deploy" / "local")}
    process = spawn(command, environment, log, fresh_log=True)
    try:
        code = await exit_code(process)
    except asyncio.CancelledError:
        process.kill()
        process.wait()
        raise
    if code != 0:
        raise StartFailed(f"the demo data were refused; end of {log}:\n{log_tail(log, 30)}")
    marker.write_text(fingerprint)
    supervisor.done("demo data")


def _seed_fingerprint() -> str:
    """Hash what the demo data follow from; each year has budget lines of its own."""
    digest = hashlib.sha256(time.strftime("%Y").encode())
    for path in (SEED_FILE, PERSONAS_FILE):
        digest.update(path.read_bytes())
    return digest.hexdigest()
