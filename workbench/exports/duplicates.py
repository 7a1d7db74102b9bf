"""Clusters of duplicates as JSON records and as rows for the terminal."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import shorten
from typing import IO

from workbench.records import Paragraph
from workbench.reports.duplicates import Cluster

#: Characters of a paragraph that a row shows.
_SHOWN = 60


def write_clusters(
    file: IO[str], clusters: Iterable[Cluster], paragraphs: Mapping[str, Paragraph]
) -> None:
    """Write a line of JSON for each cluster."""
    for cluster in clusters:
        file.write(json.dumps(cluster_record(cluster, paragraphs), ensure_ascii=False) + "\n")


def cluster_record(cluster: Cluster, paragraphs: Mapping[str, Paragraph]) -> dict[str, object]:
    """A cluster as plain JSON types, its representative first.

    `kind` is "exact" where all members have the same words. Members with the
    same `variant` have the same words; `similarity` is to the representative.
    """
    return {
        "size": len(cluster.members),
        "kind": _kind(cluster.exact),
        "members": [
            {
                "paragraph_id": member.id,
                "report_id": paragraphs[member.id].report_id,
                "section": list(paragraphs[member.id].section),
                "kind": _kind(member.exact),
                "variant": member.variant,
                "similarity": round(member.similarity, 4),
                "text": paragraphs[member.id].text,
            }
            for member in cluster.members
        ],
    }


def cluster_rows(
    clusters: Sequence[Cluster], paragraphs: Mapping[str, Paragraph]
) -> Iterator[tuple[str, ...]]:
    """The header, then a row for each member; what holds for the cluster stands in its first."""
    yield ("cluster", "size", "kind", "similarity", "report", "paragraph", "text")
    for number, cluster in enumerate(clusters, start=1):
        for place, member in enumerate(cluster.members):
            paragraph = paragraphs[member.id]
            yield (
                str(number),
                str(len(cluster.members)) if place == 0 else "",
                _kind(member.exact),
                f"{member.similarity:.2f}",
                paragraph.report_id,
                member.id.removeprefix(f"{paragraph.report_id}."),
                shorten(paragraph.text, _SHOWN, placeholder="…"),
            )


def _kind(exact: bool) -> str:
    return "exact" if exact else "near"
