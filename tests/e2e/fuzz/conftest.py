import pytest
from bela_local.stack import Stack

from tests.e2e.world import World, build_world


@pytest.fixture(scope="session")
def world(stack: Stack) -> World:
    """Real resources of every kind, in a region of its own: whoever sends rubbish long enough changes something."""
    return build_world(stack, "6112")
