"""Invented codings for the agreement report's tests, as lines of `workbench agreement --input`."""

import json
import random
from datetime import UTC, datetime

from workbench.annotations.rawcodings import read_codings
from workbench.exports.agreement.compose import compose_report, subject_of_raw
from workbench.exports.agreement.report import AgreementReport

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_CODER = "Ana Maria Hernández-Villanueva de la Torre (University of Port Amaro)"
SECTIONS = (
    "SECTION 1. RESPECT FOR THE INTEGRITY OF THE PERSON, INCLUDING FREEDOM FROM: a. Arbitrary "
    "Deprivation of Life; b. Disappearance",
    "القسم ٢: الحريات المدنية",
    "第三节 尊重政治权利",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstellenverordnung",
)
TEXTS = (
    "احتجزت الشرطة في ميناء أمارو اثنين من المضربين طوال الليل.",
    "警方在阿马罗港拘留了两名罢工者，整夜不允许他们联系律师。" * 6,
    f"{'A' * 300} and the dockers met.",
    "Police in Port Amaro held two strikers & a <witness> overnight.",
)
COMMENT = "The rule on strikes does not say."


def awkward_lines(codes: int = 30, coders: int = 14, paragraphs: int = 90) -> list[str]:
    """JSONL: long names, several scripts, a code nobody but one file knows, one that all give."""
    chance = random.Random(5)
    names = [f"code {n} {'long-name ' * (n % 4)}".strip() for n in range(codes)]
    people = [
        LONG_CODER,
        "مُرَمِّز",
        "编码员",
        *(f"annotator-university-{n:02}" for n in range(coders - 3)),
    ]
    lines = []
    for number in range(paragraphs):
        truth = {name for name in names[:-1] if chance.random() < 0.08} | {names[-1]}
        for person in chance.sample(people, min(5, coders)):
            slips = {name for name in names[:-1] if chance.random() < 0.03}
            line: dict[str, object] = {
                "unit": f"veldria-{number:03}",
                "annotator": person,
                "codes": sorted(truth ^ slips),
                "report": f"veldria-{2000 + number % 13}",
                "source": "state" if number % 2 else "un",
                "section": SECTIONS[number % 4],
                "created_at": f"2026-01-{1 + number // 3:02}T10:00:00Z",
                "text": f"{TEXTS[number % 4]} {number}",
                "comment": COMMENT if slips else "",
            }
            if number % 3:
                line["prelabel"] = sorted(truth)
            lines.append(json.dumps(line, ensure_ascii=False))
    return lines


def report_of(lines: list[str], with_text: bool = True) -> AgreementReport:
    """The report on `lines`, with few resamples."""
    subject = subject_of_raw(read_codings(lines, "codings.jsonl"))
    return compose_report(subject, "Veldria", MADE, resamples=100, with_text=with_text)


def study_lines() -> list[str]:
    """Three coders, four codes of different use and difficulty, two invented reports."""
    chance = random.Random(11)
    shares = {"assembly": (0.18, 0.005), "expression": (0.25, 0.04), "labor": (0.3, 0.1)}
    rare = {17, 80, 141, 202, 255}
    lines = []
    for number in range(320):
        truth = {code for code, (share, _) in shares.items() if chance.random() < share}
        for coder in ("ana", "ben", "chloe"):
            codes = truth ^ {code for code, (_, slip) in shares.items() if chance.random() < slip}
            if number in rare and chance.random() < 0.8:
                codes.add("torture")
            line = {
                "unit": f"veldria-{number:03}",
                "annotator": coder,
                "codes": sorted(codes),
                "report": f"veldria-{2019 + number % 2}-state",
                "text": f"Police in Port Amaro met the strikers of pier {number}.",
            }
            lines.append(json.dumps(line))
    return lines
