from __future__ import annotations

import pyarrow as pa
import pytest

from leadanalytics.identity.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("PLAIN Ascii", "plain ascii"),
        ("Ñúñez", "nunez"),
        ("Weißmann", "weissmann"),
        ("Łódź Ørsted Đorđe Æsir Œuvre", "lodz orsted dorde aesir oeuvre"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("zero\u200bwidth", "zerowidth"),
        ("O’Neil", "o'neil"),
        ("Jean–Pierre", "jean pierre"),
        ("КРЮКОВ Андрей", "крюков андрей"),
        ("Άννα", "αννα"),
        ("山田", "山田"),
        ("ガード", "ガード"),
        ("한국", "한국"),
        ("محمد", "محمد"),
    ],
)
def test_folds_case_width_and_accents_but_keeps_scripts(text, folded):
    assert fold(pa.array([text], pa.large_string())).to_pylist() == [folded]


def test_folds_each_row_in_its_place():
    texts = pa.array(["A", "É", "", "É", "B"], pa.large_string())
    assert fold(texts).to_pylist() == ["a", "e", "", "e", "b"]
