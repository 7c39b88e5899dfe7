import io

import pytest

from leadanalytics.reading.contents import UNDECODABLE
from leadanalytics.reading.encodings import decode_blocks, join_blocks


def decode(data, **size):
    return join_blocks(decode_blocks(io.BytesIO(data), **size))


TEXT = "Jörg Weißmann, Zoë Ñúñez, München\n" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_european_text_in_every_usual_encoding(encoding):
    decoded = decode(TEXT.encode(encoding))
    assert decoded.data.decode() == TEXT
    assert not decoded.has_invalid


def test_chinese_text():
    text = "开发人员请联系我们获取报价" * 4
    assert decode(text.encode("gb18030")).data.decode() == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark(encoding):
    assert decode("LeadSource,Jörg\n".encode(encoding)).data.decode() == "LeadSource,Jörg\n"


def test_a_character_may_lie_across_two_pieces():
    text = "x" + "é" * 600_000
    assert decode(text.encode()) == (text.encode(), "utf-8", False, True)


def test_a_line_in_another_encoding_is_marked():
    decoded = decode(TEXT.encode() + "Jörg".encode("cp1252"))
    assert decoded.encoding == "utf-8"
    assert decoded.has_invalid
    assert decoded.data.decode().endswith(f"J{UNDECODABLE}rg")


def test_a_line_of_utf8_in_a_file_of_another_encoding_is_read_as_it_is():
    decoded = decode(TEXT.encode("cp1252") + "Jörg 王\n".encode())
    assert decoded.data.decode() == f"{TEXT}Jörg 王\n"


def test_nothing_is_nothing():
    assert decode(b"").data == b""


@pytest.mark.parametrize("name", ["Carlos,Ñúñez", "François,Lefèvre", "Jörg,Weißmann"])
def test_a_single_accented_name_is_western_text(name):
    assert decode(f"FirstName,LastName\n{name}\n".encode("cp1252")).data.decode().splitlines()[1] == name


@pytest.mark.parametrize(("name", "encoding"), [("山田,太郎,東京", "cp932"), ("Иванов,Пётр,Москва", "cp1251")])
def test_names_in_other_scripts_are_not_taken_for_western_text(name, encoding):
    assert decode(f"FirstName,LastName,City\n{name}\n".encode(encoding)).data.decode().splitlines()[1] == name
