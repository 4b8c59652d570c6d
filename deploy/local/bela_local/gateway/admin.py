"""What the supervisor asks of a running Envoy over its admin socket."""

from __future__ import annotations

import re
from pathlib import Path

from bela_local.probes import http_ask, until

DRAIN_SECONDS = 2.0


async def drain(admin: Path) -> None:
    """Refuse new connections and let requests under way finish, for a moment at most."""
    if (await http_ask(admin, "/drain_listeners?graceful&skip_exit", method="POST"))[0] != 200:
        return

    async def idle() -> bool:
        _, body = await http_ask(admin, "/stats?filter=^http.public.downstream_rq_active$")
        return re.search(r"downstream_rq_active: [1-9]", body) is None

    await until(idle, seconds=DRAIN_SECONDS)
