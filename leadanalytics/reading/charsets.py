"""Which encoding a text without a mark is likely in: the one in which its characters are the most usual.

Files of leads are short, hold much ASCII, and their few other characters are names. Statistics of languages need more
than that, so each encoding is weighed by the characters that people, firms and places in its part of the world have.
The shares are estimates, which made-up people of 3 to 200 rows in each encoding bear out.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_SAMPLE = 1 << 16  # bytes
# The share of characters that no class holds, and how many they are said to be; a broken one is rarer than any.
_RARE_SHARE, _RARE_WIDE, _RARE_NARROW = 0.03, 20_000, 100
_BROKEN = -20.0
# Words of Latin script nearly always hold a letter of ASCII too, those of another alphabet never do.
_PURE_WORD = re.compile(r"(?<![A-Za-z])[^\W\d_A-Za-z]{2,}(?![A-Za-z])")
_MIXED_WORD = re.compile(r"[A-Za-z][^\W\d_A-Za-z]|[^\W\d_A-Za-z][A-Za-z]")
_ALIEN = -6.0

_SIGNS = "’‘“”„–—…€£§©®™°·ªº«»¿¡´"
_FULL_WIDTH = "　、。・「」（）：；！？，－～" + "".join(map(chr, range(0xFF10, 0xFF5B)))
_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7)))) + "ー々"
_WESTERN, _RARELY_WESTERN = "áàâãäåæçèéêëíñóôöøúüß", "ìîïòõùûýÿœšžðþ"
_CENTRAL, _RARELY_CENTRAL = "ąćęłńóśźżáčéěíňřšťúůýžäöüőű", "ďľĺôŕăâîşţđë"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ"
_HEBREW = "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
_THAI = "".join(map(chr, (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4F))))
_CHINESE_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "伟芳娜敏静丽强军洋艳杰娟涛明超霞平刚建国文华玉梅志海云飞辉宇浩北京上海广州深圳公司有限科技信息经理工程师"
)
_TAIWANESE_NAMES = (
    "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余盧梁趙"
    "怡君雅婷志明建宏俊傑淑芬美玲家豪欣宜惠文雄國華台臺北公司有限股份科技資訊經理工程師"
)
_JAPANESE_NAMES = (
    "佐藤鈴木高橋田中伊渡辺山本村小林加吉井斎清水崎森池阿部石川前後長谷近坂遠青松口野上原島内岡和"
    "太郎子一美大輔健真直樹東京阪株式会社部長工業情報"
)
_KOREAN_NAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍민준연지훈수빈예은도하우영희철현유진성혜동미주식회사울부산대표"
)


class _Charset(NamedTuple):
    """The characters that are usual in an encoding, by classes with their shares, and how usual it is itself."""

    classes: tuple[tuple[str, float], ...]
    weight: float  # the logarithm of how often files are in it
    alien_word: re.Pattern[str] | None = None


def likeliest_encoding(lines: Iterable[bytes]) -> str:
    """Return the likeliest encoding of some lines, each with bytes that are neither ASCII nor all of them UTF-8.

    Examples
    --------
    >>> [likeliest_encoding([name.encode(each)]) for name, each in [("Núñez", "cp1252"), ("田中太郎", "cp932")]]
    ['cp1252', 'cp932']
    """
    sample = b"\n".join(lines)[:_SAMPLE]
    return max(_charsets(), key=lambda encoding: _likelihood(sample, encoding))


def _likelihood(sample: bytes, encoding: str) -> float:
    """Return the logarithm of the likelihood that the characters beyond ASCII are those of an encoding."""
    charset, usual = _charsets()[encoding], _usual(encoding)
    text = sample.decode(encoding, "replace")
    result = charset.weight
    for character, count in Counter(text).items():
        if not character.isascii():
            result += count * (_BROKEN if character == "\ufffd" else usual.get(character, usual[""]))
    return result + _ALIEN * len(charset.alien_word.findall(text)) if charset.alien_word else result


@functools.cache
def _usual(encoding: str) -> Mapping[str, float]:
    """Return the logarithms of the shares of usual characters; that of any other one by the empty text."""
    charset = _charsets()[encoding]
    is_wide = any(len(characters) > 1_000 for characters, _ in charset.classes)
    shares = {"": _RARE_SHARE / (_RARE_WIDE if is_wide else _RARE_NARROW)}
    for characters, share in reversed(charset.classes):
        shares |= dict.fromkeys(characters, share / max(len(characters), 1))
    return {character: math.log(share) for character, share in shares.items()}


@functools.cache
def _charsets() -> Mapping[str, _Charset]:
    """Return the single-byte and East Asian encodings in which spreadsheets and CRMs really write text."""
    kanji = _plane("euc_jp", range(0xB0, 0xD0))
    japanese = ((_JAPANESE_NAMES, 0.3), (_KANA, 0.3), (kanji, 0.3), (_FULL_WIDTH, 0.07))
    chinese = _plane("gb2312", range(0xB0, 0xD8))
    taiwanese = _plane("big5", range(0xA4, 0xC7))
    korean = _plane("euc_kr", range(0xB0, 0xC9))
    return {
        "cp1252": _alphabet(_WESTERN, -0.2, is_latin=True, rare=_RARELY_WESTERN),
        "cp1250": _alphabet(_CENTRAL, -2, is_latin=True, rare=_RARELY_CENTRAL),
        "cp1254": _alphabet("çğıöşüâîû", -4, is_latin=True),
        "cp1251": _alphabet(_CYRILLIC, -3),
        "cp1253": _alphabet(_GREEK, -4),
        "cp1255": _alphabet(_HEBREW, -4),
        "cp1256": _alphabet(_ARABIC, -4),
        "cp874": _alphabet(_THAI, -6),
        "gb18030": _Charset(((_CHINESE_NAMES, 0.35), (chinese, 0.5), (_FULL_WIDTH + _WESTERN, 0.12)), -3),
        "big5": _Charset(((_TAIWANESE_NAMES, 0.35), (taiwanese, 0.5), (_FULL_WIDTH, 0.12)), -3),
        "cp932": _Charset(japanese, -3),
        "euc_jp": _Charset(japanese, -6),
        "cp949": _Charset(((_KOREAN_NAMES, 0.45), (korean, 0.5), (_FULL_WIDTH, 0.02)), -3),
    }


def _alphabet(letters: str, weight: float, *, is_latin: bool = False, rare: str = "") -> _Charset:
    """Return a charset of small letters and of capitals, of which names have fewer."""
    capitals = "".join(letter.upper() for letter in letters if len(letter.upper()) == 1)
    classes = ((letters, 0.65), (capitals, 0.2), (rare + rare.upper(), 0.05), (_SIGNS, 0.07))
    return _Charset(classes, weight, _PURE_WORD if is_latin else _MIXED_WORD)


def _plane(encoding: str, leads: range) -> str:
    """Return the characters of two bytes that begin with some: the usual ones come first in these encodings."""
    pairs = (bytes([lead, trail]).decode(encoding, "ignore") for lead in leads for trail in range(0x40, 0xFF))
    return "".join(pair for pair in pairs if len(pair) == 1 and not pair.isascii())
