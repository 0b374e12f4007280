"""The two settings of the SMS provider, and what its refusals mean."""

import httpx
import pytest

from services.notifications.domain.outcomes import SMS_PROVIDER, AddressRefused, Failed, Outcome, Retry
from services.notifications.senders.sms import refusal
from services.notifications.senders.sms_account import sms_account
from tests.integration.notifications import sms_server as api

URL = f"https://api.example.org?template={api.TEMPLATE}"


def test_where_as_whom_and_with_which_template() -> None:
    found = sms_account(f"{URL}&sender={api.SERVICE}", api.KEY)
    assert found is not None
    assert (found.url, found.template, found.sender) == ("https://api.example.org", api.TEMPLATE, api.SERVICE)
    assert (found.service, found.secret) == (api.SERVICE, api.SECRET)
    assert api.SECRET not in repr(found)


def test_neither_is_no_provider() -> None:
    assert sms_account(None, None) is None
    assert sms_account("", "") is None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (URL, None),
        (None, api.KEY),
        (URL, "geheim"),
        (URL, api.KEY[:-1]),
        ("https://api.example.org", api.KEY),
        (f"http://api.example.org?template={api.TEMPLATE}", api.KEY),
        (f"{URL}&tempalte=x", api.KEY),
        (f"{URL}&sender=x", api.KEY),
        ("https://api.example.org?template=geheim", api.KEY),
        (f"https://geheim:geheim@api.example.org?template={api.TEMPLATE}", api.KEY),
    ],
)
def test_what_cannot_be_read_stops_the_start_and_is_not_repeated(url: str | None, key: str | None) -> None:
    with pytest.raises(ValueError, match="NOTIFICATIONS_SMS") as refused:
        sms_account(url, key)
    assert "geheim" not in str(refused.value)
    assert api.SECRET[:-1] not in str(refused.value)


def meaning(answer: api.Answer) -> Outcome:
    status, members, headers = answer
    return refusal(status, members, httpx.Headers(headers))


def test_the_documented_errors_and_what_we_make_of_them() -> None:
    bad_number = api.error(400, "ValidationError", "phone_number Not enough digits")
    assert meaning(bad_number) == AddressRefused("sms", 400)
    assert meaning(api.ABROAD) == AddressRefused("sms", 400)
    assert meaning(api.TRIAL) == Failed("sms", "sms-refused", 400)
    assert meaning(api.CLOCK) == Retry("sms", "sms-refuses-us", 403, SMS_PROVIDER, alarm=True)
    assert meaning(api.BUSY) == Retry("sms", "sms-busy", 429, SMS_PROVIDER)
    assert meaning(api.LIMIT) == Retry("sms", "sms-busy", 429, SMS_PROVIDER, alarm=True)
    assert meaning(api.BROKEN) == Retry("sms", "sms-away", 500, SMS_PROVIDER)
    waits = api.error(503, "Exception", "later", {"retry-after": "120"})
    assert meaning(waits) == Retry("sms", "sms-away", 503, SMS_PROVIDER, after=120)


@pytest.mark.parametrize("after", ["morgen", "-5", "1e9", "", "99999999999", "²"])
def test_a_retry_after_that_is_no_number_of_seconds_leaves_our_own_schedule(after: str) -> None:
    assert refusal(429, {}, {"Retry-After": after}) == Retry("sms", "sms-busy", 429, SMS_PROVIDER)


@pytest.mark.parametrize("members", [{}, {"errors": None}, {"errors": ["x", 3]}, {"errors": [{"error": 1}]}])
def test_an_error_in_another_shape_is_still_an_error(members: dict[str, object]) -> None:
    assert refusal(400, members, {}) == Failed("sms", "sms-refused", 400)
