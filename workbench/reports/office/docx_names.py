"""The names of WordprocessingML, in the usual namespaces and in those of the strict form."""

from collections.abc import Iterator

from lxml import etree

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
}
_OFF = frozenset({"0", "false", "off", "none"})
_known: dict[str, str] = {}


def short_name(name: str) -> str:
    """``w:p`` for a paragraph in either namespace; the bare name in a namespace not known here."""
    short = _known.get(name)
    if short is None:
        namespace, _, local = name.removeprefix("{").rpartition("}")
        prefix = _PREFIXES.get(namespace)
        short = f"{prefix}:{local}" if prefix else local
        if len(_known) < 10_000:
            _known[name] = short
    return short


def name_of(element: etree._Element) -> str:
    """The short name of an element."""
    tag = element.tag
    return _known.get(tag) or short_name(tag)


def attribute(element: etree._Element, local: str) -> str | None:
    """An attribute's value by its local name, None where it is not there."""
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == local:
            return value
    return None


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The children of a short name."""
    if element is not None:
        yield from (child for child in element if name_of(child) == name)


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of the first name, its first child of the second, and so on."""
    for name in names:
        if element is None:
            return None
        for inner in element:
            if (_known.get(inner.tag) or short_name(inner.tag)) == name:
                element = inner
                break
        else:
            return None
    return element


def value(element: etree._Element | None, *names: str) -> str | None:
    """The attribute ``w:val`` of the element that `child` finds."""
    found = child(element, *names)
    return None if found is None else attribute(found, "val")


def switch(element: etree._Element | None, name: str) -> bool | None:
    """Whether a property is on; None where it is not there."""
    found = child(element, name)
    return None if found is None else attribute(found, "val") not in _OFF
