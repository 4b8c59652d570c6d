import pytest
from bela_local.stack import Stack

from tests.e2e.world import World, build_world


@pytest.fixture(scope="session")
def world(stack: Stack) -> World:
    """Real resources of every kind, in a region of its own: whoever sends rubbish long enough changes something."""
    return build_world(stack, "6112")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the random requests last: some are valid, and move the region's clock or withdraw a grant."""
    items.sort(key=lambda item: "test_schemathesis" in item.nodeid)
