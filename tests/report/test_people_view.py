from dataclasses import replace

from report_cases import found, leads_of

from leadanalytics.report.people_view import view_follow_ups


def test_every_customer_is_counted_once():
    shown = view_follow_ups(found().follow_ups).reasons
    assert sum(int(row[2]) for row in shown.rows) == int(shown.total[2]) == 7


def test_a_status_that_the_page_has_no_words_for_is_counted_too():
    todo = found().follow_ups
    shown = view_follow_ups(replace(todo, statuses={**todo.statuses, "sleeping": 2})).reasons
    assert ("sleeping", "yes", "2") in shown.rows
    assert sum(int(row[2]) for row in shown.rows) == int(shown.total[2]) == 9


def test_messages_add_up_to_those_to_follow_up():
    shown = view_follow_ups(found().follow_ups).messages
    assert sum(int(row[1]) for row in shown.rows) == int(shown.total[1]) == 4


def test_no_table_holds_people_unless_asked_for():
    shown = view_follow_ups(found().follow_ups)
    assert (shown.to_write_to, shown.still_warm) == (None, None)


def test_people_are_named_with_the_reason_and_the_next_message():
    shown = view_follow_ups(found(with_people=True).follow_ups).to_write_to
    assert shown.rows[0][:2] == ("Ana Ruiz, Fabrikam", "ana@example.com")
    assert shown.caption.replace("\N{NO-BREAK SPACE}", " ") == "The 4 most urgent of 4 customers to follow up"


def test_somebody_without_a_name_goes_by_the_id_and_without_e_mail_by_the_phone():
    leads = leads_of(first_name=None, last_name=" ", email=None, phone="+1 555 0100")
    first = view_follow_ups(found(leads, with_people=True).follow_ups).to_write_to.rows[0]
    assert first[0].startswith("C-")
    assert first[1] == "+1 555 0100"


def test_those_who_wait_are_said():
    assert view_follow_ups(found(as_of="2024-06-29T12:00Z").follow_ups).waiting == "1 of them waits"
    assert view_follow_ups(found().follow_ups).waiting == "none of them waits"
