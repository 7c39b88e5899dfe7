import numpy as np
import pyarrow as pa
import pytest

from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.contents import Contents
from leadanalytics.reading.grids import find_names, is_footer_row, read_grid, without_unusable

LAYOUTS = load_layouts()
NAMES = ["LeadSource", "ActionCode", "Email", "Company"]


def usable(rows, **options):
    table = pa.Table.from_arrays([pa.array(column, pa.large_string()) for column in zip(*rows)], names=NAMES)
    contents = Contents()
    _, numbers = without_unusable(table, np.arange(1, len(rows) + 1), contents, **options)
    return numbers.tolist(), [(reject.row, reject.reason) for reject in contents.rejects]


def test_the_first_row_that_proves_a_layout_names_the_columns():
    found = find_names([["Leads"], [], ["Email", "Colour"], NAMES, NAMES], LAYOUTS)
    assert (found.place, found.layout.name) == (3, "https_flat")
    assert find_names([["Leads"]], LAYOUTS) is None


def test_short_rows_are_filled_up_and_text_beyond_the_names_costs_its_row():
    contents = read_grid([NAMES, ["a", "INS"], ["b", "INS", "e", "c", ""], ["c", "INS", "e", "c", "x"], [""]], LAYOUTS)
    assert contents.parts[0].columns.to_pylist() == [
        dict(zip(NAMES, ["a", "INS", "", ""])),
        dict(zip(NAMES, ["b", "INS", "e", "c"])),
    ]
    assert [(reject.row, reject.reason) for reject in contents.rejects] == [(3, "5 cells in a table of 4 columns")]
    assert contents.delivered == 3


def test_a_grid_without_names_is_none():
    assert read_grid([["Colour"], ["red"]], LAYOUTS) is None


@pytest.mark.parametrize(
    "footer", [["Leads of May"], ["Copyright (c) 2024", None, " "], ["Total", "12"], ["Grand Totals (3)"]]
)
def test_lone_cells_and_report_words_at_the_end_are_a_footer(footer):
    padded = (footer + [""] * 4)[:4]
    assert usable([["a", "INS", "e", "c"], padded]) == ([1], [(2, "the footer of a report")])


def test_a_footer_stands_at_the_end_of_the_file_only():
    lone, full = ["a", "", "", ""], ["a", "INS", "e", "c"]
    assert usable([lone, full]) == ([1, 2], [])
    assert usable([full, lone], is_end=False) == ([1, 2], [])


def test_a_table_of_lone_cells_or_a_lone_address_is_no_footer():
    assert usable([["a", "", "", ""]] * 3)[0] == [1, 2, 3]
    assert usable([["a", "INS", "e", "c"], *[["a", "", "", ""]] * 30])[0] == list(range(1, 32))
    assert usable([["a", "INS", "e", "c"], ["", "", "ana@example.com", ""]])[0] == [1, 2]


def test_a_company_named_total_is_no_footer():
    assert usable([["a", "INS", "e", "c"], ["Total", "INS", "e@example.com", ""]])[0] == [1, 2]


def test_the_footer_of_a_report_without_rows():
    assert usable([["Grand Totals (0 records)", "", "", ""], ["", "", "", ""]]) == (
        [],
        [(1, "the footer of a report"), (2, "an empty row")],
    )


def test_text_that_no_cell_may_hold_costs_its_row():
    assert usable([["a\0", "INS", "e", "c"]], unreadable={"a NUL": "\0"}) == ([], [(1, "a NUL")])


def test_a_row_of_a_footer():
    assert [is_footer_row(cells, 4) for cells in (["Leads"], [" "], ["a", "b"], ["a@example.com"], ["Total", "2"])] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert not is_footer_row(["Leads"], 3)
