import json
import re
from pathlib import Path

import pytest
from bela_kit.topology import Topology, load, permissions, render_server_config


@pytest.fixture(scope="module")
def topology(repository: Path) -> Topology:
    return load(repository / "deploy" / "nats")


def declared(repository: Path, source: str) -> set[str]:
    """Subject tokens that the protos of a service declare."""
    found: set[str] = set()
    for file in (repository / "proto" / "bela" / source / "events").rglob("*.proto"):
        found |= set(re.findall(r"Subject token: (\w+)\.", file.read_text()))
    return found


@pytest.mark.parametrize("source", ["vendor", "catalog", "order"])
def test_streams_carry_the_events_of_the_protos(topology: Topology, repository: Path, source: str) -> None:
    stream = next(stream for stream in topology.streams if stream.source == source)
    shared = {"grant_changed", "tenant_settings_changed"}
    assert set(stream.events) - shared == declared(repository, source)


def test_services_publish_their_own_subjects_only(topology: Topology) -> None:
    for user in ("vendor", "catalog", "order", "reporting"):
        allowed = permissions(topology, user)
        facts = [place for place in allowed["publish"]["allow"] if place.startswith("bela.")]
        assert all(place.startswith(f"bela.{user}.v1.*.") for place in facts)
        assert allowed["subscribe"]["allow"] == [f"_INBOX.{user}.>"]
        assert not any(re.search(r"CREATE|DELETE|PURGE|UPDATE|STREAM", place) for place in allowed["publish"]["allow"])
    assert not [p for p in permissions(topology, "reporting")["publish"]["allow"] if p.startswith("bela.")]


def test_globs_are_expanded(topology: Topology) -> None:
    consumer = next(c for c in topology.consumers if c.durable == "catalog__order_reactions")
    assert "bela.order.v1.*.order_submitted" in consumer.subjects
    assert not any("grant_changed" in subject for subject in consumer.subjects)


def test_server_configuration_names_every_user_once(topology: Topology) -> None:
    passwords = {user: f"secret-{user}" for user in topology.users}
    config = json.loads(render_server_config(topology, port=4222, store_folder=Path("/x"), passwords=passwords))
    users = config["authorization"]["users"]
    assert sorted(user["user"] for user in users) == sorted(topology.users)
    assert config["jetstream"]["sync_interval"] == "always"
