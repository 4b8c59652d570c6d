"""Clients that never give up: what is not answered is sent again under its key, and what was answered must stand."""

import asyncio
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field

from .agreement import must_agree
from .region import CODE, SELLER, Json, Refused, Region, need_body, purchase_body

PPTK, PP, PPK, TREASURER = (f"{role}.{CODE}" for role in ("pptk", "pp", "ppk", "bendahara"))


@dataclass(frozen=True)
class Said:
    """One request and what it was answered."""

    path: str
    who: str
    body: Json
    key: str
    order_id: str
    state: str


@dataclass
class Buyers:
    """The people of one test."""

    region: Region
    said: list[Said] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def act(self, path: str, who: str, body: Json | None = None, *, key: str = "") -> Json:
        """Do one act on orders and remember the answer."""
        key = key or str(uuid.uuid4())
        told = await self.region.post(f"{self.region.path()}/{path}", who, body or {}, key)
        self.said.append(Said(path, who, body or {}, key, told["order_id"], told["state"]))
        return told

    async def need(self, office: Json, quantity: int = 10) -> str:
        """State a need and return its id."""
        told = await self.region.post(f"{self.region.path()}/needs", PPTK, need_body(self.region, office, quantity))
        return str(told["need_id"])

    async def draft(self, office: Json, quantity: int = 10) -> Json:
        """Make a draft."""
        body = purchase_body(self.region, await self.need(office, quantity), quantity)
        del body["reason"]
        return await self.act("orders", PP, body)

    async def buy(self, office: Json, quantity: int = 10, *, key: str = "") -> Json:
        """Order and sign in one act."""
        return await self.act(
            "orders:buy", PPK, purchase_body(self.region, await self.need(office, quantity), quantity), key=key
        )

    async def finish(self, order_id: str) -> Json:
        """Play the rest of the short path."""
        await self.act(f"orders/{order_id}:accept", SELLER)
        await self.act(f"orders/{order_id}:receive", PPTK, {"lines": []})
        await self.act(f"orders/{order_id}:acknowledge", SELLER)
        return await self.act(f"orders/{order_id}:pay", TREASURER, {"reference": "UP-1", "mechanism": "UP"})

    async def wander(self, office: Json, chance: random.Random) -> None:
        """Buy again and again, on one way or another, until told to stop."""
        while not self.stopping.is_set():
            try:
                await self._one_way(office, chance)
            except Refused as refusal:
                self.refused[refusal.reason] += 1
                assert refusal.reason, refusal

    async def _one_way(self, office: Json, chance: random.Random) -> None:
        quantity = chance.randint(1, 20)
        way = chance.choice(("paid", "paid", "paid", "refused", "cancelled", "returned"))
        if way == "paid":
            await self.finish((await self.buy(office, quantity))["order_id"])
        elif way == "refused":
            told = await self.buy(office, quantity)
            await self.act(f"orders/{told['order_id']}:refuse", SELLER, {"reason": "Penuh."})
        else:
            told = await self.draft(office, quantity)
            path = f"orders/{told['order_id']}"
            await self.act(f"{path}:submit", PP, {"reason": "other"})
            if way == "returned":
                await self.act(f"{path}:return", PPK, {"reason": "Jumlah salah."})
                await self.act(f"{path}:submit", PP, {"reason": "other"})
            await self.act(f"{path}:cancel", PP, {"reason": "Rapat batal."})

    async def must_all_stand(self) -> None:
        """Ask everything again under its key: the same answer each time, and no other effect. Then compare all."""
        for once in self.said[-200:]:
            path = f"{self.region.path()}/{once.path}"
            answer = await self.region.once("POST", path, once.who, once.body, once.key)
            assert answer.status_code < 300, f"{once}: {answer.status_code} {answer.text}"
            told = answer.json()
            assert (told["order_id"], told["state"]) == (once.order_id, once.state)
            assert answer.headers.get("idempotent-replay") == "true"
        made = [once.order_id for once in self.said if once.path in ("orders", "orders:buy")]
        assert len(made) == len(set(made)), "one key made two orders"
        await must_agree(self.region, set(made))
        assert self.region.failures["500"] == 0, self.region.failures
