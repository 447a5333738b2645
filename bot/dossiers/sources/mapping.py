"""Where the fields of a report stand in JSON of any shape, said in JMESPath (https://jmespath.org/specification.html)."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError, UnknownFunctionError
from jmespath.parser import ParsedResult
from pydantic import AfterValidator, BaseModel, ConfigDict

from bot.errors import SourceUnreadable


def _expression(value: str) -> str:
    try:
        _compiled(value).search({})
    except UnknownFunctionError as error:
        raise ValueError("gọi một hàm JMESPath không có") from error
    except (JMESPathError, RecursionError) as error:
        if not _parses(value):
            raise ValueError("không phải biểu thức JMESPath đúng") from error
    return value


def _parses(value: str) -> bool:
    try:
        _compiled(value)
    except (JMESPathError, RecursionError):
        return False
    return True


@lru_cache(maxsize=512)
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


Expression = Annotated[str, AfterValidator(_expression)]


class Mapping(BaseModel):
    """One expression for each field of ``Report`` that the source knows.

    ``found`` is empty, false or null when there is no such dossier. ``steps`` gives objects with ``at``, ``what``,
    ``unit``, ``who``; ``money`` objects with ``what``, ``amount``, ``paid``; ``missing`` names of papers; ``proofs``
    identity and phone numbers given with the dossier.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Expression
    found: Expression | None = None
    status: Expression | None = None
    procedure_code: Expression | None = None
    procedure_name: Expression | None = None
    received: Expression | None = None
    due: Expression | None = None
    new_due: Expression | None = None
    finished: Expression | None = None
    supply_by: Expression | None = None
    agency: Expression | None = None
    owner: Expression | None = None
    missing: Expression | None = None
    money: Expression | None = None
    steps: Expression | None = None
    note: Expression | None = None
    proofs: Expression | None = None

    def search(self, name: str, answer: object) -> Any:
        """Return what the expression of a field finds in ``answer``; None without one.

        Raises ``SourceUnreadable`` when the answer does not allow it, for example a function meets a wrong type.
        """
        expression = getattr(self, name)
        if expression is None:
            return None
        try:
            return _compiled(expression).search(answer)
        except (ValueError, TypeError, ArithmeticError, RecursionError, LookupError, AttributeError) as error:
            raise SourceUnreadable(f"the expression for {name} does not fit the answer") from error
