"""The file of sources that points the assistant at a simulator."""

from __future__ import annotations

from bot.dossiers.simulator.portal import CLIENT_ID, CLIENT_SECRET, DSTCODE, PASSWORD, USERNAME
from bot.dossiers.simulator.story import UNITS, Kind


def sources(address: str) -> str:
    """Return the file of sources, in TOML, that points the assistant at a simulator."""
    return f"""\
# Nguồn hồ sơ mô phỏng: hồ sơ bịa, chỉ để thử.

[[source]]
kind = "national"
name = "MÔ PHỎNG - Cổng Dịch vụ công quốc gia"
units = ["{UNITS[Kind.NATIONAL]}"]
url = "{address}/national/service"
login_url = "{address}/national/login"
link = "{address}/"
username = "{USERNAME}"
password = "{PASSWORD}"
dstcode = "{DSTCODE}"
madonvi = "{UNITS[Kind.NATIONAL]}"
requests_per_minute = 600
cache_seconds = 3

[[source]]
kind = "igate"
name = "MÔ PHỎNG - VNPT iGate"
units = ["{UNITS[Kind.IGATE]}"]
url = "{address}/igate"
link = "{address}/"
token_url = "{address}/igate/token"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
requests_per_minute = 600
cache_seconds = 3

[[source]]
kind = "json"
name = "MÔ PHỎNG - Hệ thống riêng của sở"
units = ["{UNITS[Kind.JSON]}"]
url = "{address}/json/{{code}}"
link = "{address}/"
requests_per_minute = 600
cache_seconds = 3

[source.mapping]
code = "hoSo.ma"
status = "hoSo.trangThai"
procedure_code = "hoSo.thuTuc.ma"
procedure_name = "hoSo.thuTuc.ten"
due = "hoSo.henTra"
agency = "hoSo.coQuan"
owner = "hoSo.nguoiNop.ten"
proofs = "[hoSo.nguoiNop.dienThoai]"
missing = "hoSo.conThieu"
money = "hoSo.khoanThu[].{{what: ten, amount: soTien}}"
steps = "quaTrinh[].{{at: luc, what: viec, unit: phong}}"
note = "ghiChu"

[source.statuses]
REGISTERED = 1
RECEIVED = 2
REFUSED = 3
PROCESSING = 4
SUPPLEMENT = 5
PAYMENT = 6
WITHDRAWN = 7
STOPPED = 8
DONE = 9
RETURNED = 10
"""
