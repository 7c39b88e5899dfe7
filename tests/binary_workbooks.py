"""Workbooks of Excel 97 to 2003 (.xls) and in binary parts (.xlsb), and the compound files of encrypted workbooks.

No package at hand writes them, so the few records that a sheet needs are put together here.
"""

import io
import struct
import zipfile

_SECTOR = 512
_END_OF_CHAIN, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_WORKBOOK, _SHEET = 0x0005, 0x0010


def old_workbook(rows, name="Leads"):
    """The bytes of a workbook with one sheet of texts and numbers."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, _SHEET, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                sheet += _record(0x0204, place + text)
            else:
                sheet += _record(0x0203, place + struct.pack("<d", cell))
    sheet += _record(0x000A, b"")
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, _WORKBOOK, 0, 0, 0, 0))
    offset = len(begin) + 4 + 6 + len(title) + 4
    book = begin + _record(0x0085, struct.pack("<IBB", offset, 0, 0) + title) + _record(0x000A, b"")
    return compound_file({"Workbook": book + sheet})


def binary_workbook(rows, name="Leads"):
    """The bytes of a workbook of binary parts with one sheet of texts and numbers."""
    sheet = _part(0x81) + _part(0x94, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + _part(0x91)
    for row, cells in enumerate(rows):
        sheet += _part(0x00, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
        for column, cell in enumerate(cells):
            place = struct.pack("<II", column, 0)
            is_text = isinstance(cell, str)
            sheet += _part(0x06, place + _text(cell)) if is_text else _part(0x05, place + struct.pack("<d", cell))
    sheet += _part(0x92) + _part(0x82)
    title = struct.pack("<II", 0, 1) + _text("rId1") + _text(name)
    book = _part(0x83) + _part(0x8F) + _part(0x9C, title) + _part(0x90) + _part(0x84)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("_rels/.rels", _relationship("officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/_rels/workbook.bin.rels", _relationship("worksheet", "worksheets/sheet1.bin"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return data.getvalue()


def compound_file(streams):
    """The bytes of a compound file with some streams."""
    # Streams below 4096 bytes would lie elsewhere, so they are filled up.
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sizes = {name: -(-len(data) // _SECTOR) for name, data in padded.items()}
    fat, entries, start = [_FAT, _END_OF_CHAIN], [], 2
    for name, size in sizes.items():
        fat += [*range(start + 1, start + size), _END_OF_CHAIN]
        entries.append((name, start, len(padded[name])))
        start += size
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    directory = _entry("Root Entry", 5, 1, _FREE, _END_OF_CHAIN, 0)
    for number, (name, first, size) in enumerate(entries, start=1):
        directory += _entry(name, 2, _FREE, number + 1 if number < len(entries) else _FREE, first, size)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END_OF_CHAIN, 0, _END_OF_CHAIN, 0
    )
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    data = b"".join(data.ljust(sizes[name] * _SECTOR, b"\0") for name, data in padded.items())
    return header + struct.pack(f"<{_SECTOR // 4}I", *fat) + directory.ljust(_SECTOR, b"\0") + data


def _record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _part(kind, data=b""):
    """A record of a binary part; numbers are written in groups of seven bits, and none here is above 16,383."""
    return b"".join(map(_seven_bits, (kind, len(data)))) + data


def _seven_bits(number):
    return bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])


def _text(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _relationship(kind, target):
    schema = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{schema}/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
    )


def _entry(name, kind, child, right, start, size):
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, right, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
