"""`POST /v1/messages/{id}/outcome`: what came of a call or a letter."""

import asyncio

from fastapi import Depends

from services.notifications.api.parameters import ListedInPath
from services.notifications.schemas.messages import MessageItem, shown
from services.notifications.schemas.outcomes import OutcomeBody
from services.notifications.usecases.calling import CallDesk, Report, report_outcome
from services.notifications.usecases.listing import history_of
from services.notifications.withdrawals import RegistrationAway
from shared.errors import Refusal
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes


def outcome_routes(desk: CallDesk, keyring: Keyring, domain: str) -> Routes:
    """For keys with `messages:write`; a partner's key reports about its own sign-ups."""
    router = Routes(prefix="/v1/messages", tags=["lists"])
    writer, item = Depends(keyring.require("messages:write")), shown(domain)

    @router.post(
        "/{id}/outcome",
        summary="Doorgeven hoe een telefoontje ging",
        description="Voor iemand op de bellijst of bij de brieven. Hetzelfde nog een keer doorgeven verandert niets. "
        "Bij `not-coming` meldt registration de persoon af; is registration er niet, dan is het antwoord 503 en is er "
        "niets veranderd. Staat het bericht op geen lijst: 400 `invalid`, met `not-listed` of `told-already` bij "
        "`/outcome`.",
        response_description="Het bericht zoals het nu is.",
    )
    async def outcome(message_id: ListedInPath, body: OutcomeBody, caller: Caller = writer) -> MessageItem:
        partner = None if caller.admin else caller.partner_id
        report = Report(message_id, body.outcome, body.version, partner)
        try:
            message = await report_outcome(desk, report)
        except RegistrationAway as error:
            raise Refusal("lock-timeout", "registration does not answer; nothing was changed, try again") from error
        return item(message, await asyncio.to_thread(history_of, desk.engine, message.id))

    return router
