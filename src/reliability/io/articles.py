"""Articles from files of every kind, with what a sidecar, the caller or the page itself adds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from pydantic import ValidationError

from reliability.errors import InputError
from reliability.io.documents import DOCUMENTS, Content, TooLong, read_document_content
from reliability.io.kinds import SIDECAR, Kind, in_utf8, kind_of, stem
from reliability.io.problems import near, plain_reason
from reliability.io.rows import Notes
from reliability.io.streams import decoded, opened, read_bounded
from reliability.io.strict_json import BadJson, parse_json
from reliability.io.toml import read_toml
from reliability.model.article import Article
from reliability.model.base import folded

MAX_CHARS = 2_000_000
"""The default of `--max-chars`: a longer text is rejected, not cut."""

_MAX_BYTES_A_CHAR: dict[Kind, int] = {"txt": 4, "md": 4, "json": 12}
_SIDECAR_KEYS = tuple(name for name in Article.model_fields if name != "text")


def read_article_file(
    path: Path,
    *,
    publisher: str | None = None,
    publisher_type: str | None = None,
    published: str | None = None,
    url: str | None = None,
    max_chars: int = MAX_CHARS,
    notes: Notes | None = None,
) -> Article:
    """The article in a file: a text exactly as it stands (byte-order mark aside), or what a document's readers see.

    What the file lacks comes from its sidecar, and what that lacks from the arguments. A sidecar is `NAME.meta.toml`
    beside NAME.txt (or `NAME.txt.meta.toml`). Without an id in them the id is NAME. `publisher_type` goes with the
    name in `publisher`. A web page's own word on its publication fills what none of them
    gives. Unknown keys of a JSON article are counted in `notes`.
    Raises InputError for files that are missing, empty, binary, not UTF-8, longer than `max_chars` characters, of
    another kind, or not an article, and for a sidecar with wrong keys or values.
    """
    kind, packed = kind_of(str(path))
    with opened(path, packed=packed) as stream:
        content = read_content(stream, str(path), kind=kind, max_chars=max_chars)
    given = {"publisher": publisher, "publisher_type": publisher_type, "published": published, "url": url}
    return article_from(content, path, kind=kind, given=given, max_chars=max_chars, notes=notes)


def read_content(stream: BinaryIO, where: str, *, kind: Kind, max_chars: int = MAX_CHARS) -> Content:
    """The text of an article's stream, or the JSON text that holds it. Never holds much more than it may have.

    Raises InputError for what is empty, binary, not UTF-8 or too long, and for kinds that hold no article;
    MissingExtra for a document without the library that reads it.
    """
    if kind in DOCUMENTS:
        try:
            content = read_document_content(stream, where, kind=kind, max_chars=max_chars)
        except TooLong:
            raise _too_long(where, max_chars) from None
        _check_text(content.text, where, max_chars)
        return content
    if kind not in _MAX_BYTES_A_CHAR:
        raise InputError(
            where, problem=f"a .{kind} file holds reports, not an article", remedy="give a text, a document or .json"
        )
    extra = 100_000 if kind == "json" else 4
    data = read_bounded(stream, max_chars * _MAX_BYTES_A_CHAR[kind] + extra, where)
    if data is None:
        raise _too_long(where, max_chars)
    text = decoded(data, where)
    if kind != "json":
        _check_text(text, where, max_chars)
    elif not text.strip():
        raise InputError(where, problem="is empty", remedy="give an article or a list of reports")
    return Content(text)


def article_from(
    content: Content,
    path: Path | None,
    *,
    kind: Kind,
    given: dict[str, str | None] | None = None,
    max_chars: int = MAX_CHARS,
    notes: Notes | None = None,
) -> Article:
    """The article that a file's content (or, with `path` None, standard input's, whose id is stdin) stands for.

    `given` may have publisher, publisher_type, published and url: they fill what file and sidecar lack; what a
    page states of itself comes last, and the publisher that it names has the type `unknown`.
    Raises InputError, as `read_article_file` does.
    """
    where = "-" if path is None else str(path)
    fields = _from_json(content.text, where, max_chars, notes) if kind == "json" else {"text": content.text}
    sidecar = {} if path is None else read_sidecar(path)
    for layer in (sidecar, given or {}):
        _fill(fields, layer)
    _fill(fields, _believed(content.stated, fields, notes))
    fields.setdefault("id", "stdin" if path is None else stem(in_utf8(str(path))))
    try:
        return Article.model_validate(fields, strict=True)
    except ValidationError as error:
        remedy = "correct it in the file, its sidecar or the option"
        raise InputError(where, problem=plain_reason(error, {"": Article.model_fields}), remedy=remedy) from None


def sidecars_of(path: Path) -> list[Path]:
    """The sidecars beside an article's file that are there; there should be one at most."""
    places = dict.fromkeys((path.with_name(stem(path.name) + SIDECAR), path.with_name(path.name + SIDECAR)))
    return [place for place in places if place.exists()]


def read_sidecar(path: Path) -> dict[str, Any]:
    """What the sidecar beside an article's file says, as fields of the article; {} when there is none.

    Raises InputError for TOML that can't be read, unknown keys, and two sidecars.
    """
    found = sidecars_of(path)
    if not found:
        return {}
    where = str(found[0])
    if len(found) > 1:
        raise InputError(where, problem=f"{found[1].name} is a sidecar of {path.name} too", remedy="keep one of them")
    fields = read_toml(found[0])
    for key in fields:
        if key not in _SIDECAR_KEYS:
            remedy = f"known keys: {', '.join(_SIDECAR_KEYS)}"
            raise InputError(
                where, key=key, problem=f"is not a key of a sidecar{near(key, _SIDECAR_KEYS)}", remedy=remedy
            )
    fields = {key: value.isoformat() if isinstance(value, date) else value for key, value in fields.items()}
    try:
        Article.model_validate({"id": "-", "text": "-", **fields}, strict=True)
    except ValidationError as error:
        raise InputError(where, problem=plain_reason(error, {"": _SIDECAR_KEYS}), remedy="correct it") from None
    return fields


def _fill(fields: dict[str, Any], layer: Mapping[str, Any]) -> None:
    """Adds what a weaker layer knows; a publisher's type only to the publisher of that name."""
    for key, value in layer.items():
        if key != "publisher_type" and fields.get(key) is None and value is not None:
            fields[key] = value
    kind, name, now = layer.get("publisher_type"), layer.get("publisher"), fields.get("publisher")
    same = name is None or (isinstance(name, str) and isinstance(now, str) and folded(name) == folded(now))
    if kind is not None and fields.get("publisher_type") is None and same:
        fields["publisher_type"] = kind


def _believed(stated: Mapping[str, str], fields: Mapping[str, Any], notes: Notes | None) -> dict[str, str]:
    """What a page states of itself, as far as it is believed: a name that only the page gives carries nothing.

    Where the user gave the page's address, its host stands for the publisher, as the sources file knows it.
    """
    found = dict(stated)
    name = found.pop("publisher", None)
    if not stated or fields.get("publisher") is not None:
        return found
    host = urlsplit(fields["url"]).hostname if isinstance(fields.get("url"), str) else None
    if host:
        return found | {"publisher": host.removeprefix("www.")}
    if name is None:
        return found
    if notes is not None:
        notes.self_named[name] += 1
    return found | {"publisher": name, "publisher_type": "unknown"}


def _from_json(text: str, where: str, max_chars: int, notes: Notes | None) -> dict[str, Any]:
    try:
        value = parse_json(text)
    except BadJson as error:
        raise InputError(where, problem=str(error), remedy="mend the JSON") from None
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise InputError(
            where, problem="is not an article: an object with `text`", remedy="see `reliability schema article`"
        )
    if notes is not None:
        notes.unknown_columns.update(k for k, v in value.items() if k not in Article.model_fields and v is not None)
    _check_text(value["text"], where, max_chars)
    return {key: one for key, one in value.items() if key in Article.model_fields and one is not None}


def _check_text(text: str, where: str, max_chars: int) -> None:
    if not text.strip():
        raise InputError(where, problem="is empty", remedy="give an article's text")
    if "\0" in text:
        raise InputError(where, problem="is binary: a NUL character in its text", remedy="give a text")
    if len(text) > max_chars:
        raise _too_long(where, max_chars, len(text))


def _too_long(where: str, max_chars: int, n_chars: int | None = None) -> InputError:
    has = f"its text has {n_chars:,} characters" if n_chars is not None else "it is too long"
    problem = f"{has}; at most {max_chars:,} are read, and none is cut"
    return InputError(where, problem=problem, remedy="split the article, or raise --max-chars")
