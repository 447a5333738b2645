"""What was kept of residents for a volunteer's cases: deleted some days after the end, wherever it stands.

A case leaves its row, the messages of each chat in which it was on the screen, what that chat's session remembers, and
what we know of its dossier. A dossier that a resident follows stays theirs.
"""

from __future__ import annotations

from sqlalchemy import text

_OVER = """
    FROM sitting, jsonb_array_elements_text(sitting.chats) AS held(chat)
    WHERE sitting.ended_at < now() - make_interval(days => :days)
"""
_HELD = f"SELECT sitting.id, sitting.dossier, opened_at, ended_at, CAST(held.chat AS bigint) AS chat {_OVER}"
_UNFOLLOWED = "NOT EXISTS (SELECT FROM following WHERE known_id = known.id)"

SITTINGS = (
    text("""
        WITH forgotten AS (
            UPDATE sitting SET ended_at = now(), outcome = 'forgotten', offered_to = NULL
            WHERE ended_at IS NULL AND touched_at < now() - interval '14 days'
            RETURNING volunteer, procedure, dossier, online, seconds, touched_at
        )
        INSERT INTO work (day, volunteer, team, commune, kind, procedure, outcome, online, minutes)
        SELECT (touched_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, volunteer.id, team.id, team.commune, 'sitting',
            procedure, CASE WHEN online THEN 'online' ELSE 'in_person' END, coalesce(online, false), seconds / 60
        FROM forgotten JOIN volunteer ON volunteer.id = forgotten.volunteer JOIN team ON team.id = volunteer.team
        WHERE dossier IS NOT NULL
    """),
    text(f"""
        DELETE FROM message USING ({_HELD}) AS gone WHERE message.chat_id = gone.chat AND (
            message.created_at BETWEEN gone.opened_at AND gone.ended_at
            OR message.payload::text ~ ('"aid:(sit|step|slip|hand)[a-z]*:' || gone.id || '[:"]')
            OR strpos(message.payload::text, gone.dossier) > 0
        )
    """),  # noqa: S608
    text(f"""
        UPDATE chat SET session = (
            session - ARRAY['asked', 'missed']
            - CASE WHEN session->>'dossier' = ANY(gone.codes) THEN ARRAY['dossier'] ELSE ARRAY[]::text[] END
            - CASE WHEN session->>'sitting' = ANY(gone.ids) THEN ARRAY['sitting', 'awaiting'] ELSE ARRAY[]::text[] END
        ) #- '{{noted,sitting code}}'
        FROM (
            SELECT chat, array_agg(id::text) AS ids, array_agg(dossier) AS codes FROM ({_HELD}) AS held GROUP BY chat
        ) AS gone WHERE chat.id = gone.chat
    """),  # noqa: S608
    text(f"DELETE FROM proved USING ({_HELD}) AS gone WHERE proved.chat_id = gone.chat AND code = gone.dossier"),  # noqa: S608
    text(f"""
        DELETE FROM following USING known, ({_HELD}) AS gone
        WHERE known.id = known_id AND following.chat_id = gone.chat AND known.code = gone.dossier
    """),  # noqa: S608
    text(f"DELETE FROM known USING ({_HELD}) AS gone WHERE known.code = gone.dossier AND {_UNFOLLOWED}"),  # noqa: S608
    text("DELETE FROM sitting WHERE ended_at < now() - make_interval(days => :days)"),
)
"""In order; ``days`` after its end a case goes. One that nobody touched for two weeks ends by itself."""

_TALKED = """
    WITH gone AS (SELECT id, chat_id FROM help_request WHERE ended_at < now() - make_interval(days => :days))
    SELECT id, chat_id FROM gone UNION SELECT id, alerted.chat_id FROM alerted JOIN gone ON gone.id = request
"""
TALKS = (
    text(f"""
        DELETE FROM message USING ({_TALKED}) AS gone
        WHERE message.chat_id = gone.chat_id AND message.payload->>'talk' = gone.id::text
    """),  # noqa: S608
    text(f"""
        DELETE FROM post USING ({_TALKED}) AS gone
        WHERE post.chat_id = gone.chat_id AND post.payload->>'talk' = gone.id::text
    """),  # noqa: S608
    text("DELETE FROM help_request WHERE ended_at < now() - make_interval(days => :days)"),
)
"""In order; ``days`` after its end a talk goes, with what was passed on in it wherever that stands, and its reports."""
