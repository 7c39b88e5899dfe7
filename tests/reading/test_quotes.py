import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.reading import quotes
from leadanalytics.reading.quotes import find_open_lines, find_row_end


def open_lines(text, delimiter=","):
    data = text.encode()
    return [data[line.start : line.stop].decode() for line in find_open_lines(data, 0, delimiter)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n",
        'a,"b, ""c""\nd"\n"e",f',
        '"",""\n"""",""""\n',
        'a,5" disk\nb,say "hi" now\n',  # a quote amid a cell is text
        'a,"x"y\nb,z\n',  # text after the closing quote, in one line
        'a,""\n,"\n"\n',
    ],
)
def test_quotes_that_leave_nothing_open(text):
    assert open_lines(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a,"x', ['a,"x']),
        ('a,"x\nb,y\n', ['a,"x']),
        ('a,"x\r\nb,"y"\r\n', ['a,"x']),
        ('a,"x\nb,"y\nc,"z"\n', ['a,"x', 'b,"y']),
        ('a,5" disk\nb,"x\nc,"y"\n', ['b,"x']),
        ('"a\nb","x\n"c","y"\n', ['"a\nb","x']),  # from the beginning of the row, which is a line further up
    ],
)
def test_a_cell_that_is_left_open_or_closed_by_a_later_row(text, found):
    assert open_lines(text) == found
    assert open_lines(text.replace(",", ";"), ";") == [line.replace(",", ";") for line in found]


def test_what_stands_before_the_first_row_does_not_count():
    text = b'"title\na,b\n"c",d\n'
    assert find_open_lines(text, text.index(b"a,b"), ",") == []


def test_a_pair_of_quotes_may_lie_across_two_blocks(monkeypatch):
    text = 'a,"b ""c"" d"\n'
    for block in range(1, len(text) + 1):
        monkeypatch.setattr(quotes, "_BLOCK", block)
        assert open_lines(text) == []
        assert open_lines(text + 'e,"f\n') == ['e,"f']


@given(st.lists(st.lists(st.text('ab",\n\r', max_size=6), min_size=1, max_size=4)))
def test_what_a_writer_of_csv_writes_leaves_nothing_open(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    assert open_lines(text.getvalue()) == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", ""),
        ("a,b", ""),
        ("a,b\nc", "a,b\n"),
        ("a,b\r\nc,d\r\n", "a,b\r\nc,d\r\n"),
        ("a,b\rc,d\r", "a,b\rc,d\r"),
        ('a,"b\nc"\nd,"e\n', 'a,"b\nc"\n'),
        ('a,"b\nc\n', ""),
        ('a,5" disk\nb,"c\nd"\ne,"f\n', 'a,5" disk\nb,"c\nd"\n'),  # a quote amid a cell is text
        ('a,5" disk\nb,c\n', 'a,5" disk\nb,c\n'),
        ('a,"b\nc,"d"\n', 'a,"b\nc,"d"\n'),  # the quote of a later row shows that the first is never closed
    ],
)
def test_where_the_last_row_ends_that_no_more_text_can_change(text, whole):
    assert text[: find_row_end(text.encode(), ",")] == whole


@given(st.lists(st.lists(st.text('ab",\n', max_size=6), min_size=1, max_size=4)), st.data())
def test_a_text_cut_anywhere_keeps_its_whole_rows(rows, data):
    lines = []
    for row in rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(row)
        lines.append(text.getvalue())
    written = "".join(lines)
    cut = data.draw(st.integers(0, len(written)))
    whole = find_row_end(written[:cut].encode(), ",")
    assert whole in [sum(map(len, lines[:count])) for count in range(len(lines) + 1)]
