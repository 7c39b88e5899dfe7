"""Texts as the blocks that readers of files take, and what they yield for them as one."""

import io

from leadanalytics.reading.contents import Contents
from leadanalytics.reading.encodings import BLOCK, decode_blocks


def blocks_of(text, size=BLOCK):
    return decode_blocks(io.BytesIO(text if isinstance(text, bytes) else text.encode()), size)


def together(blocks):
    """The contents of all blocks as one; parts stay as they came."""
    whole = Contents()
    for each in blocks:
        whole.delivered += each.delivered
        whole.parts += [part for part in each.parts if len(part.rows) or not whole.parts]
        whole.rejects += each.rejects
        whole.notes += each.notes
        whole.truncated |= each.truncated
        whole.encoding, whole.delimiter, whole.header_row = each.encoding, each.delimiter, each.header_row
    return whole
