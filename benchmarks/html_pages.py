"""Speed and faithfulness of the HTML reader beside its peers, on a folder of saved pages.

    python benchmarks/html_pages.py [FOLDER]

FOLDER is that of the fixtures by default. Prints, in one run: pages per second of one
core from bytes to paragraphs, ours and each peer's that is installed (lxml's parse alone,
trafilatura, readability-lxml, jusText); how many of the paragraphs that the page's own
tags mark each gives back, and how many it gives that are none; and the pages of which it
makes a single blob. For ours also memory over many pages, and how far heading paths agree
with a walk of the page's tags by lxml that shares no code with the reader. The fixtures
were made to differ from their tags (lists with their lead-in, headings in bold type), so
that agreement is to be read on real pages only.
"""

import gc
import importlib.util
import re
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from itertools import groupby, takewhile
from pathlib import Path

from workbench.errors import ReportError
from workbench.reports.html.decoding import decode_page
from workbench.reports.html.reading import build_page_paragraphs, raw_words, read_page

FIXTURES = Path(__file__).parents[1] / "tests" / "reports_html" / "fixtures"
ROUNDS = 3
MEMORY_PAGES = 60
#: A peer's paragraph of more than this share of the page's text is a blob.
BLOB_SHARE = 0.5
_SUBTITLE = "report__section-subtitle"
_OUTER = ("report__section-title", "report-toc__exec-summary")
_NUMBER = "report-toc-section"
_NOISE = frozenset(
    ("nav", "footer", "aside", "header", "form", "figure", "noscript", "select", "button", "script",
     "style", "svg")
)  # fmt: skip

Walk = list[tuple[tuple[str, ...], str]]
Reader = Callable[[str], list[str]]


def squeeze(text: str) -> str:
    """A paragraph on one line, without what no reader sees."""
    return " ".join(re.sub("[\u00ad\u200b\u2060\ufeff]", "", text).split())


def walk_page(source: str) -> Walk:
    """The paragraphs that the page's `p` and `li` tags mark, under its heading tags, by lxml.

    The report is the department's own element, or `main`, or the element with most
    paragraphs. A heading stands under those of lower numbers; a section's parts,
    which have the class of a subtitle, under its title.
    """
    import lxml.html

    page = lxml.html.document_fromstring(source)
    root = next(iter(page.xpath("//*[@id='report_content']") or page.xpath("//main")), None)
    if root is None:
        parents = Counter(p.getparent() for p in page.iter("p"))
        root = parents.most_common(1)[0][0] if parents else page
    number = ""
    path: list[tuple[int, str]] = []
    found: Walk = []
    for element in root.iter("p", "li", "h1", "h2", "h3", "h4", "h5", "h6"):
        inside = takewhile(lambda each: each is not root, element.iterancestors())
        above = {each.tag for each in inside}
        words, kind = squeeze(element.text_content()), element.get("class") or ""
        if not words or above & _NOISE or above & {"p", "li"}:
            continue
        if _NUMBER in kind:
            number = f"{words} "
        elif element.tag in ("p", "li"):
            found.append((tuple(step for _, step in path), words))
        else:
            depth = 0 if any(name in kind for name in _OUTER) else int(element.tag[1])
            depth = 3 if _SUBTITLE in kind else depth
            path = [step for step in path if step[0] < depth] + [(depth, number + words)]
            number = ""
    return found


def read_ours(source: str) -> list[str]:
    content = read_page(source, "page.html")
    return [paragraph.text for paragraph in build_page_paragraphs("report", content)]


def readers() -> dict[str, Reader]:
    """Ours, and the peers that are installed, each from source to paragraphs."""
    found: dict[str, Reader] = {"ours": read_ours}
    if _installed("trafilatura"):
        import trafilatura

        found["trafilatura"] = lambda source: _lines(trafilatura.extract(source) or "")
    if _installed("readability"):
        import lxml.html
        import readability

        def read(source: str) -> list[str]:
            summary = lxml.html.document_fromstring(readability.Document(source).summary())
            return [squeeze(p.text_content()) for p in summary.iter("p", "li")]

        found["readability-lxml"] = read
    if _installed("justext"):
        import justext

        stop = justext.get_stoplist("English")
        found["jusText"] = lambda source: [
            squeeze(p.text) for p in justext.justext(source, stop) if not p.is_boilerplate
        ]
    return found


def _installed(name: str) -> bool:
    if importlib.util.find_spec(name) is None:
        print(f"{name} is not installed: left out")
        return False
    return True


def _lines(text: str) -> list[str]:
    return [squeeze(line) for line in text.split("\n") if line.strip()]


def pages_per_second(read: Callable[[bytes], object], pages: list[bytes]) -> float:
    """The best of some rounds, by the time that one core spends on them."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for page in pages:
            read(page)
        best = min(best, time.process_time() - start)
    return len(pages) / best


def compare_peers(pages: list[bytes]) -> None:
    """Speed, paragraphs right and blobs of each reader."""
    import lxml.html

    sources = [decode_page(page, "page.html")[0] for page in pages]
    gold = [Counter(text for _, text in walk_page(source)) for source in sources]
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB on average, best of {ROUNDS} rounds, one core")
    print(f"  {'reader':18} pages/s  x ours  recall  precision  blobs")
    ours = 0.0
    for name, read in readers().items():
        speed = pages_per_second(lambda page, read=read: read(_decoded(page)), pages)
        ours = ours or speed
        given = [read(source) for source in sources]
        right = sum((Counter(g) & marked).total() for g, marked in zip(given, gold, strict=True))
        blobs = sum(map(_blob, given))
        recall = right / max(1, sum(marked.total() for marked in gold))
        precision = right / max(1, sum(map(len, given)))
        print(f"  {name:18} {speed:7.1f} {speed / ours:7.2f} {recall:7.3f} ", end="")
        print(f"{precision:9.3f} {blobs:6}")
    speed = pages_per_second(lambda page: lxml.html.document_fromstring(_decoded(page)), pages)
    print(f"  {'lxml, parse alone':18} {speed:7.1f} {speed / ours:7.2f}")


def _decoded(page: bytes) -> str:
    return decode_page(page, "page.html")[0]


def _blob(paragraphs: list[str]) -> bool:
    longest = max(map(len, paragraphs), default=0)
    return len(paragraphs) > 0 and longest > max(2000, BLOB_SHARE * sum(map(len, paragraphs)))


def measure_memory(pages: list[bytes]) -> None:
    """What Python holds after few pages and after many, and the peak of one."""
    tracemalloc.start()
    held = []
    for number in range(MEMORY_PAGES):
        read_ours(_decoded(pages[number % len(pages)]))
        if number in (9, MEMORY_PAGES - 1):
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0] / 1e6)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"memory held after 10 pages {held[0]:.2f} MB, after {MEMORY_PAGES} {held[1]:.2f} MB; "
          f"peak {peak:.1f} MB")  # fmt: skip


def compare_paths(paths: list[Path]) -> None:
    """Paragraphs and heading paths of ours against the walk of each page's tags."""
    print(f"{'page':32} ours  tags  same text  same path  offsets")
    sums: Counter[str] = Counter()
    for path in paths:
        source = _decoded(path.read_bytes())
        pieces = read_page(source, path.name).pieces
        walk = walk_page(source)
        text = (Counter(p.text for p in pieces) & Counter(words for _, words in walk)).total()
        own = Counter((_steps(p.section), p.text) for p in pieces)
        where = (own & Counter((_steps(section), words) for section, words in walk)).total()
        exact = sum(raw_words(source, piece) == piece.text for piece in pieces)
        print(f"{path.name:32} {len(pieces):4}  {len(walk):4}  {text:9}  {where:9}  {exact:7}")
        sums.update(ours=len(pieces), gold=len(walk), text=text, where=where, exact=exact)
    print(
        f"F1 of exact paragraphs {2 * sums['text'] / max(1, sums['ours'] + sums['gold']):.4f}; "
        f"heading paths that agree {sums['where'] / max(1, sums['text']):.4f}; "
        f"found again by offsets {sums['exact'] / max(1, sums['ours']):.4f}"
    )


def _steps(section: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(step for step, _ in groupby(section))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES
    paths = sorted((*folder.glob("*.html"), *folder.glob("*.htm")))
    readable = [path for path in paths if _readable(path)]
    if len(sys.argv) > 2 or not readable:
        sys.exit(f"{__doc__}\n{folder} has no page that can be read")
    pages = [path.read_bytes() for path in readable]
    compare_peers(pages)
    measure_memory(pages)
    compare_paths(readable)


def _readable(path: Path) -> bool:
    try:
        read_ours(_decoded(path.read_bytes()))
    except ReportError as error:
        print(error)
        return False
    return True


if __name__ == "__main__":
    main()
