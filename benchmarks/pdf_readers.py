"""Speed and faithfulness of the PDF reader beside other libraries' text.

    python benchmarks/pdf_readers.py [FOLDER]

Sets invented reports in several ways (reportlab), or takes the PDFs of a folder, and prints
pages per second of ours from bytes to paragraphs, of pdfium's words alone, and, where they
are installed, of pypdf, pdfminer.six and pdfplumber. For the invented reports it prints the
F1 of exact paragraphs too: the others' text is cut at blank lines by the generic layout.
"""

import io
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from workbench.reports.layouts import LAYOUTS, choose_layout
from workbench.reports.paragraphs import build_paragraphs
from workbench.reports.pdf.process import read_words
from workbench.reports.pdf.reading import extract_pdf
from workbench.reports.words import normalise

TESTS = Path(__file__).resolve().parents[1] / "tests" / "reports_pdf"

Sample = tuple[str, bytes, list[str]]


def make_samples() -> list[Sample]:
    """Invented reports as PDFs, with their paragraphs."""
    sys.path.insert(0, str(TESTS))
    setting = import_module("typesetting")
    looks = {
        "plain": setting.Look(),
        "ragged": setting.Look(font="Helvetica", justified=False, leading=1.5),
        "indented, hyphenated": setting.Look(space=0, indent=1.5, hyphenated=True),
        "two columns": setting.Look(columns=2, size=10),
        "three columns": setting.Look(columns=3, size=9, margin=50),
    }
    samples = []
    for number, (name, look) in enumerate(looks.items()):
        pieces, gold = setting.invent(number, 150, look.columns == 1, not look.hyphenated)
        samples.append((name, setting.typeset(pieces, look), gold))
    return samples


def cut(text: str) -> list[str]:
    """The paragraphs of a text by the layout that claims it."""
    layout, _ = choose_layout(text)
    return [record.text for record in build_paragraphs("r", text, layout.cut(text))]


def ours(data: bytes) -> str:
    """The text as workbench reads it."""
    return extract_pdf(data, "sample.pdf").text


def pdfium_words(data: bytes) -> str:
    """The words alone, by pdfium in a process of its own, one a line."""
    found = read_words(data, "sample.pdf")
    return "\n".join(word.text for page in found.pages for word in page.words)


def with_pypdf(data: bytes) -> str:
    """The text as pypdf gives it."""
    pages = import_module("pypdf").PdfReader(io.BytesIO(data)).pages
    return "\n\n".join(page.extract_text() for page in pages)


def with_pdfminer(data: bytes) -> str:
    """The text as pdfminer.six gives it, with its layout analysis."""
    return import_module("pdfminer.high_level").extract_text(io.BytesIO(data))


def with_pdfplumber(data: bytes) -> str:
    """The text as pdfplumber gives it."""
    with import_module("pdfplumber").open(io.BytesIO(data)) as document:
        return "\n\n".join(page.extract_text() for page in document.pages)


READERS: dict[str, Callable[[bytes], str]] = {
    "workbench": ours,
    "pdfium's words alone": pdfium_words,
    "pypdf": with_pypdf,
    "pdfminer.six": with_pdfminer,
    "pdfplumber": with_pdfplumber,
}


def f1(found: list[str], gold: list[str]) -> float:
    """F1 of exact paragraphs, as `normalise` compares them."""
    a, b = Counter(map(normalise, found)), Counter(map(normalise, gold))
    return 2 * (a & b).total() / ((a.total() + b.total()) or 1)


def main(arguments: list[str]) -> None:
    """Print a table of the readers."""
    if arguments:
        paths = sorted(Path(arguments[0]).glob("*.pdf"))
        samples = [(path.name, path.read_bytes(), []) for path in paths]
    else:
        samples = make_samples()
    pages = sum(len(read_words(data, name).pages) for name, data, _ in samples)
    print(f"{len(samples)} files, {pages} pages; layouts: {', '.join(LAYOUTS)}")
    for name, read in READERS.items():
        begin = time.perf_counter()
        try:
            texts = [read(data) for _, data, _ in samples]
        except ModuleNotFoundError:
            print(f"{name:22} not installed")
            continue
        speed = pages / (time.perf_counter() - begin)
        scores = [
            f"{f1(cut(text), gold):.3f}"
            for text, (_, _, gold) in zip(texts, samples, strict=True)
            if gold and read is not pdfium_words
        ]
        print(f"{name:22} {speed:7.1f} pages/s   F1 {' '.join(scores)}")


if __name__ == "__main__":
    main(sys.argv[1:])
