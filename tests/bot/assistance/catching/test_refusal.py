"""What the writer of a text that is held back is told."""

from __future__ import annotations

import pytest

from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import QUIET_WORDS, Secret, explanation
from bot.assistance.tables import Side


@pytest.mark.parametrize("side", list(Side))
def test_explanation_says_what_happened_and_nothing_of_the_secret(side: Side) -> None:
    for secret in Secret:
        words = explanation((secret,), side)
        assert "không chuyển" in words
        assert "không lưu" in words
        assert "không bao giờ hỏi" in words
    both = explanation((Secret.OTP, Secret.PHONE), side)
    assert "OTP" in both
    assert "số điện thoại" in both
    assert not caught(both)
    assert not caught(QUIET_WORDS)
