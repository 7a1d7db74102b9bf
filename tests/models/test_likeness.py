"""Reports unlike the training data, and what still holds of a model's answer there."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.models.carrying import carry_over
from workbench.models.likeness import (
    Likeness,
    Yardstick,
    choose_known,
    read_words,
    share_doubtful,
)
from workbench.records import Evidence, Prediction

FORMAL = (
    "the law provides for {x}, and the government generally respected it, although there were"
    " reports that officials in {y} abused their office during the year and were not punished",
    "there were no reports of {x} by the security forces, but observers noted that the courts"
    " in {y} were slow, and that the authorities did not always tell families of an arrest",
)
TERSE = (
    "we call on your rulers: free {x} now! stop what you do to us, why do you hide {y} from me",
    "i saw {x} myself, nobody helped us, my brother said he would never go back to {y} again",
)
NOUNS = ("detainees", "journalists", "farmers", "teachers", "rivers", "schools", "ports", "mines")


def write(report_id: str, source: str | None, patterns: tuple[str, ...], seed: int, number=60):
    draw = random.Random(seed)
    texts = [
        draw.choice(patterns).format(x=draw.choice(NOUNS), y=draw.choice(NOUNS))
        for _ in range(number)
    ]
    return read_words(report_id, source, texts)


def judge_likeness(report, training, **doubts) -> Likeness:
    return Yardstick(training).judge(report, **doubts)


@pytest.fixture
def training():
    return [write(f"ostravia-{year}", "state", FORMAL, year) for year in (2031, 2033)]


def test_another_report_of_the_same_kind_is_like(training) -> None:
    assert judge_likeness(write("velm-2032", "state", FORMAL, 3), training).like


def test_another_publisher_is_named(training) -> None:
    found = judge_likeness(write("velm-2032", "watch", FORMAL, 3), training)
    assert found.reasons == ("its publisher (watch) is not one of theirs (state)",)


def test_another_style_is_noticed_without_knowing_the_publisher(training) -> None:
    found = judge_likeness(write("velm-2032", None, TERSE, 3), training)
    assert any("style" in reason for reason in found.reasons)


def test_words_of_another_language_are_noticed(training) -> None:
    words = ("zemlja se trese u {x} kad vlada ne govori o {y} nego o vodi i hljebu naroda",)
    found = judge_likeness(write("velm-2032", None, words, 3), training)
    assert any("of its words are not in them" in reason for reason in found.reasons)


def test_one_training_report_is_enough_to_compare_with(training) -> None:
    assert judge_likeness(write("velm-2032", "state", FORMAL, 3), training[:1]).like
    assert not judge_likeness(write("velm-2032", "state", TERSE, 3), training[:1]).like


def test_a_few_words_are_judged_by_their_publisher_only(training) -> None:
    assert judge_likeness(write("velm-2032", "state", TERSE, 3, number=3), training).like
    assert not judge_likeness(write("velm-2032", "watch", TERSE, 3, number=3), training).like


def test_a_training_report_is_like_itself_and_nothing_is_unlike_no_training(training) -> None:
    assert judge_likeness(write("ostravia-2031", "watch", TERSE, 3), training).like
    assert judge_likeness(write("velm-2032", "watch", TERSE, 3), []).like


def test_many_more_doubtful_scores_than_when_held_out_are_a_reason(training) -> None:
    report = write("velm-2032", "state", FORMAL, 3)
    found = judge_likeness(report, training, doubtful=0.6, doubtful_held_out=0.1)
    assert found.reasons == (
        "60% of its paragraphs score near a threshold, 10% in held-out training reports",
    )
    assert judge_likeness(report, training, doubtful=0.15, doubtful_held_out=0.1).like


def test_doubt_about_a_few_words_is_no_reason(training) -> None:
    report = write("velm-2032", "state", FORMAL, 3, number=1)
    assert judge_likeness(report, training, doubtful=1.0, doubtful_held_out=0.1).like


def test_names_are_no_unknown_words(training) -> None:
    texts = [
        FORMAL[n % 2].format(x=NOUNS[n % 8], y=f"Nameville{n} Of Townton{n}") for n in range(60)
    ]
    reasons = judge_likeness(read_words("velm-2032", "state", texts), training).reasons
    assert not any("not in them" in reason for reason in reasons)


def test_the_share_of_doubtful_paragraphs_counts_scores_near_a_threshold() -> None:
    scores = np.array([[0.3, 0.0], [0.0, 0.95], [0.0, 0.05], [0.5, 0.5]])
    assert share_doubtful(scores, np.array([0.3, 0.5])) == 0.5
    assert share_doubtful(np.zeros((0, 2)), np.array([0.3, 0.5])) == 0.0


SURE = {"labor": 0.3}


def predict(score: float, *codes: str, evidence: tuple[Evidence, ...] = ()) -> Prediction:
    return Prediction(codes, {"labor": score}, evidence)


def test_phrases_can_turn_a_hesitant_model_and_not_a_sure_one() -> None:
    found = (Evidence("labor", 0, 6, "strike"),)
    phrases = predict(0.8, "labor", evidence=found)
    turned = carry_over(predict(0.25), phrases, SURE, {"labor": 0.5}, {"labor"})
    assert turned.codes == ("labor",)
    assert turned.evidence == found
    kept = carry_over(predict(0.01), phrases, SURE, {"labor": 0.5}, {"labor"})
    assert kept.codes == ()
    assert kept.evidence == ()


def test_a_code_without_phrases_keeps_the_models_answer() -> None:
    model = predict(0.25)
    assert carry_over(model, predict(0.9, "labor"), SURE, {"labor": 0.5}, set()) == model


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 0.95))
def test_two_that_agree_are_agreed_with_and_scores_stay_scores(
    score: float, plain: float, threshold: float
) -> None:
    given_codes = ("labor",) if score >= threshold else ()
    merged = carry_over(
        predict(score, *given_codes), predict(plain), {"labor": threshold}, {"labor": 0.5},
        {"labor"},
    )  # fmt: skip
    assert 0 <= merged.scores["labor"] <= 1
    assert (merged.scores["labor"] >= threshold) == bool(merged.codes)
    if score > threshold + 1e-4 and plain > 0.5001:
        assert merged.codes
    if score < threshold - 1e-4 and plain < 0.4999:
        assert not merged.codes


def test_a_report_is_known_by_enough_labels_of_its_own() -> None:
    there = {"large": 300, "half": 20, "less": 20, "one": 300}
    assert choose_known({"large": 30, "half": 10, "less": 9, "one": 1}, there) == {"large", "half"}
    # Where nothing is coded that far, what is coded most is all there is to know.
    assert choose_known({"less": 9, "one": 1, "large": 9}, there) == {"less", "large"}
    assert choose_known({"large": 0}, there) == frozenset()
    assert choose_known({}, {}) == frozenset()


def test_publishers_may_be_known_apart_from_the_reports(training) -> None:
    yardstick = Yardstick(training, {"state", "watch"})
    assert yardstick.judge(write("velm-2032", "watch", FORMAL, 3)).like
    unknown = Yardstick(training, {"watch"}).judge(write("velm-2032", "state", FORMAL, 3))
    assert "its publisher (state) is not one of theirs (watch)" in unknown.reasons
