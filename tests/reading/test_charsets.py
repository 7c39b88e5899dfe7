import pytest

from leadanalytics.reading.charsets import likeliest_encoding

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
