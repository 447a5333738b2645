"""The exceptions of this package, one tree.

BotError
 ├─ SettingsError     a setting is missing or makes no sense
 ├─ StorageError      the database cannot be started, reached or migrated
 ├─ AddressError      the address to serve on cannot be taken
 └─ ChannelError      a channel (Telegram) refuses to work with us
"""


class BotError(Exception):
    """A reason to stop, said in one plain line that the person at the keyboard can act on."""


class SettingsError(BotError):
    """A setting is missing or makes no sense."""


class StorageError(BotError):
    """The database cannot be started, reached, or brought to the current schema."""


class AddressError(BotError):
    """The address or port to serve on cannot be taken."""


class ChannelError(BotError):
    """A channel refuses to work with us, for example because the token is wrong."""
