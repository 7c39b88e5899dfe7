"""Which encoding a text without a mark is likely in: the one in which its characters are the most usual.

Files of leads are short, hold much ASCII, and their few other characters are names. Statistics of languages need more
than that, so each encoding is weighed by the characters that people, firms and places in its part of the world have.
The shares are estimates, which made-up people of 3 to 200 rows in each encoding bear out. Where encodings of Latin
script come out nearly alike, chardet decides: it knows which letters of ASCII stand next to the others.
"""

from __future__ import annotations

import codecs
import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

_SAMPLE = 1 << 16  # bytes
# The share of characters that no class holds, and how many they are said to be; a broken one is rarer than any.
_RARE_SHARE, _RARE_WIDE, _RARE_NARROW = 0.03, 20_000, 100
_BROKEN = -20.0
_BROKEN_CHARACTERS = ("\ufffd", *map(chr, range(0x80, 0xA0)))
# Words of Latin script nearly always hold a letter of ASCII too, those of another alphabet never do. Nor do signs such
# as a superscript stand next to a letter.
_PURE_WORD = re.compile(
    r"(?<![A-Za-z])[^\W\d_A-Za-z]{2,}(?![A-Za-z])"
    r"|[¢£¤¥¦§¨ª¬®¯±²³µ¶¸¹º¼½¾](?=[^\W\d_])|(?<=[^\W\d_])[¡¢£¤¥¦§¨¬±µ¶¸¹¼½¾¿]"
)
_MIXED_WORD = re.compile(r"[A-Za-z][^\W\d_A-Za-z]|[^\W\d_A-Za-z][A-Za-z]")
_ALIEN = -6.0
# Bytes that are no part of a character of several bytes.
_BORDERS = re.compile(rb'[\t\n\r ",;]+')
# Encodings whose logarithms differ by less are left to chardet. Its confidence counts so much, but no more than that
# for each word: it knows texts better than single names.
_NEARLY_ALIKE, _CHARDET_WEIGHT, _CHARDET_MOST = 6.0, 25.0, 2.2
_LEAST_CONFIDENCE = 1e-3
# Another encoding is a rival when its logarithm is as near as that; of few words any other one is, but for the most
# usual encoding.
_IN_DOUBT, _FEW_WORDS, _MOST_USUAL = 3.0, 3, "cp1252"
# How fast the shares of letters fall from the most usual to the rarest.
_ZIPF = 0.8

_SIGNS = "’‘“”„–—…€£§©®™°·ªº«»¿¡´"
_FULL_WIDTH = "　、。・「」（）：；！？，－～" + "".join(map(chr, range(0xFF10, 0xFF5B)))
_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7)))) + "ー々"
_WESTERN, _RARELY_WESTERN = "áàâãäåæçèéêëíñóôöøúüß", "ìîïòõùûýÿœšžðþ"
# The letters of languages beyond ASCII, the most usual first, and the languages that share an encoding, the most spoken
# first: English has little but signs.
_WESTERN_LANGUAGES = (
    *("’é–“”ñ…®²º€™", "áéíóñúüºª", "éèçêàëôîïûâùœ", "äüöß", "ãçáéíóâõêôàú", "àèéìòù", "äöåé", "øåæöéüä", "äõüöšž"),
    "áðíóþéúýæö",
)
_CENTRAL_LANGUAGES = ("łóąęśżćńź", "ăşţîâ", "áéóőöíüúű", "áíéřýěčžšůúťďňó", "ćčšžđ", "áíýčéžšúľťďňäôóŕĺ", "čšž")
_TURKISH = "ışçğüöİâîû"
_BALTIC_LANGUAGES = ("ėšžąįųūęčū", "āīēšļņūģķčž")
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

# Classes of characters, each with their share of all.
_Classes = tuple[tuple[str, float], ...]


class _Charset(NamedTuple):
    """The characters that are usual in an encoding and how usual it is itself."""

    alphabets: tuple[_Classes, ...]  # of each language
    weight: float  # the logarithm of how often files are in it
    alien_word: re.Pattern[str] | None = None


class Guess(NamedTuple):
    """The likeliest encoding, and its rival: one that may as well be right and gives other characters, or ""."""

    encoding: str
    rival: str


def likeliest_encoding(lines: Iterable[bytes]) -> str:
    """Return the likeliest encoding of some lines, each with bytes that are neither ASCII nor all of them UTF-8.

    Examples
    --------
    >>> [likeliest_encoding([name.encode(each)]) for name, each in [("Núñez", "cp1252"), ("田中太郎", "cp932")]]
    ['cp1252', 'cp932']
    """
    return guess_encoding(lines).encoding


def guess_encoding(lines: Iterable[bytes]) -> Guess:
    """Return the likeliest encoding of some lines as `likeliest_encoding` does, and its rival.

    Examples
    --------
    >>> guess_encoding(["Stănescu".encode("cp1250")])
    Guess(encoding='cp1250', rival='cp1252')
    """
    sample = b"\n".join(lines)[:_SAMPLE]
    # A word is evidence once: many leads may be of one firm.
    words = [word for word in dict.fromkeys(_BORDERS.split(sample)) if not word.isascii()]
    texts = {encoding: b" ".join(words).decode(codec_of(encoding), "replace") for encoding in _charsets()}
    alone = {encoding: _likelihood(text, encoding) for encoding, text in texts.items()}
    together = {each: alone[each] + support for each, support in _support(sample, alone, len(words)).items()}
    text = texts[max(together, key=together.__getitem__)]
    best = max((each for each in texts if texts[each] == text), key=alone.__getitem__)
    others = [each for each in texts if texts[each] != text]
    nearness = {each: max(scores[each] - scores[best] for scores in (alone, together)) for each in others}
    rival = max(others, key=nearness.__getitem__)
    in_doubt = nearness[rival] > -_IN_DOUBT or (len(words) < _FEW_WORDS and best != _MOST_USUAL)
    return Guess(best, rival if in_doubt else "")


def codec_of(encoding: str) -> str:
    """Return the codec that reads an encoding: Windows writes a few characters more than the standard of Big5 has."""
    return "big5hkscs" if encoding == "big5" else encoding


def _likelihood(text: str, encoding: str) -> float:
    """Return the logarithm of the likelihood that the characters beyond ASCII are those of an encoding."""
    charset = _charsets()[encoding]
    foreign = {character: count for character, count in Counter(text).items() if not character.isascii()}
    broken = sum(foreign.pop(character, 0) for character in _BROKEN_CHARACTERS)
    likeliest = max(
        sum(count * usual.get(character, usual[""]) for character, count in foreign.items()) - math.log(rank)
        for rank, usual in enumerate(_usual(encoding), start=1)
    )
    alien = len(charset.alien_word.findall(text)) if charset.alien_word else 0
    return charset.weight + likeliest + _BROKEN * broken + _ALIEN * alien


def _support(sample: bytes, likelihoods: Mapping[str, float], words: int) -> dict[str, float]:
    """Return, of each encoding, by how much chardet finds it less likely than the one that it finds likeliest.

    Only encodings of Latin script that come out nearly alike are put before it.
    """
    support = dict.fromkeys(likelihoods, 0.0)
    least = max(likelihoods.values()) - _NEARLY_ALIKE
    near = [each for each in likelihoods if likelihoods[each] > least and _charsets()[each].alien_word is _PURE_WORD]
    if len(near) < 2:
        return support
    import chardet  # 20 ms, which most files need not wait for

    likeliest = max(near, key=likelihoods.__getitem__)
    found = chardet.detect_all(
        sample, ignore_threshold=True, compat_names=False, include_encodings=near, no_match_encoding=likeliest
    )
    confidences = {each["encoding"]: each["confidence"] for each in found}
    logarithms = [math.log(max(confidences.get(codecs.lookup(each).name, 0), _LEAST_CONFIDENCE)) for each in near]
    differences = (_CHARDET_WEIGHT * (logarithm - max(logarithms)) for logarithm in logarithms)
    return support | {each: max(value, -_CHARDET_MOST * words) for each, value in zip(near, differences)}


@functools.cache
def _usual(encoding: str) -> Sequence[Mapping[str, float]]:
    """Return, for each language, the logarithms of the shares of usual characters; of any other by the empty text."""
    charset = _charsets()[encoding]
    is_wide = any(len(characters) > 1_000 for classes in charset.alphabets for characters, _ in classes)
    result = []
    for classes in charset.alphabets:
        shares = {"": _RARE_SHARE / (_RARE_WIDE if is_wide else _RARE_NARROW)}
        for characters, share in reversed(classes):
            shares |= dict.fromkeys(characters, share / max(len(characters), 1))
        result.append({character: math.log(share) for character, share in shares.items()})
    return result


@functools.cache
def _charsets() -> Mapping[str, _Charset]:
    """Return the single-byte and East Asian encodings in which spreadsheets and CRMs really write text."""
    kanji = _plane("euc_jp", range(0xB0, 0xD0))
    japanese = ((_JAPANESE_NAMES, 0.3), (_KANA, 0.3), (kanji, 0.3), (_FULL_WIDTH, 0.07))
    chinese = _plane("gb2312", range(0xB0, 0xD8))
    taiwanese = _plane("big5", range(0xA4, 0xC7))
    korean = _plane("euc_kr", range(0xB0, 0xC9))
    mixed = _classes(_WESTERN, rare=_RARELY_WESTERN)
    western = (mixed, *map(_ranked, _WESTERN_LANGUAGES))
    central = (*map(_ranked, _CENTRAL_LANGUAGES), _ranked("".join(_CENTRAL_LANGUAGES)))
    baltic = (*map(_ranked, _BALTIC_LANGUAGES), _ranked("".join(_BALTIC_LANGUAGES)))
    return {
        "cp1252": _Charset(western, -0.2, _PURE_WORD),
        "cp1250": _Charset(central, -1.5, _PURE_WORD),
        "cp1254": _Charset((_ranked(_TURKISH),), -2.2, _PURE_WORD),
        "cp1257": _Charset(baltic, -3.5, _PURE_WORD),
        "iso8859_2": _Charset(central, -4, _PURE_WORD),
        "koi8_r": _Charset((_classes(_CYRILLIC),), -6, _MIXED_WORD),
        "cp1251": _Charset((_classes(_CYRILLIC),), -3, _MIXED_WORD),
        "cp1253": _Charset((_classes(_GREEK),), -4, _MIXED_WORD),
        "cp1255": _Charset((_classes(_HEBREW),), -4, _MIXED_WORD),
        "cp1256": _Charset((_classes(_ARABIC),), -4, _MIXED_WORD),
        "cp874": _Charset((_classes(_THAI),), -6, _MIXED_WORD),
        "gb18030": _Charset((((_CHINESE_NAMES, 0.35), (chinese, 0.5), (_FULL_WIDTH + _WESTERN, 0.12)),), -3),
        "big5": _Charset((((_TAIWANESE_NAMES, 0.35), (taiwanese, 0.5), (_FULL_WIDTH, 0.12)),), -3),
        "cp932": _Charset((japanese,), -3),
        "euc_jp": _Charset((japanese,), -6),
        "cp949": _Charset((((_KOREAN_NAMES, 0.45), (korean, 0.5), (_FULL_WIDTH, 0.02)),), -3),
    }


def _classes(letters: str, *, rare: str = "") -> _Classes:
    """Return the classes of small letters, of capitals, of which names have fewer, of rare letters and of signs."""
    return ((letters, 0.65), (_capitals(letters), 0.2), (rare + rare.upper(), 0.05), (_SIGNS, 0.07))


def _ranked(letters: str) -> _Classes:
    """Return classes of one letter each, the first of which is the most usual: their shares fall as Zipf's law says."""
    ranked = dict.fromkeys(letters)
    weights = [1 / (rank + 1.5) ** _ZIPF for rank in range(len(ranked))]
    shares = [weight / sum(weights) for weight in weights]
    small = ((letter, 0.72 * share) for letter, share in zip(ranked, shares))
    capitals = ((_capitals(letter), 0.2 * share) for letter, share in zip(ranked, shares))
    return (*small, *capitals, (_SIGNS, 0.05))


def _capitals(letters: str) -> str:
    return "".join(letter.upper() for letter in letters if len(letter.upper()) == 1)


def _plane(encoding: str, leads: range) -> str:
    """Return the characters of two bytes that begin with some: the usual ones come first in these encodings."""
    pairs = (bytes([lead, trail]).decode(encoding, "ignore") for lead in leads for trail in range(0x40, 0xFF))
    return "".join(pair for pair in pairs if len(pair) == 1 and not pair.isascii())
