"""The fate of a message and the reason, in sentences: for an organiser who asks why somebody got nothing."""

from services.notifications.domain.facts import Message
from services.notifications.domain.reasons import REASONS, Words
from services.notifications.domain.wording import day_and_time

_STATUSES = {
    "scheduled": Words("Staat klaar om te gaan.", "Planned."),
    "sending": Words("Wordt nu verstuurd.", "Being sent just now."),
    "retry": Words("Nog niet verstuurd. Het wordt opnieuw geprobeerd.", "Not sent yet; it will be tried again."),
    "sent": Words("Verstuurd.", "Sent."),
    "unknown": Words("Misschien verstuurd. Niemand weet of het is aangekomen.", "Perhaps sent; nobody knows."),
    "failed": Words("Niet verstuurd. Het lukt niet.", "Not sent; it cannot be."),
    "expired": Words("Niet verstuurd. Het was te laat.", "Not sent; it was too late."),
    "cancelled": Words("Niet verstuurd. Het hoeft niet meer.", "Not sent; there is no need any more."),
    "suppressed": Words("Niet verstuurd. De persoon wil dit bericht niet.", "Not sent; the person does not want it."),
    "to-call": Words("Niet verstuurd. Iemand moet bellen of schrijven.", "Not sent; somebody has to call or write."),
    "told": Words("Verteld aan de telefoon of per brief.", "Told by telephone or letter."),
    "not-reached": Words("Gebeld, maar niet bereikt.", "Called, but not reached."),
}
_NEVER = Words("Niet gepland.", "Not planned.")
_BY_LETTER = Words("De persoon staat bij de brieven.", "The person stands on the letters.")
_BY_CALL = Words("De persoon staat op de bellijst.", "The person stands on the call list.")
_NOT_COMING = Words("De persoon zei niet te komen.", "The person said not to be coming.")


def explain(message: Message) -> Words:
    """What became of it and why, in Dutch and in English; every status and every reason has its sentence."""
    codes = () if message.status in ("sent", "told") else dict.fromkeys((message.reason, message.call_reason))
    parts = [_fate(message), *(_why(code) for code in codes if code is not None)]
    if message.listed:
        parts.append(_BY_LETTER if message.channel == "letter" else _BY_CALL)
    if message.call_outcome == "not-coming":
        parts.append(_NOT_COMING)
    return Words(" ".join(part.nl for part in parts), " ".join(part.en for part in parts))


def _why(code: str) -> Words:
    return REASONS.get(code, Words(f"De reden: {code}.", f"The reason: {code}."))


def _fate(message: Message) -> Words:
    if message.reason == "after-the-moment":
        return _NEVER
    fate = _STATUSES[message.status]
    moment = {"scheduled": message.due_at, "sent": message.sent_at}.get(message.status)
    if moment is None:
        return fate
    if message.status == "scheduled":
        return Words(f"Gaat weg op {day_and_time(moment)}.", fate.en)
    way = "per sms" if message.channel == "sms" else "per e-mail"
    return Words(f"Verstuurd {way} op {day_and_time(moment)}.", fate.en)
