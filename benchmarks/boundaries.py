"""How exactly reports are cut: paragraphs and section paths against hand-made gold.

    python benchmarks/boundaries.py [--pages FOLDER]

For every fixture pair, text and web pages: the F1 of exact paragraphs, and the
share of the gold's paragraphs that come back under the right section path;
beside them the F1 of plain peers in the same run. A peer of text cuts at blank
lines, or where there are none at line ends; a peer of web pages takes each `p`
(lxml), or what trafilatura extracts. Exits with 1 where a floor is not met.

`--pages` scores the section paths of saved State Department pages against the
pages' own heading tags, by a walk of the tags that shares no code with the reader.
"""

import argparse
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from html_pages import Walk, walk_page

from workbench.reports.html.decoding import decode_page
from workbench.reports.html.reading import build_page_paragraphs, read_page
from workbench.reports.reading import read_document
from workbench.reports.runins import headings_above

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT / "tests" / "reports" / "fixtures"
PAGES = ROOT / "tests" / "reports_html" / "fixtures"
#: The module beside the web pages that holds their gold, by file name, as `GOLD`.
PAGES_GOLD = PAGES.parent / "test_html_pages.py"

#: Below these the run fails: F1 of exact paragraphs, and the share of right section paths.
TEXT_FLOOR, HTML_FLOOR, PATH_FLOOR = 0.98, 0.97, 0.98

Peer = Callable[[Path], list[str]]


@dataclass(frozen=True)
class Score:
    """Counts of one file or of many: paragraphs of ours and of the gold, and how many agree."""

    ours: int = 0
    gold: int = 0
    same: int = 0
    placed: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.ours + other.ours,
            self.gold + other.gold,
            self.same + other.same,
            self.placed + other.placed,
        )

    @property
    def f1(self) -> float:
        """2 x agreeing / (ours + gold), over paragraphs of exactly the same words."""
        return 2 * self.same / ((self.ours + self.gold) or 1)

    @property
    def paths(self) -> float:
        """The share of the gold's paragraphs that are found under the same path."""
        return self.placed / (self.gold or 1)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--pages", type=Path, help="a folder of saved State Department pages")
    pages = options.parse_args().pages
    met = [
        score_kind("text", text_gold(), read_text, {"blank lines": cut_plainly}, TEXT_FLOOR),
        score_kind("web pages", page_gold(), read_html, page_peers(), HTML_FLOOR),
    ]
    if pages:
        met.append(score_pages(pages))
    sys.exit(0 if all(met) else 1)


def text_gold() -> dict[Path, Walk]:
    """The gold of every text fixture: a JSON file of the same name."""
    found: dict[Path, Walk] = {}
    for gold in sorted(TEXTS.glob("*.json")):
        (path,) = (file for file in TEXTS.glob(f"{gold.stem}.*") if file != gold)
        records = json.loads(gold.read_text(encoding="utf-8"))
        found[path] = [(tuple(record["section"]), record["text"]) for record in records]
    return found


def page_gold() -> dict[Path, Walk]:
    """The gold of the web pages, which stands in the module of their tests."""
    spec = importlib.util.spec_from_file_location(PAGES_GOLD.stem, PAGES_GOLD)
    if spec is None or spec.loader is None:
        sys.exit(f"{PAGES_GOLD} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {PAGES / name: gold for name, gold in sorted(module.GOLD.items())}


def read_text(path: Path) -> Walk:
    return [(p.section, p.text) for p in read_document(path).paragraphs]


def read_html(path: Path) -> Walk:
    """Under the headings of the page alone, as its gold has them: run-in ones are set aside."""
    source, _ = decode_page(path.read_bytes(), path.name)
    paragraphs = build_page_paragraphs("report", read_page(source, path.name))
    return [(headings_above(p), p.text) for p in paragraphs]


def cut_plainly(path: Path) -> list[str]:
    """The peer of text: what blank lines part, or line ends in a text without blank lines."""
    data = path.read_bytes()
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    pieces = re.split(r"\r?\n\s*\n", text)
    pieces = pieces if len(pieces) > 2 else text.splitlines()
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def page_peers() -> dict[str, Peer]:
    """The peers of web pages that are installed."""
    peers: dict[str, Peer] = {}
    try:
        import lxml.html

        def by_tag(path: Path) -> list[str]:
            tree = lxml.html.document_fromstring(path.read_bytes())
            texts = (" ".join(tag.text_content().split()) for tag in tree.iter("p"))
            return [text for text in texts if text]

        peers["lxml p"] = by_tag
    except ImportError:
        print("lxml is not installed")
    try:
        import trafilatura

        def extracted(path: Path) -> list[str]:
            text = trafilatura.extract(path.read_bytes().decode()) or ""
            return [line for line in text.splitlines() if line.strip()]

        peers["trafilatura"] = extracted
    except ImportError:
        print("trafilatura is not installed")
    return peers


def compare(ours: Walk, gold: Walk) -> Score:
    same = Counter(text for _, text in ours) & Counter(text for _, text in gold)
    return Score(len(ours), len(gold), same.total(), (Counter(ours) & Counter(gold)).total())


def score_kind(
    kind: str,
    golds: dict[Path, Walk],
    read: Callable[[Path], Walk],
    peers: dict[str, Peer],
    floor: float,
) -> bool:
    """Prints a row for each file and their sum; whether the floors are met."""
    names = ["ours", *peers]
    print(f"\n{kind:28} {'gold':>5} {'found':>5} {'paths':>6}  F1: {'  '.join(names)}")
    sums = dict.fromkeys(names, Score())
    for path, gold in golds.items():
        scores = {"ours": compare(read(path), gold)}
        for name, peer in peers.items():
            scores[name] = compare([((), text) for text in peer(path)], gold)
        sums = {name: sums[name] + scores[name] for name in names}
        _row(path.name, scores)
    _row("all", sums)
    whole = sums["ours"]
    met = whole.f1 >= floor and whole.paths >= PATH_FLOOR
    print(f"floors: F1 {floor}, paths {PATH_FLOOR}: {'met' if met else 'NOT MET'}")
    return met


def _row(name: str, scores: dict[str, Score]) -> None:
    ours = scores["ours"]
    figures = "  ".join(f"{score.f1:{max(6, len(key))}.3f}" for key, score in scores.items())
    print(f"{name:28} {ours.gold:5} {ours.ours:5} {ours.paths:6.3f}  {figures}")


def score_pages(folder: Path) -> bool:
    """Section paths of whole pages against their heading tags; a run-in heading is no tag's."""
    whole = Score()
    for path in sorted(folder.glob("*.html")):
        source, _ = decode_page(path.read_bytes(), path.name)
        try:
            gold = walk_page(source)
        except ValueError:
            print(f"{path.name:28} has no report body that the walk of tags knows")
            continue
        ours = [(p.section, p.text) for p in read_page(source, path.name).pieces]
        whole += compare(_tagged(ours, gold), gold)
    print(f"\n{folder.name}: section paths right {whole.paths:.4f} of {whole.gold} paragraphs")
    return whole.gold > 0 and whole.paths >= PATH_FLOOR


def _tagged(ours: Walk, gold: Walk) -> Walk:
    """Our paragraphs without the last step of a path that is the paragraph's own first words."""
    known = set(gold)
    return [
        (section[:-1], text)
        if (section, text) not in known and section and text.startswith(section[-1])
        else (section, text)
        for section, text in ours
    ]


if __name__ == "__main__":
    main()
