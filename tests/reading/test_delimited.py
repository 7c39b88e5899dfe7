import csv
import io

import pytest
from file_blocks import blocks_of, together
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.errors import ReadError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.delimited import read_delimited
from leadanalytics.reading.mapping import to_raw

HEADER = "LeadSource,ActionCode,Email\n"


def read(text, **size):
    return together(read_delimited(blocks_of(text, **size), load_layouts(), "'leads.csv'"))


def rows(contents):
    return [
        (int(number), *record.values())
        for part in contents.parts
        for number, record in zip(part.rows, part.columns.to_pylist())
    ]


def set_aside(contents):
    return sorted((reject.row, reject.reason) for reject in contents.rejects)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(end):
    contents = read(f"{HEADER}a,INS,x\nb,PLT,y\n".replace("\n", end))
    assert rows(contents) == [(1, "a", "INS", "x"), (2, "b", "PLT", "y")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_told_from_the_names(delimiter):
    contents = read(f"LeadSource{delimiter}ActionCode\na b{delimiter}INS\n")
    assert rows(contents) == [(1, "a b", "INS")]


def test_a_cell_may_hold_delimiters_quotes_and_line_breaks():
    contents = read(HEADER + 'a,INS,"x, ""y""\nz"\nb,INS,w\n')
    assert rows(contents) == [(1, "a", "INS", 'x, "y"\nz'), (2, "b", "INS", "w")]


def test_text_that_looks_missing_is_text():
    assert rows(read(HEADER + "NA,null,NaN\n")) == [(1, "NA", "null", "NaN")]


def test_lines_before_the_names_are_skipped_and_noted():
    contents = read("ListSchema={}\n" + HEADER + "a,INS,x\n")
    assert len(rows(contents)) == 1
    assert contents.notes == ["1 lines before the names of the columns were skipped"]


def test_a_short_row_is_padded_in_its_place():
    contents = read(HEADER + "a,INS,x\nb,INS\nc,INS,z\n")
    assert rows(contents)[1] == (2, "b", "INS", None)
    assert contents.delivered == 3


def test_a_long_row_and_a_line_of_a_report_are_set_aside():
    contents = read(HEADER + "a,INS,x,y\nb,INS,x\nGrand Totals\n")
    assert rows(contents) == [(2, "b", "INS", "x")]
    assert set_aside(contents) == [
        (1, "4 cells in a table of 3 columns"),
        (3, "the footer of a report"),
    ]


def test_empty_cells_too_many_are_left_out():
    contents = read(HEADER + "a,INS,x,\nb,INS,y,,\nc,INS,z,,1\n")
    assert rows(contents) == [(1, "a", "INS", "x"), (2, "b", "INS", "y")]
    assert set_aside(contents) == [(3, "5 cells in a table of 3 columns")]


def test_blank_lines_are_no_rows_and_have_no_numbers():
    contents = read(HEADER + "\n\na,INS,x\n\nb,INS,y\n\n")
    assert [row[0] for row in rows(contents)] == [1, 2]


def test_quoted_doubled_and_missing_names():
    contents = read('"LeadSource","ActionCode",Email,Email,,\na,INS,,x,,\n')
    (part,) = contents.parts
    assert part.columns.column_names == ["LeadSource", "ActionCode", "Email", "Email", "", ""]
    assert to_raw([("leads.csv", part)])[["lead_source", "email"]].to_numpy().tolist() == [["a", "x"]]


def test_names_without_rows_are_an_empty_table():
    contents = read(HEADER)
    assert (contents.delivered, rows(contents)) == (0, [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_text_that_is_not_utf8(encoding):
    assert rows(read((HEADER + "Jörg,INS,x\n").encode(encoding))) == [(1, "Jörg", "INS", "x")]


def test_a_wide_text_cut_amid_a_character_loses_that_row_only():
    contents = read((HEADER + "a,INS,x\nb,INS,y").encode("utf-16")[:-1])
    assert rows(contents) == [(1, "a", "INS", "x")]
    assert set_aside(contents) == [(2, "bytes that are not valid in the file's encoding")]


def test_a_file_cut_inside_a_quoted_cell_loses_that_record_only():
    contents = read(HEADER + 'a,INS,x\nb,INS,"cut he')
    assert rows(contents) == [(1, "a", "INS", "x")]
    assert set_aside(contents) == [(2, "a quoted cell is never closed")]


def test_a_stray_quote_costs_its_own_line_only():
    contents = read(HEADER + 'a,INS,"x\nb,INS,y\nno lead at all\nc,INS,z\n')
    assert rows(contents) == [(2, "b", "INS", "y"), (4, "c", "INS", "z")]
    assert set_aside(contents) == [(1, "a quoted cell is never closed"), (3, "1 cells in a table of 3 columns")]
    assert contents.rejects[0].text == 'a,INS,"x'


def test_a_quote_left_open_takes_no_row_of_those_below_even_where_a_later_quote_closes_it():
    contents = read(HEADER + 'a,INS,"x\nb,INS,"y"\nc,INS,"z\nd,INS,w\n')
    assert rows(contents) == [(2, "b", "INS", "y"), (4, "d", "INS", "w")]
    assert set_aside(contents) == [(1, "a quoted cell is never closed"), (3, "a quoted cell is never closed")]


def test_below_an_open_quote_a_line_of_its_cell_is_not_taken_for_a_short_row():
    contents = read(HEADER + 'a,INS\nb,INS,"cut\nhere, there')
    assert rows(contents) == [(1, "a", "INS", None)]
    assert set_aside(contents) == [(2, "a quoted cell is never closed"), (3, "2 cells in a table of 3 columns")]


def test_empty_rows_and_repeated_names_are_set_aside():
    contents = read(HEADER + "a,INS,x\n,,\n" + HEADER)
    assert set_aside(contents) == [(2, "an empty row"), (3, "the names of the columns once more")]


def test_bytes_that_are_no_text_cost_their_own_row():
    contents = read((HEADER + "a,INS,Jörg\n").encode() + "b,INS,Jörg\n".encode("cp1252") + b"c,INS,x\0y\nd,INS,z\n")
    assert [row[0] for row in rows(contents)] == [1, 4]
    assert set_aside(contents) == [
        (2, "bytes that are not valid in the file's encoding"),
        (3, "a NUL byte in a cell"),
    ]


def test_ten_megabytes_in_one_cell():
    contents = read(HEADER + 'a,INS,"' + "x\n" * 5_000_000 + '"\nb,INS,y\n')
    assert [len(row[3]) for row in rows(contents)] == [10_000_000, 1]


def test_broken_rows_in_a_large_file_keep_their_numbers():
    contents = read(HEADER + "".join(f"s{n},INS,e\n" if n % 5_000 else f"s{n},INS,e,f\n" for n in range(200_000)))
    assert contents.delivered == 200_000
    assert [reject.row - 1 for reject in contents.rejects] == list(range(0, 200_000, 5_000))
    assert all(source == f"s{number - 1}" for number, source, *_ in rows(contents)[::997])


def test_columns_that_prove_nothing_are_an_error_that_names_them_and_the_nearest_layout():
    with pytest.raises(ReadError, match=r"found 'Colour', 'ActionCode'; the nearest layout is .* misses"):
        read("Colour,ActionCode\nred,INS\n")


@pytest.mark.parametrize("row", ["Ana,ana@example.com,Contoso", "Ana,+44 20 7946 0018", "Ana,2/27/2024"])
def test_a_table_without_names_shows_no_person(row):
    with pytest.raises(ReadError, match="a first line that looks like data") as raised:
        read(f"{row}\n")
    assert "Ana" not in str(raised.value)


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters='\n",;'), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8))
def test_every_row_is_read_or_set_aside_and_none_is_changed(cells):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(cells)
    contents = read(HEADER + text.getvalue())
    assert contents.delivered == len(cells)
    read_rows = {number: tuple(values) for number, *values in rows(contents)}
    aside = {reject.row for reject in contents.rejects}
    assert sorted([*read_rows, *aside]) == list(range(1, len(cells) + 1))
    for number, values in read_rows.items():
        written = cells[number - 1]
        assert values == tuple([*written, None, None][:3])
        assert not any(written[3:])


@given(
    st.lists(st.tuples(*[st.text("ab", min_size=1, max_size=3)] * 2, st.text("ab\n", max_size=4)), min_size=1),
    st.data(),
)
def test_a_lost_quote_costs_its_row_only(cells, data):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(("s", *row) for row in cells)
    written = text.getvalue()
    lost = data.draw(st.sampled_from([place for place, letter in enumerate(written) if letter == '"']))
    contents = read("LeadSource,ActionCode,Email,Phone\n" + written[:lost] + written[lost + 1 :])
    damaged = csv_row_of(written, lost)
    kept = [tuple(row[1:]) for row in rows(contents)]
    for number, row in enumerate(cells):
        if number != damaged:
            assert ("s", *row) in kept
    assert contents.delivered == len(kept) + len(contents.rejects) >= len(cells)


def csv_row_of(text, place):
    """The number of the row that a place of well-formed text stands in, where a row has no quote in a cell."""
    return text[:place].count('"') // 8


def test_an_open_quote_in_the_header_is_an_error_and_swallows_no_row():
    with pytest.raises(ReadError, match="close it in line 1"):
        read('LeadSource,ActionCode,"Email\nSPZA,INS,a@example.com\nSPZA,INS,b@example.com\n')


@given(st.text('ab", \n\r', max_size=60))
def test_no_text_is_lost_however_broken(body):
    contents = read(HEADER + body)
    found = rows(contents)
    assert contents.delivered == len(found) + len(contents.rejects)
    kept = [cell for row in found for cell in row[1:] if cell] + [reject.text for reject in contents.rejects]
    assert sorted(letter for letter in "".join(kept) if letter in "ab") == sorted(c for c in body if c in "ab")


@settings(max_examples=40)
@given(st.text('ab", \n\r', max_size=60), st.integers(20_000, 40_000))
def test_blocks_change_nothing(body, size):
    before, after = 'a,INS,"x, ""y""\nz"\n' * 2_000, "b,PLT,x\nb,PLT,w,v\n" * 2_000
    text = HEADER + before + body + "\n" + after
    whole, pieces = read(text), read(text, size=size)
    assert len(pieces.parts) > 1
    assert rows(pieces) == rows(whole)
    assert sorted(pieces.rejects) == sorted(whole.rejects)
    assert pieces.delivered == whole.delivered
    assert (pieces.delimiter, pieces.header_row, pieces.notes) == (",", 1, [])


def test_a_quote_that_no_block_closes_costs_its_line_only():
    text = HEADER + "a,INS,x\n" * 5_000 + 'b,INS,"y\n' + "c,INS,z\n" * 50_000
    contents = read(text, size=50_000)
    assert set_aside(contents) == [(5_001, "a quoted cell is never closed")]
    assert sum(len(part.rows) for part in contents.parts) == 55_000


def test_below_an_open_quote_no_row_of_a_later_block_is_padded():
    text = HEADER + 'a,INS,"x\n' + "b,INS,y\n" * 20_000 + "c,INS\n"
    assert set_aside(read(text, size=50_000))[-1] == (20_002, "2 cells in a table of 3 columns")


def test_a_footer_of_lines_is_told_from_other_lines_that_are_no_rows():
    contents = read(
        "LeadSource,ActionCode,Email,Phone\na\nb,INS,x,y\n\nLeads of May\nana@example.com\nCopyright (c) 2024\n"
    )
    assert set_aside(contents) == [
        (1, "1 cells in a table of 4 columns"),
        (3, "the footer of a report"),
        (4, "1 cells in a table of 4 columns"),
        (5, "the footer of a report"),
    ]


def test_a_padded_footer_is_set_aside():
    contents = read("LeadSource,ActionCode,Email,Phone\na,INS,x,y\n,,,\nCopyright (c) 2024,,,\n")
    assert [row[0] for row in rows(contents)] == [1]
    assert set_aside(contents) == [(2, "an empty row"), (3, "the footer of a report")]


def test_the_line_of_the_names_is_told_as_an_editor_counts():
    contents = read(f"sep=;\r\n\r\n{HEADER}".replace(",", ";"))
    assert (contents.header_row, contents.delimiter) == (3, ";")
