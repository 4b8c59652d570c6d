"""Databases of a service on a local server: roles, extensions, template, clones."""

from dataclasses import dataclass

import asyncpg

from bela_kit.db import Database
from bela_kit.testing.servers import PostgresServer

_EXTENSIONS = ("pg_trgm", "btree_gin", "unaccent")


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """One database of one service and the addresses of its three roles."""

    name: str
    service: str
    owner_url: str
    app_url: str
    worker_url: str

    def open(self, *, pool_size: int = 10, worker_pool_size: int = 4) -> Database:
        """Return the kit's database over it; the caller disposes of it."""
        return Database(self.app_url, self.worker_url, pool_size=pool_size, worker_pool_size=worker_pool_size)

    async def connect(self, role: str = "owner") -> asyncpg.Connection:
        """Return a plain connection as `owner`, `app` or `worker`, to look behind the kit's back."""
        url = {"owner": self.owner_url, "app": self.app_url, "worker": self.worker_url}[role]
        return await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1))


async def provision_database(server: PostgresServer, service: str, name: str | None = None) -> ServiceDatabase:
    """Create a service's database, roles and extensions where they are missing; safe to repeat."""
    database = name or f"bela_{service}"
    admin = await _admin(server, "postgres")
    try:
        await _create_roles(admin, service)
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
            await admin.execute(f'CREATE DATABASE "{database}" OWNER {service}_owner STRATEGY FILE_COPY')
        await _close_to_others(admin, service, database)
    finally:
        await admin.close()
    inside = await _admin(server, database)
    try:
        for extension in _EXTENSIONS:
            await inside.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    finally:
        await inside.close()
    return _describe(server, service, database)


async def clone_database(server: PostgresServer, template: ServiceDatabase, name: str) -> ServiceDatabase:
    """Copy a migrated template, to which nobody may be connected."""
    admin = await _admin(server, "postgres")
    try:
        await admin.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{template.name}" OWNER {template.service}_owner STRATEGY FILE_COPY'
        )
        await _close_to_others(admin, template.service, name)
    finally:
        await admin.close()
    return _describe(server, template.service, name)


async def drop_database(server: PostgresServer, name: str) -> None:
    """Drop a database, whoever is still connected."""
    admin = await _admin(server, "postgres")
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()


async def _admin(server: PostgresServer, database: str) -> asyncpg.Connection:
    return await asyncpg.connect(server.url("postgres", database).replace("postgresql+asyncpg://", "postgresql://", 1))


async def _create_roles(admin: asyncpg.Connection, service: str) -> None:
    for role, rights in (("owner", "BYPASSRLS"), ("app", "NOBYPASSRLS"), ("worker", "NOBYPASSRLS")):
        name = f"{service}_{role}"
        if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
            await admin.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {rights}")


async def _close_to_others(admin: asyncpg.Connection, service: str, database: str) -> None:
    await admin.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await admin.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {service}_app, {service}_worker')


def _describe(server: PostgresServer, service: str, database: str) -> ServiceDatabase:
    urls = [server.url(f"{service}_{role}", database) for role in ("owner", "app", "worker")]
    return ServiceDatabase(database, service, *urls)
