import io

import pytest

from leadanalytics.reading.contents import UNDECODABLE
from leadanalytics.reading.encodings import decode_blocks, is_binary, join_blocks


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "gb18030"])
@pytest.mark.parametrize("separator", ["\n", ",", "\r"])
def test_blocks_never_cut_a_character(encoding, separator):
    text = "".join(f"Jörg Weißmann {number}{separator}" for number in range(3_000))
    blocks = list(decode_blocks(io.BytesIO(text.encode(encoding)), 5_000))
    assert len(blocks) > 3
    assert b"".join(block.data for block in blocks).decode() == text
    assert all(block.data.decode().endswith(separator) for block in blocks)
    assert [block.is_end for block in blocks] == [False] * (len(blocks) - 1) + [True]


def test_a_line_end_of_a_wide_text_is_none_where_it_is_a_part_of_two_characters():
    # U+0A00 after U+010A has the bytes of a line end in its middle.
    text = "x\u010a\u0a00" * 10_000
    (block, *_) = decode_blocks(io.BytesIO(text.encode("utf-16")), 30_000)
    assert text.startswith(block.data.decode())


def test_the_first_block_that_is_not_ascii_decides():
    data = b"plain\n" * 5_000 + "Zoë\n".encode("cp1252") * 5_000
    blocks = list(decode_blocks(io.BytesIO(data), 20_000))
    assert [blocks[0].encoding, blocks[-1].encoding] == ["utf-8", "cp1252"]
    assert not any(block.has_invalid for block in blocks)


def test_a_wide_text_of_chinese_without_a_mark():
    text = "LeadSource,Company\nSPZA,北京科技有限公司上海信息一言\n"
    assert decode(text.encode("utf-16-le")).data.decode() == text
    assert not is_binary(text.encode("utf-16-le"))


@pytest.mark.parametrize(
    ("head", "truth"), [(b"", False), (bytes(100), True), (bytes(range(256)), True), (b"a\0b", False)]
)
def test_binary_files_are_told_from_text(head, truth):
    assert is_binary(head) == truth


@pytest.mark.parametrize(
    ("text", "encoding", "words"),
    [
        ("Stănescu", "cp1250", ["cp1250 was assumed, cp1252 is possible"]),
        ("김민준", "cp949", ["cp949 was assumed"]),
        (TEXT, "cp1252", []),
        ("Stănescu", "utf-8", []),
        ("Stanescu", "ascii", []),
    ],
)
def test_an_encoding_that_few_letters_tell_is_in_doubt(text, encoding, words):
    doubts = []
    decoded = join_blocks(decode_blocks(io.BytesIO(f"SPZA,{text}\n".encode(encoding)), doubts=doubts))
    assert decoded.data.decode() == f"SPZA,{text}\n"
    assert len(doubts) == len(words)
    assert all(word in doubt for word, doubt in zip(words, doubts))
