import io
from itertools import islice

import pytest
from faker import Faker

from leadanalytics.reading.charsets import guess_encoding, likeliest_encoding
from leadanalytics.reading.encodings import decode_blocks, join_blocks

NAMES = {
    "cp1252": [
        "Carlos Ñúñez",
        "François Lefèvre",
        "Jörg Weißmann",
        "João Gonçalves",
        "Siobhan O’Neil",
        "Guðrún Þórsdóttir",
    ],
    "cp1250": ["Łukasz Wiśniewski", "Zdeněk Růžička", "Gergő Erdős"],
    "cp1251": ["Иванов Пётр Москва", "Олексій Шевченко"],
    "cp1253": ["Γιώργος Παπαδόπουλος"],
    "cp1254": ["Ayşe Yıldız", "Çağlar Şahin"],
    "cp1255": ["דוד כהן"],
    "cp1256": ["محمد حسن"],
    "cp874": ["สมชาย ใจดี กรุงเทพ"],
    "cp932": ["山田 太郎", "佐々木 さくら", "株式会社サンプル"],
    "euc_jp": ["山田 太郎 株式会社サンプル"],
    "gb18030": ["王伟", "李娜", "北京明远科技有限公司", "Jörg Weißmann"],
    "big5": ["陳怡君", "林志明 臺北"],
    "cp949": ["김민준", "이서연 서울"],
}


@pytest.mark.parametrize(("encoding", "name"), [(encoding, name) for encoding in NAMES for name in NAMES[encoding]])
def test_one_name_is_enough(encoding, name):
    assert likeliest_encoding([f"SPZA,{name},a@example.com".encode(encoding)]) == encoding


def test_a_broken_line_among_others_changes_nothing():
    lines = [f"SPZA,{name}".encode("gb18030") for name in ("王伟", "张丽", "刘洋")]
    assert likeliest_encoding([*lines, "SPZA,赵".encode("gb18030")[:-1]]) == "gb18030"


def test_many_latin_names_with_few_accents_among_them():
    lines = ["SPZA,Amelia,Okafor", "SPZA,Zoë,Smith", "SPZA,Renée,Brown"] * 50
    assert likeliest_encoding([line.encode("cp1252") for line in lines]) == "cp1252"


def test_letters_of_one_firm_are_evidence_once():
    lines = ["SPZA,Gergő".encode("cp1250")]
    assert guess_encoding(50 * lines) == guess_encoding(lines)


@pytest.mark.parametrize(
    ("encoding", "name", "rival"),
    [
        ("cp1252", "Carlos Ñúñez, Jörg Weißmann, François Lefèvre", ""),
        ("cp1252", "Carlos Ñúñez", ""),
        ("cp1250", "Zdeněk Růžička, Matěj Dvořák, Jiří Novák", ""),
        ("cp1250", "Erdős", "cp1252"),
        ("cp1250", "Stănescu", "cp1252"),
        ("cp949", "김민준", "gb18030"),
        ("cp949", "김민준 이서연 박지훈", ""),
    ],
)
def test_an_encoding_has_a_rival_where_evidence_is_short(encoding, name, rival):
    assert guess_encoding([f"SPZA,{name}".encode(encoding)]) == (encoding, rival)


def test_encodings_that_give_the_same_characters_are_no_rivals():
    # é has one byte in all encodings of Europe.
    assert guess_encoding(["Café Müller".encode("cp1252")]) == ("cp1252", "")


def test_windows_writes_more_chinese_characters_than_the_standard_has():
    name = "王大恒 陳怡君 碁峰資訊股份有限公司"
    assert join_blocks(decode_blocks(io.BytesIO(name.encode("cp950")))).data.decode() == name


# Twenty languages in twelve encodings, by made-up people who are not ours.
LOCALES = {
    "cp1252": ["de_DE", "es_ES", "fr_FR", "pt_BR", "sv_SE"],
    "cp1250": ["cs_CZ", "hr_HR", "hu_HU", "pl_PL"],
    "cp1251": ["ru_RU", "uk_UA"],
    "cp1253": ["el_GR"],
    "cp1254": ["tr_TR"],
    "cp1255": ["he_IL"],
    "cp1256": ["ar_AA"],
    "cp874": ["th_TH"],
    "cp932": ["ja_JP"],
    "gb18030": ["zh_CN"],
    "big5": ["zh_TW"],
    "cp949": ["ko_KR"],
}


def file_of_people(locale, encoding, rows, seed):
    faker = Faker(locale)
    faker.seed_instance(seed)
    people = (f"SPZA-INS|Offer,{faker.first_name()},{faker.last_name()},{faker.company()}\n" for _ in range(10_000))
    writable = (person for person in people if person.encode(encoding, "ignore").decode(encoding) == person)
    return "LeadSource,FirstName,LastName,Company\n" + "".join(islice(writable, rows))


def test_files_of_made_up_people_are_read_as_they_were_written():
    right = {}
    for encoding, locales in LOCALES.items():
        for locale in locales:
            texts = [file_of_people(locale, encoding, rows, seed) for rows in (3, 10, 100) for seed in range(20)]
            # A file of mere ASCII is read right by anyone.
            texts = [text for text in texts if not text.isascii()]
            decoded = [join_blocks(decode_blocks(io.BytesIO(text.encode(encoding)))).data.decode() for text in texts]
            right[locale, encoding] = [text == read for text, read in zip(texts, decoded)]
    shares = {pair: sum(truths) / len(truths) for pair, truths in right.items()}
    assert min(len(truths) for truths in right.values()) > 40
    assert min(shares.values()) >= 0.95, shares
    assert sum(map(sum, right.values())) / sum(map(len, right.values())) >= 0.99, shares
