"""Stops asking a source that keeps failing, and finds out by one request at a time whether it is back."""

from __future__ import annotations

from collections.abc import Callable

_FAILURES = 5
_FIRST_PAUSE = 15.0
_LONGEST_PAUSE = 300.0


class Breaker:
    """Closed: all may pass. Open: nobody. After a pause one may pass, and its fortune decides for all.

    Each failure of such a probe doubles the pause, up to five minutes.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._pause = _FIRST_PAUSE
        self._open_until: float | None = None
        self._probing = False

    def wait(self) -> float:
        """Return 0 when the caller may pass, else the seconds to wait. A probe that is let through holds the others."""
        if self._open_until is None:
            return 0.0
        left = self._open_until - self._clock()
        if left > 0:
            return left
        self._open_until = self._clock() + self._pause  # whoever comes meanwhile waits for the fortune of this probe
        self._probing = True
        return 0.0

    def succeeded(self) -> None:
        """Note an answer."""
        self._failures, self._pause, self._open_until, self._probing = 0, _FIRST_PAUSE, None, False

    def failed(self, *, hopeless: bool = False) -> None:
        """Note a failure; a ``hopeless`` one, such as a wrong password, opens at once and for the longest pause."""
        self._failures += 1
        if self._open_until is not None and not self._probing and not hopeless:
            return  # asked before it opened
        if hopeless:
            self._pause = _LONGEST_PAUSE
        elif self._probing:
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        self._probing = False
        if hopeless or self._failures >= _FAILURES:
            self._open_until = self._clock() + self._pause
