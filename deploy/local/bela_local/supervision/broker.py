"""NATS as the services expect it: users, streams and consumers from deploy/nats."""

from __future__ import annotations

from bela_kit.topology import apply, load, render_server_config

from bela_local.layout import ROOT, Layout
from bela_local.supervision.credentials import Credentials
from bela_local.supervision.programs import Ports

TOPOLOGY_FOLDER = ROOT / "deploy" / "nats"
TOPOLOGY_USER = "topology"


def server_config(layout: Layout, credentials: Credentials, ports: Ports) -> str:
    """Return the configuration of the server."""
    topology = load(TOPOLOGY_FOLDER)
    passwords = {user: credentials.nats_password(user) for user in topology.users}
    return render_server_config(topology, port=ports.nats, store_folder=layout.nats / "js", passwords=passwords)


async def declare(url: str, credentials: Credentials) -> None:
    """Bring streams and consumers to what deploy/nats says; repeated at every start, it changes nothing."""
    await apply(load(TOPOLOGY_FOLDER), url, credentials.nats_password(TOPOLOGY_USER), TOPOLOGY_USER)
