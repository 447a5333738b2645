"""The numbers of a report as the database has them: sums by group, of a period and a part of the country.

No statement reads a text that somebody wrote, a name, or anything by which somebody could be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.office.reports.period import Period

_HERE = "(CAST(:scopes AS text[]) IS NULL OR {column} = ANY(CAST(:scopes AS text[])))"
_DAY = "({column} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
_COMMUNE = _HERE.format(column="commune")

_TALLY = text(f"""
    SELECT grouping(code) = 0 AS by_code, grouping(step) = 0 AS by_day, grouping(commune) = 0 AS by_place,
           kind, outcome, step, channel, commune, code, sum(count)::bigint AS times
    FROM (
        SELECT *, CASE WHEN :by_month THEN date_trunc('month', day)::date ELSE day END AS step FROM tally
        WHERE day BETWEEN :first AND :last AND {_COMMUNE}
    ) AS counted
    GROUP BY GROUPING SETS ((kind, outcome, code), (kind, outcome, step), (kind, commune), (kind, channel))
""")  # noqa: S608
_HELD = """
    held AS (
        SELECT code, report, true AS ours FROM dossier
        UNION ALL
        SELECT code, report, false FROM known
        WHERE report IS NOT NULL AND NOT EXISTS (SELECT FROM dossier WHERE dossier.code = known.code)
    ),
    dated AS (
        SELECT CASE WHEN code LIKE '%-%' THEN split_part(code, '-', 1) ELSE '' END AS unit,
               coalesce(report->>'agency', '') AS agency, coalesce(report->>'procedure_code', '') AS procedure,
               coalesce((report->>'status')::int, 0) AS status, ours, (report->>'online')::boolean AS online,
               {finished} AS finished, {received} AS received, {due} AS due
        FROM held
    )
""".format(  # noqa: S608
    finished=_DAY.format(column="(report->>'finished')::timestamptz"),
    received=_DAY.format(column="(report->>'received')::timestamptz"),
    due=_DAY.format(column="coalesce(report->>'new_due', report->>'due')::timestamptz"),
)
_SETTLED = text(f"""
    WITH {_HELD}
    SELECT unit, agency, procedure, ours, CASE
        WHEN due IS NULL THEN 'undated' WHEN finished < due THEN 'early' WHEN finished = due THEN 'on_time' ELSE 'late'
    END AS outcome, count(*) AS times
    FROM dated WHERE status IN (9, 10) AND finished BETWEEN :first AND :last GROUP BY 1, 2, 3, 4, 5
""")  # noqa: S608
_OPEN = text(f"""
    WITH {_HELD}
    SELECT unit, agency, procedure, ours, CASE
        WHEN status IN (5, 6, 8) THEN 'paused' WHEN due IS NULL THEN 'undated' WHEN due < :today THEN 'late'
        ELSE 'in_time'
    END AS outcome, count(*) AS times
    FROM dated WHERE status IN (1, 2, 4, 5, 6, 8) GROUP BY 1, 2, 3, 4, 5
""")  # noqa: S608
_FILED = text(f"""
    WITH {_HELD}
    SELECT unit, agency, procedure, ours,
           CASE WHEN online IS NULL THEN 'unknown' WHEN online THEN 'online' ELSE 'otherwise' END AS outcome,
           count(*) AS times
    FROM dated WHERE received BETWEEN :first AND :last GROUP BY 1, 2, 3, 4, 5
""")  # noqa: S608
_RATINGS = text(f"""
    SELECT kind, level, count(*) AS times FROM rating
    WHERE day BETWEEN :first AND :last AND {_COMMUNE} GROUP BY 1, 2
""")  # noqa: S608
_CRITERIA = text(f"""
    SELECT key AS criterion, value::int AS level, count(*) AS times FROM rating, jsonb_each_text(criteria)
    WHERE day BETWEEN :first AND :last AND {_COMMUNE} GROUP BY 1, 2
""")  # noqa: S608
_WORK = text(f"""
    SELECT team.name, work.commune, work.kind, work.online, sum(work.minutes) AS minutes, count(*) AS times
    FROM work JOIN team ON team.id = work.team
    WHERE day BETWEEN :first AND :last AND {_HERE.format(column="work.commune")}
      AND (kind <> 'sitting' OR online IS NOT NULL) AND (kind <> 'talk' OR outcome <> 'reported')
    GROUP BY team.id, 1, 2, 3, 4
""")  # noqa: S608
_DUTY = text(f"""
    SELECT team.name, team.commune, count(DISTINCT volunteer.id) AS people,
           sum(extract(epoch FROM upper(span) - lower(span))) / 3600.0 AS hours
    FROM (
        SELECT volunteer, unnest(range_agg(tstzrange(
            greatest(began_at, CAST(:since AS timestamptz)), least(ended_at, now(), CAST(:until AS timestamptz))
        ))) AS span
        FROM duty
        WHERE began_at < least(now(), :until) AND ended_at > greatest(began_at, :since) AND now() > :since
        GROUP BY volunteer
    ) AS spans
    JOIN volunteer ON volunteer.id = spans.volunteer JOIN team ON team.id = volunteer.team
    WHERE {_HERE.format(column="team.commune")} GROUP BY team.id, 1, 2
""")  # noqa: S608
_HELP = text(f"""
    SELECT CASE WHEN taken_at IS NULL THEN 'nobody' WHEN volunteer IS NOT NULL THEN 'volunteer'
                WHEN staff IS NOT NULL THEN 'staff' ELSE 'gone' END AS who,
           coalesce(taken_at - greatest(asked_at, opens_at) <= interval '10 minutes', false) AS soon, count(*) AS times
    FROM help_request
    WHERE {_DAY.format(column="asked_at")} BETWEEN :first AND :last AND {_COMMUNE} GROUP BY 1, 2
""")  # noqa: S608
_FEEDBACK = text(f"""
    SELECT state IN ('answered', 'closed') AS answered, count(*) AS times FROM feedback
    WHERE {_DAY.format(column="at")} BETWEEN :first AND :last AND {_COMMUNE} GROUP BY 1
""")  # noqa: S608
_CHANGES = text(f"""
    SELECT count(*) FROM revision JOIN release ON release.id = revision.release
    WHERE revision.state = 'published' AND revision.subject = 'procedure'
      AND {_DAY.format(column="release.published_at")} BETWEEN :first AND :last
      AND {_HERE.format(column="revision.scope")}
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database has of a period and place, by group; the names of columns are those of the statements above.

    The counts of the day come four times: by procedure, by day (or month), by place and by channel.
    """

    by_code: Sequence[Any]
    by_day: Sequence[Any]
    by_place: Sequence[Any]
    by_channel: Sequence[Any]
    settled: Sequence[Any]
    open: Sequence[Any]
    filed: Sequence[Any]
    ratings: Sequence[Any]
    criteria: Sequence[Any]
    work: Sequence[Any]
    duty: Sequence[Any]
    help: Sequence[Any]
    feedback: Sequence[Any]
    changes: int


async def read(connection: AsyncConnection, period: Period, scopes: Sequence[str] | None, today: date) -> Figures:
    """Read the numbers of a period; ``scopes`` are the places whose numbers count, None for the whole country.

    Dossiers name no place by code: those of all places come back, with their unit and agency.
    """
    values = {
        "first": period.first,
        "last": period.last,
        "scopes": None if scopes is None else list(scopes),
        "since": f"{period.first} 00:00+07",
        "until": f"{period.last} 24:00+07",
        "today": today,
        "by_month": period.by_month,
    }

    async def rows(statement: TextClause) -> Sequence[Any]:
        needed = {name: values[name] for name in statement.compile().params}
        return (await connection.execute(statement, needed)).all()

    tally = await rows(_TALLY)
    return Figures(
        [row for row in tally if row.by_code],
        [row for row in tally if row.by_day],
        [row for row in tally if row.by_place],
        [row for row in tally if not (row.by_code or row.by_day or row.by_place)],
        await rows(_SETTLED),
        await rows(_OPEN),
        await rows(_FILED),
        await rows(_RATINGS),
        await rows(_CRITERIA),
        await rows(_WORK),
        await rows(_DUTY),
        await rows(_HELP),
        await rows(_FEEDBACK),
        (await rows(_CHANGES))[0][0],
    )
