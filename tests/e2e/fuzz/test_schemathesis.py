"""Schemathesis reads the merged document and sends what it allows and what it forbids, as people who may and may not.

Whatever comes in: the answer is documented, of the documented shape, a refusal is a problem document, and nothing is
ever a server error. The seed is fixed, so a failure repeats.
"""

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from bela_local.stack import Stack
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.operations import problem
from tests.e2e.world import World

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text(encoding="utf-8"))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {one.ok().definition.raw["operationId"]: one.ok() for one in SCHEMA.get_all_operations()}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
# Who plays a role of the document that is no role of one person.
PLAYERS = {"platform_operator": "operator", "commitment_signer": "ppk.{region}"}
SELLERS = {"vendor_owner", "vendor_staff", "coop_manager"}


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        yield made


def personas(operation: Any, world: World) -> list[str | None]:
    """Somebody who may, as the document says, then somebody who may not, and nobody."""
    roles = operation.definition.raw.get("x-roles") or ["lpse_admin"]
    able = [player(role, world) for role in roles if " " not in role] or [f"pp.{world.region}", world.seller]
    return [*able, *able, f"requester.{world.region}", None]


def player(role: str, world: World) -> str:
    if role in SELLERS:
        return world.seller
    return PLAYERS.get(role, role + ".{region}").format(region=world.region)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_answer_is_documented(name: str, world: World, stack: Stack, session: requests.Session) -> None:
    operation = OPERATIONS[name]
    callers = itertools.cycle(personas(operation, world))
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    cases = modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode))

    @seed(20261122)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, lost=st.integers(0, 9))
    def run(case: Any, lost: int) -> None:
        if lost:
            # Real ids most of the time: random ones end at the first look-up.
            for key in case.path_parameters:
                case.path_parameters[key] = world.ids.get(key, case.path_parameters[key])
        persona = next(callers)
        headers = stack.headers(persona) if persona else {}
        answer = case.call(base_url=stack.gateway_url, session=session, headers=headers, timeout=30)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            check_problem(answer)

    run()


def check_problem(answer: Any) -> None:
    found = problem(answer)
    if found["reason"] == "SCHEMA_VIOLATION":
        assert found["fields"], "a violation of the schema names the field"
