"""``python -m bot``."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the rest still loads ends it without a traceback

from bot.cli import main  # noqa: E402

raise SystemExit(main())
