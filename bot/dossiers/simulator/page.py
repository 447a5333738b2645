"""The simulator's page: its dossiers, where they stand, and a switch for each fault."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from bot.dossiers.report import VIETNAM
from bot.dossiers.simulator.faults import MEANINGS, Faults
from bot.dossiers.simulator.story import MARK, Dossier

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.3rem .5rem;text-align:left}"
    ".mark{background:#b00020;color:#fff;padding:.5rem 1rem;font-weight:bold}form{display:inline}"
    "code{white-space:nowrap}button{margin:.15rem}.on{font-weight:bold;color:#b00020}"
)
_HEADINGS = "".join(
    f"<th>{heading}</th>" for heading in ("Mã hồ sơ", "Hệ thống", "Bốn số cuối", "Thủ tục", "Trạng thái", "Sắp tới")
)


def rendered(dossiers: Iterable[Dossier], now: datetime, faults: Faults, address: str) -> str:
    """Return the page; it reloads itself every five seconds."""
    rows = "".join(_row(dossier, now) for dossier in dossiers)
    switches = "".join(_switch(fault.value, meaning) for fault, meaning in MEANINGS.items())
    on = ", ".join(MEANINGS[fault] for fault in faults.on) or "không"
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>{MARK} - Cổng tra cứu hồ sơ</title><style>{_STYLE}</style></head><body>
<p class="mark">{MARK}: mọi hồ sơ ở đây là bịa ra để thử, không phải của ai.</p>
<h1>Hồ sơ mô phỏng</h1>
<p>Gửi một mã cho trợ lý để xem câu trả lời. Bốn số cuối (điện thoại, số định danh) chứng tỏ hồ sơ là của mình.</p>
<table><tr>{_HEADINGS}</tr>
{rows}</table>
<h2>Lỗi cố ý</h2>
<p>Đang bật: <span class="on">{escape(on)}</span></p>
<p>{switches}{_switch("clear", "Tắt hết")}</p>
<p>Bằng dòng lệnh: <code>curl -X POST {escape(address)}/faults -d fault=slow -d times=3 -d seconds=10</code></p>
</body></html>
"""


def _row(dossier: Dossier, now: datetime) -> str:
    status, coming = dossier.happened(now)[-1].status, dossier.next(now)
    later = ""
    if coming:
        later = f"{coming.status.official} lúc {dossier.at(coming.day).astimezone(VIETNAM):%H:%M:%S %d/%m}"
    proof = f"{dossier.phone[-4:]}, {dossier.number[-4:]}"
    cells = (dossier.kind.value, proof, dossier.procedure_name, f"{status.value}. {status.official}", later)
    return (
        f"<tr><td><code>{dossier.code}</code></td>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>\n"
    )


def _switch(value: str, label: str) -> str:
    field = f'<input type="hidden" name="fault" value="{value}">'
    return f'<form method="post" action="/faults">{field}<button>{escape(label)}</button></form>'
