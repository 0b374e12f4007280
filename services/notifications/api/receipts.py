"""`POST /v1/messages/{id}/receipt`: what a mail or SMS provider says after a message was handed over."""

from collections.abc import Callable
from datetime import datetime

from fastapi import Depends
from sqlalchemy import Engine

from services.notifications.api.parameters import NamedInPath
from services.notifications.domain.policy import Policy
from services.notifications.schemas.messages import MessageItem, shown
from services.notifications.schemas.receipts import ReceiptBody
from services.notifications.usecases.listing import history_of
from services.notifications.usecases.receiving import Said, receive
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes


def receipt_routes(
    engine: Engine, keyring: Keyring, domain: str, policy: Policy, clock: Callable[[], datetime]
) -> Routes:
    """For keys with `messages:write`; a partner's key reports about its own sign-ups."""
    router = Routes(prefix="/v1/messages", tags=["messages"])
    writer, item = Depends(keyring.require("messages:write")), shown(domain)

    @router.post(
        "/{id}/receipt",
        summary="Doorgeven of een bericht aankwam",
        description="Voor de maildienst of de sms-dienst. Kwam het bericht niet aan, dan gaat het meteen langs een "
        "andere weg: sms, of de bellijst. Na `bounced` sturen wij niets meer naar dat adres of nummer, tot het is "
        "verbeterd. Hetzelfde nog een keer doorgeven verandert niets. Het mag ook komen voordat wij zelf weten dat het "
        "bericht weg is.",
        response_description="Het bericht zoals het nu is.",
    )
    def receipt(message_id: NamedInPath, body: ReceiptBody, caller: Caller = writer) -> MessageItem:
        partner = None if caller.admin else caller.partner_id
        said = Said(body.about(message_id), body.receipt(), partner)
        message = receive(engine, said, clock(), policy)
        return item(message, history_of(engine, message.id))

    return router
