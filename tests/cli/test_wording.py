import typer

from leadanalytics.cli.commands import app
from leadanalytics.cli.wording import READING, in_options, options_of, translated
from leadanalytics.errors import FrameError, OptionError, ReadError, TableError, check_option

COMMANDS = typer.main.get_command(app).commands
FUNNEL, REPORT = options_of(COMMANDS["funnel"]), options_of(COMMANDS["report"])


def test_the_options_of_a_command_are_known_by_their_names_in_python():
    assert {"as_of", "window", "by", "funnel", "tz", "date_order"} <= set(FUNNEL)
    assert (FUNNEL["as_of"], FUNNEL["funnel"], FUNNEL["since"]) == ("--as-of", "--funnel", "--from")
    assert options_of(COMMANDS["customers"])["for_"] == "--for"
    assert options_of(COMMANDS["report"])["out"] == "--out"


def test_facts_become_the_option_and_the_next_thing_to_type():
    error = OptionError("window is a length of time", found="'soon'", argument="window", example="30 days")
    assert str(error) == "window is a length of time; found 'soon'; window='30 days'"
    assert in_options(error, FUNNEL) == "--window is a length of time; found 'soon'; for example --window \"30 days\""


def test_code_of_python_is_said_as_an_option():
    error = OptionError("freq is a day", found="'x'", next_step="freq='W-MON'")
    assert in_options(error, REPORT) == "--freq is a day; found 'x'; for example --freq MS"
    both = OptionError(
        "nothing settles the dates", next_step="date_order='day_first' or 'month_first', or --date-order day_first"
    )
    assert in_options(both, FUNNEL) == "nothing settles the dates; --date-order day_first"
    calls = OptionError("as_of needs a time zone", next_step="as_of=pd.Timestamp('2026-08-01', tz='UTC'), or yours")
    assert in_options(calls, FUNNEL) == "--as-of needs a time zone; for example --as-of 2024-06-30"
    choices = OptionError(
        "order='any' and gap mean nothing together", next_step="leave out gap, or use order='ordered'"
    )
    assert in_options(choices, FUNNEL) == (
        "--order any and gap mean nothing together; leave out --gap, or use --order ordered"
    )


def test_names_that_only_python_has_are_said_as_options():
    check = options_of(COMMANDS["check"])
    error = TableError("nothing says how", next_step="set it, or give sas_url or account_url")
    assert in_options(error, check) == "nothing says how; set it, or give --sas-url-env or --account-url"
    forget = options_of(COMMANDS["forget"])
    assert in_options(OptionError("nobody is named", next_step="give email= or record_ids="), forget) == (
        "nobody is named; give --email or --record"
    )
    column = FrameError("the column 'as_of' is missing", next_step="choose another file")
    assert in_options(column, FUNNEL) == str(column)


def test_a_call_that_no_option_stands_for_is_not_said():
    error = FrameError("a frame needs the column 'x'", next_step="make one with identify_customers(leads)")
    assert in_options(error, FUNNEL) == "a frame needs the column 'x'"


def test_the_near_miss_and_plain_words_stay():
    try:
        check_option("start", "frist", ["first", "any"])
    except OptionError as error:
        assert in_options(error, FUNNEL) == "--start is one of 'first', 'any'; found 'frist'; did you mean 'first'?"
    plain = ReadError("there is no file 'by'", next_step="check the path and the order of its parts")
    assert in_options(plain, FUNNEL) == str(plain)


def test_of_two_options_for_one_argument_that_with_the_value_is_named():
    error = OptionError("tz is the name of a time zone", found="'Mars'", next_step="tz='Europe/Berlin'")
    for typed, option in [(["--tz", "Mars"], "--tz"), (["--zone", "Mars"], "--zone"), (["--tz=Mars"], "--tz")]:
        said = in_options(error, REPORT, ["report", "x", *typed])
        assert said == f"{option} is the name of a time zone; found 'Mars'; for example {option} Europe/Berlin"


def test_warnings_name_options_and_commands():
    told = translated("say which it is (columns={'a column': 'email'}, or --map 'a column=email'); ask", READING)
    assert told == "say which it is (--map 'a column=email'); ask"
    told = translated("audit_codes(leads) shows them; date_order='day_first', or --date-order day_first", READING)
    assert told == "leadanalytics audit shows them; --date-order day_first"
