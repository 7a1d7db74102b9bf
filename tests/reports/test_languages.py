"""The language of a text, from its content, with what the file declares as a hint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.languages import LEAST_LETTERS, detect_language, language_code

TEXTS = {
    "en": "The courts of the five cantons were closed in the spring, and nobody was told why. "
    "A judge in Dunmere heard no case until the rain had stopped.",
    "fr": "Les tribunaux des cinq cantons sont restés fermés au printemps, sans que personne ne "
    "sache pourquoi. Un juge de Dunmere n'a entendu aucune affaire.",
    "es": "Los tribunales de los cinco cantones permanecieron cerrados en primavera y nadie supo "
    "por qué. Un juez de Dunmere no atendió ningún caso hasta que dejó de llover.",
    "de": "Die Gerichte der fünf Kantone blieben im Frühjahr geschlossen, und niemand erfuhr den "
    "Grund. Ein Richter in Dunmere hörte keinen Fall, bis der Regen aufhörte.",
    "ru": "Суды пяти кантонов весной были закрыты, и никому не сказали почему. Судья в Данмере "
    "не рассматривал дела, пока не прекратился дождь.",
    "uk": "Суди п'яти кантонів навесні були зачинені, і нікому не сказали чому. Суддя в Данмері "
    "не розглядав справ, доки не припинився дощ.",
    "kk": "Бес кантонның соттары көктемде жабық болды, оның себебін ешкімге айтқан жоқ. Данмердегі "
    "судья жаңбыр тоқтағанша бірде-бір істі қараған жоқ.",
    "ar": "ظلت محاكم الكانتونات الخمسة مغلقة في الربيع ولم يعرف أحد السبب. ولم ينظر القاضي في أي "
    "قضية حتى توقف المطر عن الهطول في المدينة.",
    "zh": "春天，五个州的法院都关闭了，没有人被告知原因。邓米尔的一位法官直到雨停才开始审理案件，"
    "许多人在门外等候了好几个星期，却没有得到任何答复。",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_a_text_is_in_its_language_whatever_is_declared(language: str, text: str) -> None:
    assert detect_language(text) == language
    assert detect_language(text.upper()) == language
    assert detect_language(text, f"{language}-XX") == language
    assert detect_language(text, "en" if language != "en" else "fr") == language


def test_too_little_text_has_the_language_it_declares_or_none() -> None:
    for text in ("", "The courts.", "1234 5678 " * 200, "!? -- " * 200):
        assert detect_language(text) is None
        assert detect_language(text, "pt-BR") == "pt"
    short = "x" * (LEAST_LETTERS - 1)
    assert detect_language(short) is None


def test_what_is_in_no_language_has_none() -> None:
    assert detect_language("asdf qwer zxcv " * 40) is None


def test_of_a_mixed_text_the_language_of_most_of_it_counts() -> None:
    assert detect_language(f"{TEXTS['fr']}\n" + f"{TEXTS['en']}\n" * 6) == "en"
    assert detect_language(f"{TEXTS['fr']}\n" * 6 + f"{TEXTS['en']}\n") == "fr"
    links = "[Home](https://example.org/home) | [العربية](#) | [Русский](#)\n"
    assert detect_language(links + f"{TEXTS['de']}\n" * 9 + links) == "de"


def test_close_relatives_are_as_declared() -> None:
    norwegian = (
        "Domstolene i de fem kantonene var stengt om våren, og ingen fikk vite hvorfor. En dommer "
        "i Dunmere behandlet ingen saker før regnet hadde gitt seg."
    )
    assert detect_language(norwegian, "nb-NO") == "nb"
    assert detect_language(norwegian) == "no"


def test_a_declared_language_that_cannot_be_checked_stands_but_not_against_a_common_one() -> None:
    # The model does not know Dzongkha's neighbour Tibetan, and calls it Dzongkha.
    tibetan = "ང་ཚོས་ཁྲིམས་ཁང་གི་སྒོ་བརྒྱབ་པ་མཐོང་། སུས་ཀྱང་རྒྱུ་མཚན་བཤད་མ་སོང་། " * 3
    assert detect_language(tibetan, "bo") == "bo"
    assert detect_language(TEXTS["fr"], "tn") == "fr"


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        (" EN_us ", "en"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("eng", "en"),
        ("fre", "fr"),
        ("fra", "fr"),
        ("und", None),
        ("x-default", None),
        ("qq", None),
        ("English, US", None),
        ("", None),
    ],
)
def test_a_language_tag_gives_the_code_of_its_language(declared: str, code: str | None) -> None:
    assert language_code(declared) == code


@given(st.text(max_size=3000), st.none() | st.text(max_size=12))
def test_any_text_has_a_language_code_or_none_and_always_the_same(
    text: str, declared: str | None
) -> None:
    found = detect_language(text, declared)
    assert found is None or (len(found) == 2 and found.isascii() and found.islower())
    assert detect_language(text, declared) == found
