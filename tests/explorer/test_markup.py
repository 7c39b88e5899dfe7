import pandas as pd
import pytest
from explorer_cases import PAYLOAD

from leadanalytics.explorer import markup


@pytest.mark.parametrize(
    "made",
    [
        markup.escaped(PAYLOAD),
        markup.paragraph(PAYLOAD, look="quiet"),
        markup.message(PAYLOAD, look="error"),
        markup.code(PAYLOAD, heading=PAYLOAD),
        markup.table(pd.DataFrame({PAYLOAD: [PAYLOAD]}), names=[PAYLOAD], widths=[100]),
    ],
)
def test_what_somebody_typed_is_shown_and_does_nothing(made):
    assert "<img" not in made
    assert 'onerror="' not in made
    assert "&lt;img" in made


def test_a_message_is_read_out_as_it_appears():
    said = markup.message("Done.", look="done")
    assert said == '<p class="la-done" role="status" aria-live="polite">Done.</p>'


def test_a_code_keeps_its_lines():
    assert markup.code("a\n  b") == "<pre>a\n  b</pre>"


def test_missing_is_an_empty_cell_and_no_text_is_no_paragraph():
    assert markup.escaped(None) == markup.escaped(float("nan")) == markup.paragraph("", look="quiet") == ""
