import pytest
from file_blocks import blocks_of

from leadanalytics.errors import ReadError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.encodings import join_blocks
from leadanalytics.reading.html_tables import read_html

REPORT = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<style>td {a: b}</style></head>
<body><table><tr><td>Filters</td></tr></table>
<table border="1">
<tr><th>LeadSource</th><th>ActionCode</th><th>Company</th><th>Description</th></tr>
<tr><td>SPZA</td><td>INS</td><td>Smith &amp; S&ouml;hne &lt;UK&gt;</td><td>first<br>second
  line</td></tr>
<tr><td>SPZA<td>PLT<td><b>Contoso</b> Ltd<td>&nbsp;</tr>
<tr><td colspan=4>Grand Totals (2 records)</td></tr>
</table></body></html>"""


def read(text):
    return read_html(join_blocks(blocks_of(text)), load_layouts(), "'leads.xls'")


def test_the_first_table_with_the_names_of_a_layout():
    contents = read(REPORT)
    (part,) = contents.parts
    assert [list(record.values()) for record in part.columns.to_pylist()] == [
        ["SPZA", "INS", "Smith & Söhne <UK>", "first\nsecond line"],
        ["SPZA", "PLT", "Contoso Ltd", ""],
    ]
    assert [(reject.row, reject.reason) for reject in contents.rejects] == [(3, "the footer of a report")]
    assert (contents.delivered, contents.header_row, contents.encoding) == (3, 1, "utf-8")


def test_a_table_within_a_cell_is_a_table_of_its_own():
    inner = "<table><tr><td>LeadSource<td>ActionCode<tr><td>a<td>INS</table>"
    (part,) = read(f"<table><tr><td>before {inner} after</table>").parts
    assert part.columns.to_pylist() == [{"LeadSource": "a", "ActionCode": "INS"}]


def test_a_page_cut_in_the_middle_is_read_as_far_as_it_goes():
    contents = read(REPORT[: REPORT.index("PLT")])
    assert contents.delivered == 2
    assert [part.rows.tolist() for part in contents.parts] == [[1]]


@pytest.mark.parametrize(
    "text", ["<html><p>Sign in", "<table></table>", "<table><tr><td>Colour</table>", "</table><td>"]
)
def test_a_page_without_leads_is_an_error(text):
    with pytest.raises(ReadError, match="not those of leads"):
        read(text)
