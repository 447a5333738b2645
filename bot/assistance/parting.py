"""Ways to part in a talk: end it, report it, not meet again, let an officer go on by the citizen's leave."""

from __future__ import annotations

from bot.assistance import ending, requests, speech, talks, waiting
from bot.assistance.alerts import Alerts
from bot.assistance.pressing import button
from bot.assistance.requests import Ending
from bot.assistance.speaking import Talk, speaker
from bot.assistance.tables import Side
from bot.dialogue.turn import Message
from bot.moment import Moment, Outcome

ASK_REASON = "Anh/chị báo cáo vì điều gì? Cuộc trò chuyện sẽ dừng ngay, và người phụ trách sẽ đọc lại những gì đã nhắn."
ASK_REASON_AFTER = "Anh/chị báo cáo vì điều gì? Người phụ trách sẽ đọc lại những gì đã nhắn."
REASONS = {
    "otp": "Hỏi mật khẩu, mã OTP",
    "money": "Đòi tiền, mời mua bán",
    "rude": "Lời lẽ không hay",
    "false": "Mạo danh, chỉ dẫn sai",
    "other": "Lý do khác",
}
STAY = "Thôi, không báo cáo"
REPORTED = "Cảm ơn anh/chị đã báo. Người phụ trách sẽ xem, và hai bên không gặp lại nhau nữa."
REPORTED_BEFORE = "Anh/chị đã báo cáo cuộc trò chuyện này rồi. Người phụ trách đang xem."
STAYED = "Vâng. Anh/chị nhắn tiếp, tôi chuyển như trước."
STAYED_AFTER = "Vâng."
BARRED = "Vâng. Lần sau tôi không để hai bên gặp nhau nữa."
OVER = "Cuộc trò chuyện này đã kết thúc rồi."
ASKED_LEAVE = "Tôi đang hỏi ý người dân. Họ đồng ý thì cán bộ nhận tiếp; trong lúc chờ, hai bên cứ nhắn như thường."
GIVEN = (
    "Vâng, tôi đã báo cán bộ Một cửa. Có người nhận, tôi báo anh/chị ngay; gõ /nhogiup để xem đến đâu. "
    "Trong lúc chờ, anh/chị cứ hỏi tôi như thường."
)
GIVEN_LATER = (
    "Vâng. Giờ này cán bộ không trực. {when} tôi báo họ. Có người nhận, tôi báo anh/chị ngay; "
    "gõ /nhogiup để xem đến đâu."
)
NOT_GIVEN = "Vâng, vẫn là người đang giúp anh/chị."
CANCELLED = "Đã hủy yêu cầu nhờ giúp."


class Parting:
    """Does what the buttons for it ask; ``alerts`` tell officers of what is handed to them."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    async def close(self, moment: Moment) -> Outcome | None:
        """Answer /ketthuc: end the talk, or take back the request that waits."""
        request = await requests.live_of(moment.connection, moment.chat)
        if request is not None and (side := request.side(moment.chat)):
            return await self.end(Talk(moment, request, side))
        request = await requests.of_chat(moment.connection, moment.chat)
        if request is None:
            return None
        await ending.finish(moment.connection, request, Side.CITIZEN, Ending.CANCELLED)
        return Talk(moment, request, Side.CITIZEN).say(CANCELLED)

    async def end(self, talk: Talk) -> Outcome:
        """End the talk."""
        ended = await ending.finish(talk.connection, talk.request, talk.side, Ending.DONE)
        if ended is None:
            return talk.say(OVER)
        return talk.say(speech.ENDED, speech.after(ended))

    async def report(self, talk: Talk) -> Outcome:
        """Ask what is wrong."""
        number_ = talk.request.id
        rows = tuple((button(label, "talkflag", name, number_),) for name, label in REASONS.items())
        words = ASK_REASON if talk.request.ended_at is None else ASK_REASON_AFTER
        return talk.say(words, (*rows, (button(STAY, "talk", "stay", number_),)))

    async def flag(self, talk: Talk, reason: str) -> Outcome:
        """Report the talk, for a reason that ``REASONS`` has."""
        done = await ending.report(talk.connection, talk.request, talk.side, reason)
        return talk.say(REPORTED if done else REPORTED_BEFORE)

    async def stay(self, talk: Talk) -> Outcome:
        """Go on without a report."""
        return talk.say(STAYED, talk.rows()) if talk.request.live else talk.say(STAYED_AFTER)

    async def bar(self, talk: Talk) -> Outcome:
        """Keep the two apart from now on."""
        await ending.bar(talk.connection, talk.request)
        if talk.request.live:
            await ending.finish(talk.connection, talk.request, talk.side, Ending.DONE)
        return talk.say(BARRED)

    async def ask_leave(self, talk: Talk) -> Outcome | None:
        """Ask the citizen whether an officer may go on; only the volunteer can want that."""
        if talk.side is not Side.HELPER or not talk.moment.services.office:
            return None
        if not await talks.ask_handover(talk.connection, talk.request.id):
            return talk.say(OVER)
        number_ = talk.request.id
        rows = ((button(speech.AGREE, "talk", "agree", number_), button(speech.REFUSE, "talk", "refuse", number_)),)
        who = await speaker(talk.connection, talk.request, Side.HELPER)
        await talk.tell(Message(speech.ASK_LEAVE.format(name=speech.lines(who)), rows, talk=number_))
        return talk.say(ASKED_LEAVE)

    async def agree(self, talk: Talk) -> Outcome | None:
        """Let officers take the talk on and read it."""
        if talk.side is not Side.CITIZEN:
            return None
        given = await talks.agree_handover(talk.connection, talk.request.id)
        if given is None:
            return talk.say(NOT_GIVEN)
        await ending.count(talk.connection, given, Ending.HANDED)
        await talk.tell(Message(speech.HANDED, talk=given.id))
        now = await requests.clock(talk.connection)
        opens = self._alerts.opens(now)
        await self._alerts.tell(talk.connection, given, open_=opens <= now)
        return talk.say(GIVEN if opens <= now else GIVEN_LATER.format(when=waiting.at(opens)))

    async def refuse(self, talk: Talk) -> Outcome | None:
        """Leave the talk where it is."""
        if talk.side is not Side.CITIZEN:
            return None
        if await talks.refuse_handover(talk.connection, talk.request.id):
            await talk.tell(Message(speech.NOT_HANDED, talk=talk.request.id))
        return talk.say(NOT_GIVEN)
