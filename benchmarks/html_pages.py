"""Speed and faithfulness of the HTML reader on a folder of saved State Department pages.

    python benchmarks/html_pages.py FOLDER

Prints pages per second of ours from bytes to paragraphs, of lxml's parse alone
and, where it is installed, of trafilatura; memory over many pages; and for each
page how far paragraphs and section paths agree with a walk of the page's `p` and
heading tags that shares no code with the reader.
"""

import gc
import html
import re
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from workbench.reports.html.decoding import decode_page
from workbench.reports.html.reading import build_page_paragraphs, raw_words, read_page

ROUNDS = 5
MEMORY_PAGES = 60
_ELEMENT = re.compile(r"<(p|h[1-6])\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>")
_OUTER = ("report__section-title", "report-toc__exec-summary")

Walk = list[tuple[tuple[str, ...], str]]


def walk_page(source: str) -> Walk:
    """The paragraphs of a department page under its heading tags, by regular expressions alone.

    A heading stands under those of lower numbers, a section's parts, which have the
    class of a subtitle, under its title.
    """
    start = source.index('id="report_content"')
    end = source.index("report__tags", start)
    number = ""
    path: list[tuple[int, str]] = []
    found: Walk = []
    for match in _ELEMENT.finditer(source, start, end):
        words = " ".join(html.unescape(_ANY_TAG.sub("", match[3])).split())
        if "report-toc-section" in match[2]:
            number = f"{words} "
        elif match[1].lower() == "p":
            if words:
                found.append((tuple(step for _, step in path), words))
        else:
            outer = any(name in match[2] for name in _OUTER)
            depth = 0 if outer else int(match[1][1])
            if "report__section-subtitle" in match[2]:
                depth = 3
            path = [step for step in path if step[0] < depth] + [(depth, number + words)]
            number = ""
    return found


def pages_per_second(read: Callable[[bytes], object], pages: list[bytes]) -> float:
    """The best of some rounds, by the time that one core spends on them."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for page in pages:
            read(page)
        best = min(best, time.process_time() - start)
    return len(pages) / best


def read_whole(data: bytes) -> object:
    source, _ = decode_page(data, "page.html")
    return build_page_paragraphs("report", read_page(source, "page.html"))


def readers() -> dict[str, Callable[[bytes], object]]:
    """Ours, and what else is installed."""
    found: dict[str, Callable[[bytes], object]] = {"ours": read_whole}
    try:
        import lxml.html

        found["lxml parse alone"] = lambda data: lxml.html.document_fromstring(data.decode())
    except ImportError:
        print("lxml is not installed")
    try:
        import trafilatura

        found["trafilatura"] = lambda data: trafilatura.extract(data.decode())
    except ImportError:
        print("trafilatura is not installed")
    return found


def compare_speed(pages: list[bytes]) -> None:
    """Pages per second of each reader, and as a ratio to ours."""
    speeds = {name: pages_per_second(read, pages) for name, read in readers().items()}
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB on average, best of {ROUNDS} rounds, one core")
    for name, speed in speeds.items():
        print(f"  {name:20} {speed:7.1f} pages/s   {speed / speeds['ours']:5.2f} x ours")


def measure_memory(pages: list[bytes]) -> None:
    """What Python holds after few pages and after many, and the peak of one."""
    tracemalloc.start()
    held = []
    for number in range(MEMORY_PAGES):
        read_whole(pages[number % len(pages)])
        if number in (9, MEMORY_PAGES - 1):
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0] / 1e6)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"memory held after 10 pages {held[0]:.2f} MB, after {MEMORY_PAGES} {held[1]:.2f} MB; "
          f"peak {peak:.1f} MB")  # fmt: skip


def compare_paragraphs(folder: Path) -> None:
    """Paragraphs and section paths of each page against the walk of its tags."""
    print(f"{'page':28} ours  tags  same text  same path  offsets")
    sums: Counter[str] = Counter()
    for path in sorted(folder.glob("*.html")):
        source, _ = decode_page(path.read_bytes(), path.name)
        pieces = read_page(source, path.name).pieces
        try:
            walk = walk_page(source)
        except ValueError:
            print(f"{path.name:28} {len(pieces):4}     -  no report body that the walk knows")
            continue
        ours = Counter(piece.text for piece in pieces)
        gold = Counter(text for _, text in walk)
        text = (ours & gold).total()
        where = (Counter((p.section, p.text) for p in pieces) & Counter(walk)).total()
        exact = sum(raw_words(source, piece) == piece.text for piece in pieces)
        print(f"{path.name:28} {len(pieces):4}  {len(walk):4}  {text:9}  {where:9}  {exact:7}")
        sums.update(ours=len(pieces), gold=len(walk), text=text, where=where, exact=exact)
    if sums["ours"]:
        print(
            f"F1 of exact paragraphs {2 * sums['text'] / (sums['ours'] + sums['gold']):.4f}; "
            f"section paths that agree {sums['where'] / sums['gold']:.4f}; "
            f"found again by offsets {sums['exact'] / sums['ours']:.4f}"
        )


def main() -> None:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    pages = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    if not pages:
        sys.exit(f"{folder} has no .html file")
    compare_speed(pages)
    measure_memory(pages)
    compare_paragraphs(folder)


if __name__ == "__main__":
    main()
