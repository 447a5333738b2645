"""The exceptions of this package: reasons to stop, messages not delivered, dossiers not known, staff who are told no.

BotError
 ├─ SettingsError     a setting is missing or makes no sense
 ├─ StorageError      the database cannot be started, reached or migrated
 ├─ AddressError      the address to serve on cannot be taken
 ├─ PrintingError     a page cannot be printed
 ├─ ImportFault       a file of dossiers cannot be read
 ├─ AccountFault      an account of staff cannot be made or changed that way
 └─ ChannelError      a channel (Telegram) refuses to work with us

DeliveryError
 ├─ SlowDown          the channel asks the whole bot to wait
 ├─ Unreachable       the channel could not be reached or failed; worth trying again
 ├─ Gone              the reader is not there for us any more
 ├─ Moved             the chat has another address now
 ├─ Uneditable        the message to replace cannot be edited
 └─ Refused           the channel does not accept this message as it is

OfficeError
 ├─ Forbidden         it is not theirs to do
 ├─ Outdated          somebody else changed it meanwhile
 ├─ Impossible        it cannot be done with this, or not now
 └─ GateClosed        the release breaks more questions than it may

SourceError
 ├─ SourceDown        the source of dossiers could not be reached, failed, or asks to wait
 ├─ SourceRefused     the source does not let us in
 └─ SourceUnreadable  what the source answered makes no sense
"""

from __future__ import annotations

import errno

_REASONS = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.ENOENT: "không tìm thấy",
    errno.EEXIST: "đó là một tệp, không phải thư mục",
    errno.ENOTDIR: "đó là một tệp, không phải thư mục",
    errno.EISDIR: "đó là một thư mục, không phải tệp",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "liên kết vòng tròn",
    errno.EADDRINUSE: "đang có chương trình khác dùng",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ đó",
}


def reason(error: OSError) -> str:
    """Return why the system refused, in words for the person at the keyboard."""
    return _REASONS.get(error.errno or 0) or error.strerror or "lỗi không rõ"


class BotError(Exception):
    """A reason to stop, said in one plain line that the person at the keyboard can act on."""


class SettingsError(BotError):
    """A setting is missing or makes no sense."""


class StorageError(BotError):
    """The database cannot be started, reached, or brought to the current schema."""


class AddressError(BotError):
    """The address or port to serve on cannot be taken."""


class PrintingError(BotError):
    """A page cannot be printed."""


class ImportFault(BotError):  # noqa: N818
    """A file of dossiers cannot be read or makes no sense."""


class AccountFault(BotError):  # noqa: N818
    """An account of staff cannot be made or changed that way."""


class ChannelError(BotError):
    """A channel refuses to work with us, for example because the token is wrong."""


class DeliveryError(Exception):
    """One message did not arrive."""


class SlowDown(DeliveryError):  # noqa: N818
    """The channel asks the whole bot to send nothing for ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class Unreachable(DeliveryError):  # noqa: N818
    """The channel could not be reached, or failed on its side."""


class Gone(DeliveryError):  # noqa: N818
    """The reader blocked us, or the chat exists no more."""


class Moved(DeliveryError):  # noqa: N818
    """The chat lives on under ``address``."""

    def __init__(self, address: str) -> None:
        super().__init__("the chat has moved")
        self.address = address


class Uneditable(DeliveryError):  # noqa: N818
    """The message to replace is too old, deleted, or not ours."""


class Refused(DeliveryError):  # noqa: N818
    """The channel does not accept the message; ``buttons`` tells that its buttons are the reason."""

    def __init__(self, reason: str, *, buttons: bool = False) -> None:
        super().__init__(reason)
        self.buttons = buttons


class OfficeError(Exception):
    """What a member of staff asked for is not done; the message tells them why, in words."""


class Forbidden(OfficeError):  # noqa: N818
    """It is not theirs to do: another role or another place is needed, or a second person."""


class Outdated(OfficeError):  # noqa: N818
    """Somebody else changed it since they read it."""


class Impossible(OfficeError):  # noqa: N818
    """It cannot be done with what they gave, or not in the state it is in."""


class GateClosed(OfficeError):  # noqa: N818
    """The release breaks more of the labelled questions than the limit lets through; ``report`` names them."""

    def __init__(self, message: str, report: object) -> None:
        super().__init__(message)
        self.report = report


class SourceError(Exception):
    """A source of dossiers did not tell what it knows. The message is for the log and holds nothing of a dossier."""


class SourceDown(SourceError):  # noqa: N818
    """The source could not be reached in time, failed on its side, or asks us to wait for ``seconds``."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class SourceRefused(SourceError):  # noqa: N818
    """The source does not let us in: its name or password for us is wrong, or the address is."""


class SourceUnreadable(SourceError):  # noqa: N818
    """What the source answered is no JSON, or not of the shape it promised."""
