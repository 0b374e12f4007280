"""Every problem code of the contract: its status, its title, and the sentence for residents (B1)."""

from typing import Final, NamedTuple


class ProblemCode(NamedTuple):
    """`nl` is the contract's `endUserMessage.nl`; `retryable`: the same request may succeed later."""

    status: int
    title: str
    nl: str
    retryable: bool = False


PROBLEM_CODES: Final[dict[str, ProblemCode]] = {
    "invalid": ProblemCode(
        400,
        "The request is not valid",
        "Er klopt iets niet in wat u hebt gestuurd. Controleer het en stuur het opnieuw.",
    ),
    "looks-like-personal-data": ProblemCode(
        400,
        "A reference looks like personal data",
        "Gebruik een eigen nummer. Gebruik geen e-mailadres of telefoonnummer.",
    ),
    "future-time": ProblemCode(
        400, "The time lies in the future", "Dit tijdstip is nog niet geweest. Controleer de datum en de tijd."
    ),
    "unauthorized": ProblemCode(
        401, "A valid key is needed", "U hebt geen geldige sleutel. Vraag een sleutel aan de beheerder."
    ),
    "forbidden": ProblemCode(
        403, "This key may not do this", "U mag dit niet doen of zien. Vraag de beheerder om toegang."
    ),
    "partner-not-allowed": ProblemCode(
        403, "A partner may write to its own activities only", "U mag dit niet voor een andere organisatie doen."
    ),
    "not-found": ProblemCode(404, "There is nothing here", "Deze pagina bestaat niet."),
    "unknown-activity": ProblemCode(
        404, "The activity was never posted", "Wij kennen deze activiteit niet. Vraag het na bij de organisatie."
    ),
    "unknown-signup": ProblemCode(
        404, "The sign-up was never posted", "Wij kennen deze aanmelding niet. Vraag het na bij de organisatie."
    ),
    "unknown-assignment": ProblemCode(
        404, "The assignment was never posted", "Wij kennen deze inzet niet. Vraag het na bij de organisatie."
    ),
    "unknown-member": ProblemCode(
        404, "The member was never posted", "Wij kennen dit lid niet. Vraag het na bij de organisatie."
    ),
    "method-not-allowed": ProblemCode(405, "This method is not allowed here", "Dit kan hier niet."),
    "not-acceptable": ProblemCode(406, "No such representation", "Wij kunnen dit niet in die vorm geven."),
    "id-reused": ProblemCode(
        409, "The id was used for other content", "Dit nummer is al gebruikt voor iets anders. Kies een nieuw nummer."
    ),
    "activity-cancelled": ProblemCode(
        409, "The activity is cancelled", "Deze activiteit gaat niet door. Kies een andere activiteit."
    ),
    "signup-closed": ProblemCode(
        409, "Sign-up is closed", "U kunt zich niet meer aanmelden. Bel de organisatie als u toch wilt komen."
    ),
    "no-signup-needed": ProblemCode(
        409, "No sign-up is needed", "U hoeft zich niet aan te melden. U kunt zo binnenlopen."
    ),
    "activity-full": ProblemCode(
        409, "The activity is full", "Deze activiteit is vol. Kies een andere activiteit, of bel de organisatie."
    ),
    "already-signed-up": ProblemCode(
        409, "Already signed up", "U bent al aangemeld voor deze activiteit. U hoeft niets te doen."
    ),
    "party-too-large": ProblemCode(
        409, "The party is larger than the capacity", "Er zijn niet genoeg plaatsen voor uw groep. Bel de organisatie."
    ),
    "too-large": ProblemCode(
        413, "The request is too large", "Dit is te groot om in een keer te sturen. Stuur het in delen."
    ),
    "unsupported-media-type": ProblemCode(415, "This media type is not supported", "Deze vorm kennen wij niet."),
    "rate-limited": ProblemCode(429, "Too many requests", "Dit zijn te veel verzoeken. Wacht even.", retryable=True),
    "internal": ProblemCode(
        500, "Something went wrong here", "Er ging bij ons iets mis. Probeer het later.", retryable=True
    ),
    "lock-timeout": ProblemCode(503, "Busy; try again", "Het is druk. Probeer het zo nog eens.", retryable=True),
}

ROUTER_CODES: Final[dict[int, str]] = {
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    429: "rate-limited",
}
