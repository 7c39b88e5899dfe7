from leadanalytics.report.tables import table


def test_the_first_column_names_its_row_and_the_others_hold_numbers():
    made = table(
        "Leads", ["Problem", "Leads", "To do"], [["no offer", "3", "ask"]], words=["To do"], total=["", "3", ""]
    )
    assert made.numeric == (False, True, False)
    assert made.rows == (("no offer", "3", "ask"),)
    assert not made.is_wordy
    assert made.total == ("", "3", "")


def test_words_after_the_numbers_are_told_from_words_before_them():
    columns, words = ["Problem", "Leads", "To do"], ["To do"]
    assert table("Leads", columns, [], words=words).ends_in_words
    assert not table("Leads", ["Problem", "To do", "Leads"], [], words=words).ends_in_words
    assert not table("Leads", ["Problem", "To do"], [], words=words).ends_in_words
    assert not table("Leads", ["Week", "Entered", "Reached", "Rate", "Later", "To do"], [], words=words).ends_in_words


def test_many_words_are_scrolled_on_a_telephone():
    assert table("People", ["Name", "Contact", "Why"], [], words=["Contact", "Why"]).is_wordy
