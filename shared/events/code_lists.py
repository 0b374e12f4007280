"""The contract's code lists with their labels in Dutch and English, in code-list order."""

from typing import Final

CodeList = dict[str, tuple[str, str]]
"""code -> (Dutch label, English label); the order is the order of every table."""

ACTIVITY_KINDS: Final[CodeList] = {
    "bingo": ("Bingo", "Bingo"),
    "walk": ("Wandeling", "Walk"),
    "visit": ("Bezoek", "Visit"),
    "meal": ("Maaltijd", "Meal"),
    "meeting-place": ("Ontmoetingsplek", "Meeting place"),
    "congress": ("Congres", "Congress"),
    "course": ("Cursus", "Course"),
    "sport": ("Sport", "Sport"),
    "other": ("Anders", "Other"),
}
GOALS: Final[CodeList] = {
    "awareness": ("Bewustwording", "Awareness"),
    "initiative": ("Maatschappelijk initiatief", "Social initiative"),
    "local-approach": ("Lokale aanpak", "Local approach"),
}
AGE_BANDS: Final[CodeList] = {
    "0-17": ("0 tot en met 17 jaar", "0 to 17 years"),
    "18-34": ("18 tot en met 34 jaar", "18 to 34 years"),
    "35-49": ("35 tot en met 49 jaar", "35 to 49 years"),
    "50-64": ("50 tot en met 64 jaar", "50 to 64 years"),
    "65-74": ("65 tot en met 74 jaar", "65 to 74 years"),
    "75-84": ("75 tot en met 84 jaar", "75 to 84 years"),
    "85+": ("85 jaar en ouder", "85 years and older"),
}
PRECISIONS: Final[CodeList] = {
    "exact": ("precies", "exactly"),
    "about": ("circa", "about"),
    "over": ("ruim", "well over"),
    "more-than": ("meer dan", "more than"),
}
OUTREACH_KINDS: Final[CodeList] = {
    "cards": ("Kaarten", "Cards"),
    "flowers": ("Bloemen", "Flowers"),
    "easter-eggs": ("Paaseitjes", "Easter eggs"),
    "lights": ("Lichtjes", "Lights"),
    "stand": ("Informatiestand", "Information stand"),
    "campaign": ("Campagne", "Campaign"),
    "other": ("Anders", "Other"),
}
ROLES: Final[CodeList] = {
    "participant": ("Deelnemer", "Participant"),
    "volunteer": ("Vrijwilliger", "Volunteer"),
    "professional": ("Professional", "Professional"),
}
OUTCOMES: Final[CodeList] = {
    "present": ("Aanwezig", "Present"),
    "absent": ("Afwezig", "Absent"),
    "excused": ("Afgemeld", "Excused"),
    "void": ("Ingetrokken", "Taken back"),
}
PARTNER_KINDS: Final[CodeList] = {
    "partner": ("Partner", "Partner"),
    "chain-partner": ("Ketenpartner", "Chain partner"),
}
MEMBER_KINDS: Final[CodeList] = {
    "organisation": ("Organisatie", "Organisation"),
    "professional": ("Professional", "Professional"),
}
PARTICIPATION: Final[CodeList] = {
    "signup": ("Aanmelden", "Sign up"),
    "drop-in": ("Vrije inloop", "Drop in"),
    "both": ("Aanmelden of binnenlopen", "Sign up or drop in"),
}
REACH_VIA: Final[CodeList] = {
    "email": ("E-mail", "E-mail"),
    "sms": ("Sms", "Text message"),
    "letter": ("Brief", "Letter"),
    "phone": ("Telefoon", "Telephone"),
    "none": ("Geen bericht", "No message"),
}
COUNT_METHODS: Final[CodeList] = {"tally": ("Geteld", "Counted"), "estimate": ("Geschat", "Estimated")}

CODE_LISTS: Final[dict[str, CodeList]] = {
    "kind": ACTIVITY_KINDS,
    "goal": GOALS,
    "ageBand": AGE_BANDS,
    "precision": PRECISIONS,
    "outreachKind": OUTREACH_KINDS,
    "role": ROLES,
    "outcome": OUTCOMES,
    "partnerKind": PARTNER_KINDS,
    "memberKind": MEMBER_KINDS,
    "participation": PARTICIPATION,
    "reachVia": REACH_VIA,
    "method": COUNT_METHODS,
}
