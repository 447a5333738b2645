"""Counts what came of each turn, in the transaction that stores its answer: numbers of a day, and nothing of anybody.

A count is one row of ``tally``, so two turns that count the same wait for each other between this statement and their
commit. It is therefore the last thing a turn does before its answer is written.
"""

from __future__ import annotations

import json
from collections import Counter

from sqlalchemy import text

from bot.dialogue.session import Session
from bot.dialogue.turn import Reply
from bot.dialogue.upshot import Came, Upshot
from bot.moment import Moment, Outcome

QUESTION, PROCEDURE, DOSSIER, CASE = "question", "procedure", "dossier", "case"

KINDS = {
    Came.ANSWERED: QUESTION,
    Came.OFFERED: QUESTION,
    Came.UNKNOWN: QUESTION,
    Came.ABSENT: QUESTION,
    Came.OUTSIDE: QUESTION,
    Came.ARTICLE: QUESTION,
    Came.EVENT: QUESTION,
    Came.OPENED: PROCEDURE,
    Came.REJECTED: PROCEDURE,
    Came.LOOKED_UP: DOSSIER,
    Came.BEGUN: CASE,
    Came.LISTED: CASE,
    Came.READY: CASE,
}
"""What each upshot is a count of."""

_COUNT = text("""
    INSERT INTO tally (day, kind, outcome, channel, commune, code, count)
    SELECT :day, kind, outcome, :channel, :commune, code, count
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row (kind text, outcome text, code text, count integer)
    ORDER BY kind, outcome, code
    ON CONFLICT (day, kind, outcome, channel, commune, code) DO UPDATE SET count = tally.count + EXCLUDED.count
""")


async def count(moment: Moment, reply: Reply, session: Session) -> Outcome:
    """Count what came of a turn, on this day of Vietnam, where the person lives if they said so; add nothing to it."""
    counted = Counter(_known(each, moment) for each in reply.upshots)
    if counted:
        rows = [
            {"kind": KINDS[each.came], "outcome": each.came, "code": each.code, "count": times}
            for each, times in counted.items()
        ]
        values = {
            "day": moment.services.clock().date(),
            "channel": moment.channel,
            "commune": session.commune if moment.services.places.get(session.commune) else "",
            "rows": json.dumps(rows),
        }
        await moment.connection.execute(_COUNT, values)
    return reply, session


def _known(upshot: Upshot, moment: Moment) -> Upshot:
    """Return an upshot without a code that is none of a procedure: digits that somebody typed are not kept."""
    named = upshot.came is Came.ABSENT or moment.services.catalogue.get(upshot.code) is not None
    return upshot if named else Upshot(upshot.came)
