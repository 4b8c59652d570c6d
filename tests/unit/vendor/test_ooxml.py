"""The reader of .xlsx against the ways in which programs write them, and against a general reader."""

import importlib.util
import io
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vendor_service.adapters.workbooks import ooxml, shared_strings
from vendor_service.adapters.workbooks.general import sheets_in_general
from vendor_service.adapters.workbooks.ooxml import UnfamiliarWorkbook, sheets_of
from vendor_service.adapters.workbooks.tables import sheets
from vendor_service.domain.errors import WorkbookRefused

ROOT = Path(__file__).resolve().parents[3]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_workbook", ROOT / "tests" / "data" / "make_workbook.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_workbook"] = module
    spec.loader.exec_module(module)
    return module


def workbook(sheet: str, strings: str = "", styles: str = "", properties: str = "") -> bytes:
    """Return a workbook of one sheet whose parts are written here, element by element."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>'
        '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1"'
        f' Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    return stream.getvalue()


def rows_of(content: bytes):
    return [(number, list(cells), doubts) for number, cells, doubts in next(iter(sheets(content))).rows()]


def data(rows: str, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def comparable(cell):
    if cell is None or cell == "":
        return None
    return float(cell) if isinstance(cell, int | float) else cell


def same_cells(cells):
    found = [comparable(cell) for cell in cells]
    while found and found[-1] is None:
        found.pop()
    return found


def test_both_readers_see_the_same_cells_in_the_workbook_of_the_story(maker, tmp_path):
    path = tmp_path / "a.xlsx"
    maker.make(path, rows=600)
    content = path.read_bytes()
    own, general = next(iter(sheets(content))), next(sheets_in_general(content))
    seen = {number: same_cells(cells) for number, cells, _ in own.rows()}
    wanted = {number: cells for number, row, _ in general.rows() if (cells := same_cells(row))}
    assert seen == wanted
    assert sorted(own.merges()) == sorted(general.merges())
    assert len(seen) > 600


def test_a_large_sheet_is_read_in_pieces_with_the_same_rows(maker, tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    maker.make(path, rows=300)
    content = path.read_bytes()
    whole = next(iter(sheets(content)))
    rows, merges = list(whole.rows()), whole.merges()
    monkeypatch.setattr(ooxml, "_HELD_WHOLE", 1000)
    monkeypatch.setattr(ooxml, "_BLOCK", 4096)
    monkeypatch.setattr(shared_strings, "_FEW", 10)
    monkeypatch.setattr(shared_strings, "_BLOCK", 512)
    pieces = next(iter(sheets(content)))
    assert list(pieces.rows()) == rows
    monkeypatch.setattr(ooxml, "_HELD_WHOLE", 100_000)
    assert pieces.merges() == merges


def test_texts_are_read_however_they_are_kept():
    strings = (
        "<si><t>biasa</t></si>"
        '<si><t xml:space="preserve"> tepi </t></si>'
        "<si><r><rPr><b/></rPr><t>Warung </t></r><r><t>Siti &amp; Anak</t></r></si>"
        "<si><t>&lt;b&gt; _x0041_ &#66;</t><rPh sb='0' eb='1'><t>bunyi</t></rPh></si>"
        "<si/><si><t/></si><si><t><![CDATA[a<b]]></t></si>"
    )
    cells = "".join(f'<c r="{chr(65 + place)}1" t="s"><v>{place}</v></c>' for place in range(7))
    found = rows_of(workbook(data(f'<row r="1">{cells}</row>'), strings))[0][1]
    assert found == ["biasa", " tepi ", "Warung Siti & Anak", "<b> A B", "", "", "a<b"]


def test_cells_are_read_however_they_are_written():
    row = (
        '<row r="3" spans="1:9" x14ac:dyDescent="0.25"><c t="s" r="A3"><v>0</v></c>'
        '<c r="B3" t="inlineStr"><is><t>di </t><t>sini</t></is></c>'
        '<c r="C3" t="str"><f>A1&amp;B1</f><v>a &amp; b</v></c>'
        '<c r="D3" t="b"><v>1</v></c><c r="E3"><v>3510165708450001</v></c><c r="F3"><v>1.5E3</v></c>'
        '<c r="G3" s="1"/><c r="H3" t="e"><v>#REF!</v></c><c><v>7</v></c></row>'
    )
    sheet = data(row).replace("<worksheet ", '<worksheet xmlns:x14ac="http://x" ')
    number, cells, doubts = rows_of(workbook(sheet, "<si><t>ada</t></si>"))[0]
    assert number == 3
    assert cells == ["ada", "di sini", "a & b", "ya", 3510165708450001, 1500.0, None, None, 7]
    assert doubts == {7: "FORMULA_BROKEN"}


def test_formulas_are_told_from_values():
    row = (
        '<row r="1"><c r="A1"><f>SUM(B1:C1)</f><v>12</v></c><c r="B1"><f>[1]Data!A1</f><v>5</v></c>'
        '<c r="C1"><f>A9*2</f></c><c r="D1"><f t="shared" si="0"/><v>4</v></c></row>'
    )
    _, cells, doubts = rows_of(workbook(data(row)))[0]
    assert cells == [12, 5, None, 4]
    assert doubts == {1: "FORMULA_FROM_OTHER_FILE", 2: "FORMULA_WITHOUT_VALUE"}


def test_rows_without_numbers_or_cells_keep_their_place():
    rows = (
        '<row><c><v>1</v></c></row><row r="4"/><row r="5" ht="20"/><row r="6"><c r="B6"><v>2</v></c></row><row r="9"/>'
    )
    after = '<dataValidations><dataValidation><formula1>"L,P"</formula1></dataValidation></dataValidations>'
    after += '<rowBreaks count="1"><brk id="3"/></rowBreaks>'
    found = rows_of(workbook(data(rows, after)))
    assert [(number, cells) for number, cells, _ in found] == [(1, [1]), (6, [None, 2])]


def test_a_number_is_a_date_where_its_style_says_so():
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="[$-421]dd\\ mmmm\\ yyyy"/>'
        '<numFmt numFmtId="165" formatCode="&quot;Rp&quot;\\ #,##0_);[Red]\\(#,##0\\)"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
    )
    row = "".join(
        f'<c r="{letter}1" s="{style}"><v>31276</v></c>' for letter, style in zip("ABCD", range(4), strict=True)
    )
    _, cells, _ = rows_of(workbook(data(f'<row r="1">{row}</row>'), styles=styles))[0]
    assert cells == [31276, date(1985, 8, 17), date(1985, 8, 17), 31276]
    properties = '<workbookPr date1904="1"/>'
    row = '<row r="1"><c r="A1" s="1"><v>29814.5</v></c></row>'
    assert rows_of(workbook(data(row), styles=styles, properties=properties))[0][1] == [date(1985, 8, 17)]


def test_a_workbook_with_prefixes_is_left_to_the_general_reader():
    sheet = data('<row r="1"><c r="A1"><v>5</v></c></row>').replace("<", "<x:").replace("<x:/", "</x:")
    content = workbook(sheet.replace("xmlns=", "xmlns:x="))
    with zipfile.ZipFile(io.BytesIO(content)) as archive, pytest.raises(UnfamiliarWorkbook):
        list(sheets_of(archive))
    assert rows_of(content)[0][1] == [5.0]


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1"><v>dua belas</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><f>1</f><v>1</c></row>',
    ],
)
def test_broken_cells_refuse_the_file_and_crash_nothing(row):
    with pytest.raises(WorkbookRefused) as caught:
        rows_of(workbook(data(row)))
    assert caught.value.code == "WORKBOOK_NOT_READABLE"


def test_a_cell_at_the_end_of_the_sheet_costs_nothing():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    found = rows_of(workbook(data(rows)))
    assert [number for number, _, _ in found] == [1, 1048576]


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(-(10**9), 10**15)), max_size=6), max_size=5
    )
)
def test_what_a_writer_wrote_is_read(table):
    made = openpyxl.Workbook()
    legal = [[_legal(cell) for cell in row] for row in table]
    for row in legal:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    found = {number: same_cells(cells) for number, cells, _ in next(iter(sheets(stream.getvalue()))).rows()}
    assert found == {place: cells for place, row in enumerate(legal, start=1) if (cells := same_cells(row))}


def _legal(cell):
    """Leave out what the writer refuses or turns into something else: control characters, formulas, escapes."""
    if not isinstance(cell, str):
        return cell
    kept = "".join(
        char for char in cell if char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff"
    )
    return None if kept.startswith(("=", "#")) or "_x" in kept else kept
