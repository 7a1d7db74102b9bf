"""What a pull tells of others' work."""

from workbench.annotations.remarks import describe_deleted, describe_lost, describe_others


def test_who_annotated_in_anothers_project_is_told_once_for_all_their_tasks() -> None:
    others = {9: ("ben",), 4: ("ben", "dora"), 5: (), 6: ("ben",), 7: ("ben",), 8: ("ben",)}
    assert list(describe_others("ana", others)) == [
        "tasks 4, 6, 7 and 2 more of ana's project were annotated by ben and count as ben's",
        "task 4 of ana's project was annotated by dora and counts as dora's",
    ]


def test_a_deletion_is_told_unless_it_is_the_coders_own() -> None:
    deleted = [("p1", "ana", "ana"), ("p2", "ana", "ben"), ("p3", "ana", "")]
    assert list(describe_deleted(deleted)) == [
        "p2: the annotation of ana was deleted; ben changed the task last",
        "p3: the annotation of ana was deleted; by whom is not known",
    ]


def test_a_project_that_is_gone_is_told_with_what_comes_next() -> None:
    assert describe_lost("A (ben)", "ben", 5).endswith("without what ben has coded")
    assert describe_lost("A", None, 5).endswith("makes it anew")
