"""The exceptions of this package, one tree.

KnowledgeError
 ├─ DecodingError       a text is no JSON, or none that we accept
 ├─ CatalogueError      a catalogue file cannot be read or breaks the schema
 ├─ PhraseBookError     a phrase file is malformed or contradicts itself
 ├─ LexiconError        a word list is missing or malformed
 ├─ ModelError          the trained model is missing or does not fit the program
 ├─ QuestionSetError    a labelled question file is malformed
 ├─ CalendarError       hours, holidays or a term that make no sense
 ├─ PlacesError         the lists of provinces and communes are malformed
 ├─ OfficesError        a workbook of offices cannot be read or has faults
 ├─ ExchangeError       a file to import is refused, or a catalogue cannot be written
 ├─ ArticlesError       a file of articles, or one of them, is malformed
 ├─ EventsError         the file of life events is malformed
 └─ CaseError           an answer, a channel or a moment that does not fit the procedure
"""

from __future__ import annotations

_REASONS: dict[type[Exception], str] = {
    FileNotFoundError: "không có tệp này, hoặc không có thư mục chứa nó",
    PermissionError: "không có quyền",
    IsADirectoryError: "đây là thư mục, không phải tệp",
    NotADirectoryError: "có một tệp ở chỗ cần là thư mục",
    UnicodeDecodeError: "tệp không phải chữ UTF-8",
}


def reason(error: Exception) -> str:
    """Return why a file cannot be read or written, in words for the person at the keyboard."""
    return _REASONS.get(type(error)) or (isinstance(error, OSError) and error.strerror) or str(error)


class KnowledgeError(Exception):
    """Something the knowledge package cannot do, said in words fit for a person."""


class DecodingError(KnowledgeError):
    """A text is no JSON; the message names the line."""


class CatalogueError(KnowledgeError):
    """The catalogue file is missing, unreadable or not valid; the message names the first fault."""


class PhraseBookError(KnowledgeError):
    """A phrase-book file is malformed; the message names file and line."""


class QuestionSetError(KnowledgeError):
    """A labelled question file is malformed; the message names the line."""


class LexiconError(KnowledgeError):
    """A word list is missing or malformed; the message names file and line."""


class ModelError(KnowledgeError):
    """The trained model is missing, unreadable, or made for other features than the program computes."""


class ExchangeError(KnowledgeError):
    """A file from outside is refused or unreadable, or a catalogue does not fit the format; said in words."""


class EventsError(KnowledgeError):
    """The file of life events, or of the words around them, is malformed; the message names the place."""


class ArticlesError(KnowledgeError):
    """A file of articles, or one of them, is malformed; the message names the place."""


class CaseError(KnowledgeError):
    """An answer, a way of handing in, or a moment that does not fit the procedure; said in words."""


class CalendarError(KnowledgeError):
    """Opening hours or holidays are malformed, or no date can be told."""


class OfficesError(KnowledgeError):
    """A workbook of offices cannot be read or has faults; the message names every fault by its cell, one a line."""


class PlacesError(KnowledgeError):
    """A list of provinces, communes or former names is missing or malformed; the message names file and line."""
