"""Why a message stands as it does: every reason code with the sentence that a person reads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Dutch and in English, one sentence each."""

    nl: str
    en: str


REASONS = {
    # not sent, as what it would tell is not so any more, or was never due
    "after-the-moment": Words(
        "De aanmelding of de plaats kwam na het moment van de herinnering.",
        "The sign-up or the place came after the moment of the reminder.",
    ),
    "moved": Words(
        "De tijd is veranderd. Een ander bericht vertelt de nieuwe tijd.",
        "The time has changed; another message tells the new one.",
    ),
    "superseded": Words(
        "Een nieuwer bericht vertelt hoe het nu is, of er is niets meer veranderd.",
        "A newer message tells how it is now, or nothing differs any more.",
    ),
    "restored": Words("De activiteit gaat toch door.", "The activity takes place after all."),
    "told-already": Words(
        "De persoon weet al dat de activiteit niet doorgaat.", "The person knows already that it is cancelled."
    ),
    "activity-cancelled": Words("De activiteit gaat niet door.", "The activity is cancelled."),
    "activity-over": Words("De activiteit is al begonnen of voorbij.", "The activity has begun or is over."),
    "withdrawn": Words("De persoon is afgemeld.", "The sign-up was withdrawn."),
    "erased": Words("De gegevens van de persoon zijn gewist.", "The person was erased."),
    # not sent, as the person wants none
    "reminders-off": Words(
        "Bij de aanmelding is gekozen voor geen herinneringen.", "The sign-up asked for no reminders."
    ),
    "opted-out": Words("De persoon wil geen herinneringen meer.", "The person wants no reminders any more."),
    "reach-none": Words("De persoon wil geen berichten.", "The person wants no messages."),
    # somebody calls or writes
    "prefers-phone": Words("De persoon wil gebeld worden.", "The person prefers to be called."),
    "prefers-letter": Words("De persoon wil een brief.", "The person prefers a letter."),
    "no-address": Words("Er is geen e-mailadres of mobiel nummer bekend.", "No e-mail address or mobile is known."),
    "bad-address": Words("Het e-mailadres of nummer klopt niet.", "The address or number is not a right one."),
    "no-sms-provider": Words("Er is geen dienst ingesteld voor sms.", "No SMS provider is set."),
    "not-out-in-time": Words("Het bericht kwam te lang niet weg.", "The message was not out for too long."),
    "gave-up": Words("Het lukte te vaak niet om het bericht te versturen.", "Sending failed too often."),
    "in-doubt": Words("Wij weten niet of het bericht is aangekomen.", "Nobody knows whether the message arrived."),
    "backup-restored": Words(
        "Er is een reservekopie teruggezet. Wij weten niet of het bericht daarvoor al was verstuurd.",
        "A backup was put back; nobody knows whether the message had been sent before that.",
    ),
    "too-late": Words(
        "Het bericht kon niet op tijd weg.",
        "The message could not leave in time.",
    ),
    # on its way
    "contacts-away": Words("Wij konden de contactgegevens niet opvragen.", "The contact data could not be looked up."),
    "name-unknown": Words("De mailserver was niet te vinden.", "The mail server's name is not known."),
    "tls-failed": Words(
        "De mailserver kon geen veilige verbinding maken.", "No secure connection to the mail server could be made."
    ),
    "too-big": Words("De mailserver vindt het bericht te groot.", "The mail server finds the message too big."),
    "no-contact": Words("De mailserver was niet bereikbaar.", "The mail server could not be reached."),
    "no-answer": Words(
        "De mailserver gaf geen antwoord nadat het bericht was verstuurd.",
        "The mail server gave no answer after the message was handed over.",
    ),
    "server-refuses-us": Words("De mailserver laat ons niet toe.", "The mail server does not let us in."),
    "address-refused": Words(
        "Het adres of nummer neemt geen berichten aan.", "No messages are taken at this address or number."
    ),
    "refused": Words("De mailserver weigert het bericht.", "The mail server refuses the message."),
    "folder-refuses": Words("De map voor berichten kon niet worden beschreven.", "The mailbox folder took no file."),
    "later": Words("De mailserver vraagt om het later nog eens te proberen.", "The mail server says: later."),
    "login-not-offered": Words(
        "De mailserver vraagt niet om een wachtwoord.", "The mail server does not ask for a password."
    ),
    "server-not-now": Words("De mailserver neemt nu geen berichten aan.", "The mail server takes nothing now."),
    "too-many-connections": Words("De mailserver wil minder verbindingen.", "The mail server wants fewer connections."),
    "sms-away": Words("De sms-dienst was niet bereikbaar.", "The SMS provider could not be reached."),
    "sms-no-answer": Words("De sms-dienst gaf geen antwoord.", "The SMS provider gave no answer."),
    "sms-refused": Words("De sms-dienst weigert het bericht.", "The SMS provider refuses the message."),
    "sms-refuses-us": Words("De sms-dienst laat ons niet toe.", "The SMS provider does not let us in."),
    "sms-busy": Words("De sms-dienst vraagt om te wachten.", "The SMS provider asks us to wait."),
    "sms-undelivered": Words("De sms is niet bezorgd.", "The text message was not delivered."),
    "bounced": Words("Het bericht kwam terug: het adres bestaat niet.", "The message came back from the address."),
    "undelivered": Words("De sms is niet bezorgd.", "The text message was not delivered."),
    "worker-died": Words(
        "Het programma stopte tijdens het versturen.", "The program stopped while it was sending the message."
    ),
    "accident": Words("Er ging iets mis tijdens het versturen.", "Something went wrong while it was being sent."),
    # our own fault
    "malformed": Words("Het bericht kon niet worden gemaakt.", "The message could not be made."),
    "template": Words("De tekst van het bericht kon niet worden gemaakt.", "The text could not be made."),
}
"""All codes that `reason` and `call_reason` of a message may hold."""


def in_words(code: str | None) -> str | None:
    """The Dutch sentence; of a code that nobody wrote down the code itself, None of none."""
    if code is None:
        return None
    return REASONS[code].nl if code in REASONS else code
