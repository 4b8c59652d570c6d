import pytest
from bela_local.stack import Stack

from tests.e2e.world import World, build_world


@pytest.fixture(scope="session")
def world(stack: Stack) -> World:
    """Real resources of every kind in the region that strangers look at; nobody else writes there."""
    return build_world(stack, "1271")
