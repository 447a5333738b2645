"""The forms of a procedure: number, name and link from the record, and the files and filled samples of the office."""

from __future__ import annotations

from bot.dialogue import markup, parts, wording
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Attachment, Button, Message, Reply
from bot.forms import Form
from knowledge.procedure import Procedure, RequiredDocument

FORMS = "Mẫu đơn, tờ khai"
NO_FORMS = "Nguồn không ghi mẫu nào. Nơi nhận hồ sơ sẽ đưa mẫu nếu cần."
FORM_AT = "Anh/chị xin mẫu tại nơi nhận hồ sơ, hoặc tải ở {portal}."
DOWNLOAD = "tải mẫu"
FILES_BELOW = "Bấm nút bên dưới để lấy tệp của nơi nhận hồ sơ."
BLANK = "Mẫu: {name}"
SAMPLE = "Mẫu điền sẵn: {name}"
GIVEN = "Mẫu của thủ tục “{title}”. Anh/chị điền rồi nộp cùng hồ sơ."
GIVEN_SAMPLE = (
    "<b>Mẫu điền sẵn</b> của thủ tục “{title}”, chỉ để xem cách ghi. "
    "Tên và số trong đó không có thật, anh/chị không nộp tờ này."
)
GONE = "Tệp này không còn. Các mẫu hiện có ở bên dưới."
ALL_FORMS = "Các mẫu khác"
BACK = "Về thông tin chính"

_LABEL = 60

Row = tuple[Button, ...]


def any_to_give(procedure: Procedure, services: Services) -> bool:
    """Say whether there is a file or a link to give, so that a button for forms makes sense."""
    linked = any(document.form_url for document in procedure.documents)
    return procedure.abolished_on is None and (linked or bool(services.forms.of(procedure.code)))


def block(procedure: Procedure, services: Services) -> str:
    """Return what there is to say about the forms, with their links."""
    found = [document for document in procedure.documents if document.form or document.form_url]
    files = services.forms.of(procedure.code)
    lines = [markup.bold(FORMS), *(f"• {_line(document)}" for document in found)]
    if not found and not files:
        return "\n".join([*lines, NO_FORMS])
    if files:
        lines.append(FILES_BELOW)
    elif not all(document.form_url for document in found):
        lines.append(FORM_AT.format(portal=parts.portal(procedure, services)))
    return "\n".join(lines)


def _line(document: RequiredDocument) -> str:
    said = markup.escape(wording.paper(document, 160))
    return f"{said} ({markup.link(DOWNLOAD, document.form_url)})" if document.form_url else said


def buttons(procedure: Procedure, services: Services) -> tuple[Row, ...]:
    """Return a button for each file of the office, samples named as such."""
    return tuple((_button(form),) for form in services.forms.of(procedure.code))


def _button(form: Form) -> Button:
    label = (SAMPLE if form.sample else BLANK).format(name=markup.clip(form.name, _LABEL))
    return Button(label, Action(Verb.FORM, form.code, detail=form.digest).payload())


def given(procedure: Procedure, digest: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Give one file, or say that it is gone and offer those that are there."""
    session = session.model_copy(update={"focus": procedure.code, "absent": None, "choosing": False})
    back = (Button(BACK, Action(Verb.SHOW, procedure.code).payload()),)
    form = services.forms.find(procedure.code, digest)
    if form is None:
        body = f"{GONE}\n\n{block(procedure, services)}"
        return Reply((Message(body, (*buttons(procedure, services), back)),)), session
    told = GIVEN_SAMPLE if form.sample else GIVEN
    others = Button(ALL_FORMS, Action(Verb.FORMS, procedure.code).payload())
    row = (others, *back) if len(services.forms.of(procedure.code)) > 1 else back
    body = told.format(title=markup.escape(markup.title(procedure, 110)))
    return Reply((Message(body, (row,), file=Attachment(path(form), form.name)),)), session


def path(form: Form) -> str:
    """Return the path of a file of the office."""
    return f"/forms/{form.code}/{form.digest}"
