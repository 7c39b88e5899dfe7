import pytest

from leadanalytics.errors import OptionError
from leadanalytics.reading.receiver.url_secret import UrlSecret, read_secret

SECRET = "an-invented-secret-of-the-tests"


@pytest.mark.parametrize(
    "path, query, opens",
    [
        (f"/{SECRET}", "", True),
        (f"/leads/from/microsoft/{SECRET}/", "", True),
        ("/", f"code={SECRET}", True),
        ("/leads", f"x=1&code={SECRET}", True),
        (f"/{SECRET}x", "", False),
        (f"/{SECRET[:-1]}", "", False),
        (f"/{SECRET}/leads", "", False),
        (f"/{SECRET.upper()}", "", False),
        ("/", f"key={SECRET}", False),
        ("/", "", False),
        ("/\udcff", "code=%FF", False),
    ],
)
def test_the_last_part_of_the_path_or_the_code_opens(path, query, opens):
    assert UrlSecret([SECRET]).opens(path, query) is opens


def test_two_secrets_open_while_one_takes_the_place_of_the_other():
    secret = read_secret("NAME", {"NAME": f"{SECRET} another-invented-secret"})
    assert secret.opens(f"/{SECRET}", "")
    assert secret.opens("/another-invented-secret", "")


@pytest.mark.parametrize("held", ["", "  ", "too-short", "with/slashes/and+plus==", f"{SECRET} short"])
def test_a_missing_short_or_unfit_secret_is_an_error_that_does_not_show_it(held):
    with pytest.raises(OptionError) as raised:
        read_secret("NAME", {"NAME": held})
    assert "openssl rand -hex 24" in str(raised.value)
    assert not [word for word in held.split() if word in str(raised.value)]


def test_no_secret_at_all_is_an_error():
    with pytest.raises(OptionError, match="NAME holds no secret"):
        read_secret("NAME", {})
    with pytest.raises(OptionError, match="there is no secret"):
        UrlSecret([])


def test_an_object_does_not_hold_the_secret():
    assert SECRET not in repr(vars(UrlSecret([SECRET])))
