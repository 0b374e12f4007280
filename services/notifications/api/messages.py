"""`GET /v1/messages`: what was told to whom, when, and why not."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import Engine

from services.notifications.api.parameters import MessageInPath
from services.notifications.schemas.messages import MessageItem, MessageList, MessageQuery, shown
from services.notifications.usecases.listing import list_messages, one_message
from shared.clock import rfc3339
from shared.database import reading
from shared.errors import FieldFault, Refusal
from shared.http.keys import Caller, Keyring
from shared.http.paging import decode_cursor, encode_cursor
from shared.http.routes import Routes


def message_routes(engine: Engine, keyring: Keyring, domain: str) -> Routes:
    """The list, for keys with `messages:read`; a partner's key sees its own sign-ups and activities."""
    router = Routes(prefix="/v1/messages", tags=["messages"])
    reader = Depends(keyring.require("messages:read"))
    item = shown(domain)

    @router.get(
        "",
        summary="Berichten zoeken",
        description="Elk bericht dat is gepland, verstuurd of tegengehouden, met alle pogingen en de reden. Een "
        "partner ziet de berichten van zijn eigen aanmeldingen en activiteiten.",
        response_description="Een pagina met berichten.",
    )
    def messages(query: Annotated[MessageQuery, Query()], caller: Caller = reader) -> MessageList:
        filters, after = query.filters(caller), _position(query.cursor)
        partner = None if caller.admin else caller.partner_id
        with reading(engine) as connection:
            page = list_messages(connection, filters, partner, after, query.limit)
        following = encode_cursor([rfc3339(page.last[0]), page.last[1]]) if page.last else None
        return MessageList(items=[item(message, attempts) for message, attempts in page.items], next=following)

    @router.get(
        "/{id}",
        summary="Een bericht lezen",
        description="Een bericht met alle pogingen en de reden.",
        response_description="Het bericht zoals het nu is.",
    )
    def message(message_id: MessageInPath, caller: Caller = reader) -> MessageItem:
        return item(*one_message(engine, message_id, None if caller.admin else caller.partner_id))

    return router


def _position(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    try:
        moment, last = decode_cursor(cursor)
        return datetime.fromisoformat(moment), str(last)
    except (TypeError, ValueError) as error:
        fault = FieldFault("cursor", "cursor", "use `next` as it was")
        raise Refusal("invalid", "the cursor is none of ours", (fault,)) from error
