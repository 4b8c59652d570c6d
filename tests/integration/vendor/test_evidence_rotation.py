"""Files survive the change of the key they are sealed with. Apart: afterwards only the new key opens the region."""

from tests.fakes.evidence import PDF, jpeg

from .test_key_rotation import NEW, OLD, operator, process
from .world import Register


async def upload(register: Register, content: bytes, vendor_id: str):
    return await register.call("POST", "evidence_files", content=content, params={"vendor_id": vendor_id})


async def test_files_are_sealed_anew_when_the_key_rotates(register: Register):
    vendor_id = await register.verified()
    made = [(await upload(register, content, vendor_id)).json() for content in (PDF, jpeg())]
    async with process(register, NEW, 2, f"1={OLD}") as later:
        answer = await operator(later, "POST")
        assert answer.status_code == 202, answer.text
        await later.run_jobs()
        query = "SELECT count(*) AS n FROM evidence_files WHERE key_version <> 2 AND state <> 'doomed'"
        left = await register.sql(query)
        assert left[0]["n"] == 0
    async with process(register, NEW, 2) as alone:
        for one, content in zip(made, (PDF, jpeg()), strict=True):
            link = (await alone.call("POST", f"evidence_files/{one['evidence_id']}:link")).json()
            assert (await alone.call("GET", link["url"], None)).content == content
    keys = {row["file_key"] for row in await register.sql("SELECT file_key FROM evidence_files")}
    assert {str(path.relative_to(register.folder)) for path in register.folder.rglob("*") if path.is_file()} == keys
