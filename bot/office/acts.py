"""The words in which readers of the audit trail see what was done. A new act gets its line here."""

from __future__ import annotations

ACTS = {
    "access.password": "Đăng nhập bằng mật khẩu và mã",
    "access.link": "Đăng nhập bằng đường dẫn một lần",
    "access.ask": "Xin đường dẫn đăng nhập",
    "access.wrong": "Đăng nhập sai",
    "access.rest": "Tạm nghỉ vì đăng nhập sai nhiều lần",
    "access.leave_all": "Đăng xuất khỏi mọi thiết bị",
    "access.leave_one": "Đăng xuất một thiết bị khác",
    "account.add": "Thêm tài khoản",
    "account.change": "Đổi tài khoản",
    "account.disable": "Khóa tài khoản",
    "account.enable": "Mở lại tài khoản",
    "account.reset": "Đặt lại cách đăng nhập",
    "account.sign_out": "Đăng xuất tài khoản của người khác",
    "account.keys": "Đổi mật khẩu hoặc ứng dụng mã",
    "account.link": "Cấp đường dẫn vào",
    "audit.export": "Xuất nhật ký",
}

OBJECTS = {"staff": "Tài khoản", "revision": "Bản thảo", "release": "Bản phát hành"}

NAMES = {
    "name": "họ tên",
    "login": "tên đăng nhập",
    "role": "quyền",
    "scope": "địa bàn",
    "agency": "cơ quan",
    "rows": "số dòng",
    "changed": "đã đổi",
    "hash": "mật khẩu",
    "seed": "ứng dụng mã",
    "viewer": "người xem",
    "editor": "người soạn",
    "publisher": "người duyệt và công bố",
    "administrator": "quản trị",
}
