"""Invented reports on Ostravia, a country that does not exist."""

import random
from collections.abc import Callable

import pytest

from workbench.models.training import TrainedModel, train_model
from workbench.records import CodedParagraph, Paragraph
from workbench.taxonomy.codebook import Codebook

SUBJECTS = {
    "torture": (
        "Guards in {place} beat the prisoners until they signed {thing}",
        "Two men died in custody in {place} after officers tortured them over {thing}",
        "Inmates in {place} slept in shifts because of overcrowding and lacked {thing}",
        "A lawyer from {place} documented mistreatment of detainees who had asked for {thing}",
    ),
    "assembly": (
        "The mayor of {place} refused a permit for the rally about {thing}",
        "Police in {place} dispersed the protesters who carried {thing}",
        "An unregistered organization in {place} was closed for collecting {thing}",
        "The march through {place} ended with fines for the peaceful demonstration about {thing}",
    ),
    "expression": (
        "A newspaper in {place} lost its licence over a story about {thing}",
        "The court of {place} convicted a blogger of libel for a drawing of {thing}",
        "Journalists in {place} said that censorship kept {thing} out of the news",
        "The regulator blocked websites from {place} that wrote about {thing}",
    ),
    "labor": (
        "The mill in {place} dismissed workers who had founded a trade union over {thing}",
        "Labor inspectors in {place} found children who carried {thing} for no wages",
        "Dockers in {place} were denied the right to strike for {thing}",
        "Migrant workers in {place} had their passports taken along with {thing}",
    ),
    "none": (
        "The parliament in {place} adopted a budget for roads and {thing}",
        "Voters in {place} elected a council that promised {thing}",
        "The river near {place} flooded and destroyed {thing}",
        "Refugees in {place} received tents and {thing} from the neighbours",
    ),
}
PLACES = ("Karsk", "Velm", "Dorrin", "Upper Tesch", "Ostrin Bay", "Marl", "Quay Lodden", "Pell")
THINGS = ("old maps", "winter coats", "the harbour", "bread", "a bridge", "clocks", "seed", "paint")
HEADINGS = {
    "torture": "c. Treatment in Custody",
    "assembly": "b. Freedom of Peaceful Assembly",
    "expression": "a. Freedom of Expression",
    "labor": "e. Conditions of Work",
    "none": "f. Other Matters",
}


def invent_report(report_id: str, count: int, seed: int) -> list[CodedParagraph]:
    """`count` coded paragraphs of one invented report; the codes take turns."""
    draw = random.Random(seed)
    coded = []
    for i in range(count):
        code = list(SUBJECTS)[i % len(SUBJECTS)]
        sentence = draw.choice(SUBJECTS[code]).format(
            place=draw.choice(PLACES), thing=draw.choice(THINGS)
        )
        text = f"{sentence} in {draw.choice(('spring', 'June', 'autumn', 'May'))}, {draw.random()}"
        # Numbers enough that two of one pattern are no edited copies of each other.
        text += f", {' '.join(str(random.Random(f'{text}{n}').random()) for n in range(5))}."
        codes = () if code == "none" else (code,)
        coded.append(code_text(text, codes, report_id, i, section=(HEADINGS[code],)))
    return coded


def code_text(
    text: str,
    codes: tuple[str, ...],
    report_id: str = "ostravia-2031",
    position: int = 0,
    tied: tuple[str, ...] = (),
    section: tuple[str, ...] = (),
) -> CodedParagraph:
    paragraph = Paragraph(
        paragraph_id=f"{report_id}-{position:04d}",
        report_id=report_id,
        position=position,
        section=section,
        text=text,
        start=0,
        end=len(text),
        spans=((0, len(text)),),
    )
    return CodedParagraph(paragraph, codes, tied, ("ada", "ben", "cyd"))


@pytest.fixture(scope="session")
def coded() -> list[CodedParagraph]:
    """Two invented reports of 40 paragraphs."""
    return invent_report("ostravia-2031", 40, 1) + invent_report("ostravia-2033", 40, 2)


@pytest.fixture(scope="session")
def make_coded() -> Callable[..., CodedParagraph]:
    return code_text


@pytest.fixture(scope="session")
def invent() -> Callable[[str, int, int], list[CodedParagraph]]:
    return invent_report


@pytest.fixture(scope="session")
def trained(coded: list[CodedParagraph], codebook: Codebook) -> TrainedModel:
    return train_model(coded, codebook)
