"""The tenant is in every port: a method names it, or its port lives in a unit of work that is bound to one.

A port that reaches across tenants is named here with its reason, so that each such use stands in one list.
"""

import ast
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .source import ROOT, SERVICES, dotted, modules, tree

# Ports, or single methods, that need no tenant.
WITHOUT_TENANT = {
    "vendor": {"Files.delete": "the key it returned names one file and nothing else"},
    "catalog": {
        "UnitOfWork.flush": "appends what repositories recorded; every record carries its tenant",
        "Listings.locate": "says where products live; public facts, all regions on purpose",
        "ReferenceStore": "categories and profiles are the same everywhere",
    },
    "order": {
        "Reads": "made for the transaction of one region; regions() lists public facts",
    },
    "reporting": {"NationalReports": "sums of whole regions are public everywhere"},
}


@dataclass
class Ports:
    """The ports of one service, and the types that carry a tenant in a field."""

    protocols: dict[str, ast.ClassDef] = field(default_factory=dict)
    carriers: set[str] = field(default_factory=set)


def names(node: ast.AST | None) -> set[str]:
    if node is None:
        return set()
    found = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    return found | {
        child.value for child in ast.walk(node) if isinstance(child, ast.Constant) and isinstance(child.value, str)
    }


def members(node: ast.ClassDef) -> dict[str, set[str]]:
    """Attributes and properties of a class with the types they have."""
    found: dict[str, set[str]] = {}
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            found[each.target.id] = names(each.annotation)
        elif isinstance(each, ast.FunctionDef) and any(dotted(mark) == "property" for mark in each.decorator_list):
            found[each.name] = names(each.returns)
    return found


def read(service: str) -> Ports:
    ports = Ports()
    source = f"services/{service}/src/{service}_service"
    fields: dict[str, set[str]] = {}
    for path in modules(source):
        application = path.is_relative_to(ROOT / source / "application")
        for node in ast.walk(tree(Path(path))):
            if not isinstance(node, ast.ClassDef):
                continue
            if any(dotted(base) == "Protocol" for base in node.bases):
                if application:
                    ports.protocols[node.name] = node
            else:
                fields[node.name] = set().union(*members(node).values(), *(names(base) for base in node.bases))
    ports.carriers = {"TenantId"}
    while more := {name for name, held in fields.items() if held & ports.carriers} - ports.carriers:
        ports.carriers |= more
    return ports


def bound(ports: Ports) -> set[str]:
    """Ports that live in a unit of work with a tenant."""
    found = {name for name, node in ports.protocols.items() if "TenantId" in members(node).get("tenant", ())}
    waiting = list(found)
    while waiting:
        for types in members(ports.protocols[waiting.pop()]).values():
            fresh = (types & ports.protocols.keys()) - found
            found |= fresh
            waiting += fresh
    return found


def free_methods(ports: Ports) -> list[str]:
    """Methods that neither name a tenant nor belong to a bound port."""
    found = []
    for name in sorted(ports.protocols.keys() - bound(ports)):
        node = ports.protocols[name]
        attributes = members(node)
        for each in node.body:
            if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) or each.name in attributes:
                continue
            arguments = (*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs)
            if not set().union(*(names(one.annotation) for one in arguments)) & ports.carriers:
                found.append(f"{name}.{each.name}")
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_port_names_its_tenant(service: str) -> None:
    allowed = WITHOUT_TENANT[service]
    free = free_methods(read(service))
    wrong = [one for one in free if one not in allowed and one.partition(".")[0] not in allowed]
    assert wrong == [], "add the tenant, or say in WITHOUT_TENANT why there is none"


@pytest.mark.parametrize("service", SERVICES)
def test_every_exception_is_still_needed(service: str) -> None:
    free = free_methods(read(service))
    used = {*free, *(one.partition(".")[0] for one in free)}
    assert WITHOUT_TENANT[service].keys() <= used
