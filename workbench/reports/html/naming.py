"""Headings that are none of a report's: what they say, and where they lead."""

import re

from workbench.reports.html.tree import Run

_NAMED = re.compile(
    r"(?:related|recommended|further|more|latest|other|previous)\s+(?:content|articles?|links?|"
    r"posts?|news|stor(?:y|ies)|reading|reports?|resources|documents|publications|pages|topics|"
    r"countries|essays|updates|headlines|press releases?)"
    r"|most (?:viewed|read|popular|shared)|read (?:more|next)|you (?:may|might) also like|see also"
    r"|share(?: (?:this|on|via|article|page).*)?|follow us.*|stay (?:informed|connected)"
    r"|sign up.*|subscribe.*|donate.*|(?:browse|select|choose)(?: (?:a|by|other))? countr.*"
    r"|tags|topics|keynote|essays|latest|news|newsletter|in this section|on this page|comments"
    r"|(?:table of )?contents|(?:we (?:value|respect) )?your privacy|(?:about|use of) cookies"
    r"|about (?:the authors?|us|this page)|connect with us|contact us|get (?:updates|involved).*"
    r"|view report by:?|search in (?:this )?.*",
    re.IGNORECASE,
)
_LINK = re.compile(r"<a\b[^>]*?\bhref\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
#: A heading's link is looked for so many characters before it.
LINK_BEFORE = 600


def names_aside(words: str) -> bool:
    """Whether a heading is of the kind that pages put above what they add to a text."""
    return bool(_NAMED.fullmatch(words.strip(" :.")))


def leads_elsewhere(source: str, run: Run) -> bool:
    """Whether a heading, of which `run` is the first, is a link to another page than its own."""
    if run.linked < 0.8 * run.chars:
        return False
    link = _LINK.search(source, run.start, run.end)
    if link is None:
        around = source.rfind("<a", max(0, run.start - LINK_BEFORE), run.start)
        link = _LINK.match(source, around) if around >= 0 else None
    return link is not None and bool(link[1]) and "#" not in link[1]
