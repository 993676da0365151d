"""XML of strangers: in whatever encoding it declares, and without the document types that make XML dangerous."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree  # `read_xml` refuses what makes XML dangerous

from toolkit.plugins import InputError

from .places import read_bytes_of

__all__ = ["read_xml", "root_name"]

_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_ROOT = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<([\w:]+)", re.DOTALL)


def read_xml(path: Path) -> ElementTree.Element:
    """The root of an XML file.

    Raises
    ------
    InputError
        It cannot be read, is not in the encoding that it declares, has a document type, or is not XML.
    """
    data = read_bytes_of(path)
    text = _decoded(data, path)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # entities that expand, or that read other files
        raise InputError(str(path), "XML with a document type is not read")
    try:
        # Text is parsed as it is: what its first line says of the encoding is done with.
        return ElementTree.fromstring(text)  # noqa: S314  # no document type, so no entities
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(str(path), f"not XML: {error}") from error


def root_name(path: Path) -> str:
    """What the outermost element of a file is called; empty if it does not begin as XML does."""
    with path.open("rb") as file:
        head = file.read(4096)
    try:
        found = _ROOT.match(head.decode(_encoding(head), "replace").lstrip("\ufeff"))
    except LookupError:
        return ""
    return found.group(1) if found else ""


def _encoding(data: bytes) -> str:
    if re.match(rb"\xff\xfe|\xfe\xff", data):
        return "utf-16"
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    name = declared.group(1).decode() if declared else "utf-8"
    return "utf-8-sig" if name.lower() in ("utf-8", "utf8") else name


def _decoded(data: bytes, path: Path) -> str:
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise InputError(str(path), f"it says that it is in {encoding!r}, which is no encoding") from error
    except (UnicodeError, ValueError) as error:
        raise InputError(str(path), f"not in the encoding {encoding}, as it should be") from error
