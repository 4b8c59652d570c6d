"""Another region's people, a stranger and a service walk every REST operation of a region that is not theirs.

A public read gives them exactly what it gives nobody; for everything else the region does not exist.
"""

from collections.abc import Callable, Iterator

import httpx
import pytest
from bela_local.stack import Stack

from tests.e2e.operations import Operation, operations, problem, same
from tests.e2e.tokens import service_token
from tests.e2e.world import World

OPERATIONS = operations()
REGIONAL = [one for one in OPERATIONS if one.regional]
PLATFORM = [one for one in OPERATIONS if not one.regional]
ELSEWHERE = "1904"
UNKNOWN = "9876"
STRANGER = f"vendor20.{ELSEWHERE}"  # holds no grant anywhere
# Whoever could do most where they belong, and who belongs nowhere.
INTRUDERS = (
    *(f"{role}.{ELSEWHERE}" for role in ("pp", "lpse_admin", "koperindag_officer", "auditor")),
    STRANGER,
    "operator",
    "svc:order",
)
# Open to whoever is signed in, and why.
SIGNED_IN = {"vendor_register_business": "a business signs itself up, and has no grant before it is in the register"}
# Open to the operator's claim besides grants (architecture 2.5).
OPERATOR = {
    "order_create_region",
    "order_patch_region",
    "vendor_list_key_rotations",
    "vendor_start_key_rotation",
}
# Open to whoever holds a link that was signed for them a few minutes ago; nobody has one here.
SIGNED_LINK = {"vendor_fetch_evidence"}
# Days and areas belong to nobody.
FOREIGN_IDS = [one for one in REGIONAL if set(one.names) - {"region", "day", "code"}]

Client = Callable[[str | None], httpx.Client]


@pytest.fixture(scope="module")
def caller(stack: Stack, client: Client) -> Iterator[Client]:
    """Clients of personas, and of services by their own credentials."""
    services: dict[str, httpx.Client] = {}

    def of(name: str | None) -> httpx.Client:
        if name is None or not name.startswith("svc:"):
            return client(name)
        if name not in services:
            headers = {"Authorization": f"Bearer {service_token(stack, name)}"}
            services[name] = httpx.Client(base_url=stack.gateway_url, headers=headers, timeout=30, trust_env=False)
        return services[name]

    yield of
    for one in services.values():
        one.close()


def test_the_document_that_is_served_is_the_one_that_is_walked(stack: Stack, client: Client) -> None:
    served = operations(client(None).get("/openapi.json").json())
    assert [one.id for one in served] == [one.id for one in OPERATIONS]


@pytest.mark.parametrize("operation", REGIONAL, ids=lambda one: one.id)
def test_another_regions_people_see_what_nobody_sees(operation: Operation, world: World, caller: Client) -> None:
    if operation.id in SIGNED_IN:
        return
    nobody = operation.send(caller(None), world.ids)
    for intruder in INTRUDERS:
        if intruder == "operator" and operation.id in OPERATOR:
            continue
        answer = operation.send(caller(intruder), world.ids)
        if operation.public and operation.method == "get":
            same(answer, nobody)
            continue
        assert answer.status_code == 404, (intruder, answer.status_code, answer.text[:300])
        assert problem(answer)["reason"] in {"TENANT_UNKNOWN", "NOT_FOUND"}
        same(answer, operation.send(caller(intruder), world.ids | {"region": UNKNOWN}))
    if not operation.public:
        assert nobody.status_code == 401
        assert problem(nobody)["reason"] == "TOKEN_MISSING"


@pytest.mark.parametrize("operation", REGIONAL, ids=lambda one: one.id)
def test_public_reads_are_reads(operation: Operation, world: World, caller: Client) -> None:
    """What nobody may call changes nothing and succeeds on what is public, so that the walk above compares answers."""
    if not operation.public or operation.id in SIGNED_IN:
        return
    assert operation.method == "get"
    if operation.id in SIGNED_LINK:
        assert operation.send(caller(None), world.ids).status_code in {403, 404, 422}
        return
    ids = world.ids | ({"order_id": world.ids["paid_order_id"]} if "reporting" in operation.path else {})
    assert operation.send(caller(None), ids).status_code == 200


@pytest.mark.parametrize("operation", FOREIGN_IDS, ids=lambda one: one.id)
def test_a_foreign_id_at_home_is_an_unknown_id(operation: Operation, world: World, caller: Client) -> None:
    """Ids of one region under the address of another: refused as ids that do not exist are, whoever asks."""
    at_home = world.ids | {"region": ELSEWHERE}
    nowhere = {"region": ELSEWHERE, "day": world.ids["day"], "ocid": f"ocds-bela00-{ELSEWHERE}-x"}
    for role in ("pp", "ppk", "bendahara", "lpse_admin", "koperindag_officer"):
        answer = operation.send(caller(f"{role}.{ELSEWHERE}"), at_home)
        assert 400 <= answer.status_code < 500, (role, answer.status_code, answer.text[:300])
        same(answer, operation.send(caller(f"{role}.{ELSEWHERE}"), nowhere))


@pytest.mark.parametrize("operation", PLATFORM, ids=lambda one: one.id)
def test_platform_operations_are_public_or_the_operators(operation: Operation, caller: Client) -> None:
    for intruder in INTRUDERS:
        if operation.method == "get":
            same(operation.send(caller(intruder), {}), operation.send(caller(None), {}))
        elif intruder != "operator":
            answer = operation.send(caller(intruder), {})
            assert (answer.status_code, problem(answer)["reason"]) == (403, "OPERATOR_ONLY")


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_what_is_open_to_the_signed_in_is_closed_to_nobody(name: str, world: World, caller: Client) -> None:
    operation = next(one for one in OPERATIONS if one.id == name)
    assert operation.send(caller(None), world.ids).status_code == 401
    answer = operation.send(caller(STRANGER), world.ids | {"region": UNKNOWN})
    assert answer.status_code == 404
    answer = operation.send(caller(STRANGER), world.ids, body={})
    assert answer.status_code == 422


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwcC4xMjcxIn0."])
def test_a_false_token_is_refused_even_on_public_reads(token: str, world: World, stack: Stack) -> None:
    for operation in (
        one for one in REGIONAL if one.method == "get" and one.id.endswith(("_time", "products", "_units"))
    ):
        answer = httpx.get(
            stack.gateway_url + operation.address(world.ids),
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )
        assert answer.status_code == 401, (operation.id, answer.text[:200])
        assert problem(answer)["reason"] in {"TOKEN_INVALID"}
