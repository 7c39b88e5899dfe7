import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.errors import ReadError
from leadanalytics.reading.delimited import read_delimited
from leadanalytics.reading.encodings import decode
from leadanalytics.reading.layouts import load_layouts

HEADER = "LeadSource,ActionCode,Email\n"


def read(text):
    data = text if isinstance(text, bytes) else text.encode()
    return read_delimited(decode(data), load_layouts(), "'leads.csv'")


def rows(contents):
    return [
        (int(number), *record.values())
        for part in contents.parts
        for number, record in zip(part.rows, part.columns.to_pylist())
    ]


def set_aside(contents):
    return [(reject.row, reject.reason) for reject in contents.rejects]


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
        (3, "1 cells in a table of 3 columns"),
    ]


def test_a_file_cut_inside_a_quoted_cell_loses_that_record_only():
    contents = read(HEADER + 'a,INS,x\nb,INS,"cut he')
    assert rows(contents) == [(1, "a", "INS", "x")]
    assert set_aside(contents) == [(2, "a quoted cell is never closed")]


def test_a_stray_quote_costs_its_own_line_only():
    contents = read(HEADER + 'a,INS,"x\nb,INS,y\nno lead at all\nc,INS,z\n')
    assert rows(contents) == [(2, "b", "INS", "y"), (4, "c", "INS", "z")]
    assert set_aside(contents) == [(1, "a quoted cell is never closed"), (3, "1 cells in a table of 3 columns")]


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


def test_a_table_without_names_shows_no_person():
    with pytest.raises(ReadError) as raised:
        read("Ana,ana@example.com,Contoso\n")
    assert "ana@example.com" not in str(raised.value)


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
        assert values == tuple(cells[number - 1] + [None] * (3 - len(cells[number - 1])))


def test_an_open_quote_in_the_header_is_an_error_and_swallows_no_row():
    with pytest.raises(ReadError, match="close it in line 1"):
        read('LeadSource,ActionCode,"Email\nSPZA,INS,a@example.com\nSPZA,INS,b@example.com\n')
