"""What buyers find: Indonesian words, typos, filters, pages; and what the registry's events hide, rename and show."""

from typing import Any

import pytest
from bela.vendor.v1 import vendor_pb2

from .world import Catalog

PRODUCTS = "/regions/3510/products"


async def test_words_are_found_in_any_order_and_form_and_with_synonyms(catalog: Catalog) -> None:
    seller = await catalog.vendor("Dapur Muncar")
    box = await catalog.product(seller, title="Nasi kotak ayam bakar", description="Dengan sambal dan lalapan")
    for query in ("nasi kotak", "kotak nasi", "NASI KOTAK", "nasi box", "katering", "untuk makan siang", "sambal ayam"):
        assert box in await catalog.search(query), query
    assert box in await catalog.search("dapur muncar")
    assert box not in await catalog.search("kursi")


@pytest.mark.parametrize("query", ["nasi kotk", "nasi ktak", "nasii kotak", "katring", "ayam bkar"])
async def test_a_typo_still_finds_the_meal_box(catalog: Catalog, query: str) -> None:
    seller = await catalog.vendor("Dapur Genteng")
    box = await catalog.product(seller, title="Nasi kotak ayam bakar")
    assert box in await catalog.search(query, vendor_id=seller)


async def test_a_misspelt_name_of_a_seller_is_found_by_likeness(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung Wonoasri")
    product = await catalog.product(seller, profile_code="rice_medium", title="Beras merah")
    assert await catalog.search("wonosri") == [product]


async def test_a_title_counts_more_than_a_description(catalog: Catalog) -> None:
    seller = await catalog.vendor("Toko Rempah")
    facts: dict[str, Any] = {"profile_code": "printer_ink_black"}
    low = await catalog.product(seller, title="Isi ulang", description="cocok untuk epson", **facts)
    high = await catalog.product(seller, title="Tinta epson", **facts)
    assert (await catalog.search("epson")) == [high, low]


async def test_filters_narrow_by_category_profile_district_seller_and_price(catalog: Catalog) -> None:
    near = await catalog.vendor("Dekat", district="351024")
    far = await catalog.vendor("Jauh", district="351025")
    chair = await catalog.product(near, profile_code="chair_student", title="Kursi kayu", unit_price_idr=300_000)
    table = await catalog.product(far, profile_code="table_student", title="Meja kayu", unit_price_idr=400_000)
    assert set(await catalog.search("kayu", category="furniture")) == {chair, table}
    assert set(await catalog.search("", category="furniture.chair")) == {chair, table}
    assert await catalog.search("", profile="chair_student") == [chair]
    assert await catalog.search("kayu", district="351025") == [table]
    assert await catalog.search("kayu", vendor_id=near) == [chair]
    assert await catalog.search("kayu", max_price_idr=350_000) == [chair]
    assert await catalog.search("kayu", category="food") == []


@pytest.mark.parametrize("query", ["seragam", "", "sragam"])
async def test_pages_show_everything_once(catalog: Catalog, query: str) -> None:
    seller = await catalog.vendor("Penjahit")
    made = {await catalog.product(seller, profile_code="uniform_school", title="Seragam sekolah") for _ in range(5)}
    seen: list[str] = []
    token: str | None = None
    while True:
        params: dict[str, Any] = {"q": query, "vendor_id": seller, "page_size": 2} | (
            {"page_token": token} if token else {}
        )
        page = (await catalog.http.get(f"/catalog/v1{PRODUCTS}", params=params)).json()
        seen += [one["product_id"] for one in page["products"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert sorted(seen) == sorted(made)


async def test_bad_tokens_and_parameters_are_refused(catalog: Catalog) -> None:
    for params in (
        {"page_token": "x"},
        {"page_token": "eyJ3YXkiOiJ3b3JkcyIsInNjb3JlIjoxZTMwLCJpZCI6IngifQ"},
        {"page_size": "0"},
        {"category": "'; --"},
        {"max_price_idr": "-1"},
        {"q": "x" * 500},
    ):
        found = await catalog.http.get(f"/catalog/v1{PRODUCTS}", params=params)
        assert found.status_code in (400, 422), params
    assert (await catalog.http.get("/catalog/v1/regions/9999/products")).status_code == 404


@pytest.mark.parametrize("query", ["' | & ! :*", "\\", "%%%", "nasi & | kotak", "a" * 200, "日本語", "<->"])
async def test_signs_in_a_query_mean_nothing(catalog: Catalog, query: str) -> None:
    await catalog.search(query)


async def test_a_region_shows_only_its_own_offers(catalog: Catalog) -> None:
    seller = await catalog.vendor("Rumah Gadang", region="1311", district="131101")
    product = await catalog.product(seller, profile_code="rice_medium", title="Beras Solok")
    assert await catalog.search("solok", region="1311") == [product]
    assert await catalog.search("solok") == []


async def test_a_sellers_standing_hides_and_shows_all_its_offers_and_its_name_follows(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung Lama")
    products = {await catalog.product(seller, title=f"Bakso {number}") for number in range(3)}
    await catalog.tell_vendor(seller, standing=vendor_pb2.STANDING_SUSPENDED)
    assert await catalog.search("bakso") == []
    for product in products:
        assert (await catalog.call("GET", f"{PRODUCTS}/{product}")).status_code == 404
    await catalog.tell_vendor(seller, standing=vendor_pb2.STANDING_OK, display_name="Warung Anyar")
    assert set(await catalog.search("bakso anyar")) == products
    found = await catalog.call("GET", f"{PRODUCTS}/{min(products)}")
    assert found.json()["vendor_name"] == "Warung Anyar"


async def test_an_older_event_of_a_business_changes_nothing(catalog: Catalog) -> None:
    seller = await catalog.vendor("Urutan")
    product = await catalog.product(seller, title="Rujak cingur")
    vendor = catalog.vendors[seller]
    await catalog.tell_vendor(seller, display_name="Urutan Baru")
    vendor.version = 1
    await catalog.tell_vendor(seller, display_name="Urutan Lama")
    assert await catalog.search("rujak baru") == [product]


async def test_a_guests_offers_are_found_in_the_host_region_while_the_grant_stands(catalog: Catalog) -> None:
    seller = await catalog.vendor("Petani Bangka", region="1904", district="190401")
    ginger = await catalog.product(seller, profile_code="red_ginger_fresh", title="Jahe merah segar")
    rice = await catalog.product(seller, profile_code="rice_medium", title="Beras merah")
    assert await catalog.search("jahe", region="19") == []
    grant = await catalog.tell_guest(seller, "19", categories=["spice.red_ginger"])
    assert await catalog.search("jahe", region="19") == [ginger]
    assert await catalog.search("beras", region="19") == []
    found = (await catalog.call("GET", f"/regions/19/products/{ginger}")).json()
    assert (found["guest"], found["region"], found["vendor_region"]) == (True, "19", "1904")

    later = await catalog.product(seller, profile_code="red_ginger_powder", title="Jahe merah bubuk")
    assert set(await catalog.search("jahe", region="19")) == {ginger, later}
    owner, path = f"owner.{seller}", f"/regions/1904/products/{ginger}"
    await catalog.call("PATCH", path, as_=owner, body={"title": "Halia merah"}, headers={"if-match": "*"})
    assert ginger in await catalog.search("halia", region="19")
    await catalog.tell_vendor(seller, standing=vendor_pb2.STANDING_DORMANT)
    assert await catalog.search("jahe", region="19") == []
    await catalog.tell_vendor(seller, standing=vendor_pb2.STANDING_OK)
    await catalog.tell_guest(seller, "19", version=2, grant_id=grant, categories=["spice.red_ginger"], revoked=True)
    assert await catalog.search("jahe", region="19") == []
    assert set(await catalog.search("jahe", region="1904")) == {ginger, later}
    assert rice in await catalog.search("beras", region="1904")
