"""How fast and how completely near duplicates are found, beside MinHash libraries.

    python benchmarks/duplicates.py [--paragraphs 250000] [--sample 4000] [--peers 25000]

Makes paragraphs of invented words (seeded): series of "yearly reports" in which
each year copies, edits, rewrites or drops what the year before said, and
phrases that all countries share. Prints, for the whole, seconds and peak
memory; for a sample of whole series, the recall against exact pairwise Jaccard
(the share of near pairs that are in one cluster) and the share of clustered
pairs that are near; and beside it, on the first --peers paragraphs, the same
of datasketch and rensa, where they are installed, as ratios.
"""

import argparse
import multiprocessing
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from workbench.reports.duplicates import find_clusters
from workbench.reports.shingles import shingles

THRESHOLD = 0.8
PERMUTATIONS = 128
YEARS = 12
Items = list[tuple[str, str]]
#: A cluster number for every item, in the order of the items.
Labels = np.ndarray


@dataclass(frozen=True)
class Run:
    """What a contender took and found. `peak` is in MB, the texts included."""

    seconds: float
    peak: float
    labels: Labels


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--paragraphs", type=int, default=250_000)
    options.add_argument("--sample", type=int, default=4_000)
    options.add_argument("--peers", type=int, default=25_000)
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()

    items = make_items(args.paragraphs, args.seed)
    words = sum(text.count(" ") + 1 for _, text in items) / len(items)
    print(f"{len(items):,} paragraphs of {words:.0f} words on average, seed {args.seed}")
    report("workbench", run(cluster, items), items, args.sample)

    few = items[: args.peers]
    print(f"\nthe first {len(few):,} of them")
    own = run(cluster, few)
    report("workbench", own, few, args.sample)
    for name, contender in (("datasketch", cluster_datasketch), ("rensa", cluster_rensa)):
        if find_spec(name) is None:
            print(f"{name}: not installed")
            continue
        peer = run(contender, few)
        report(name, peer, few, args.sample)
        print(f"  {name} / workbench: time {peer.seconds / own.seconds:.1f}, "
              f"memory {peer.peak / own.peak:.1f}")  # fmt: skip


def make_items(count: int, seed: int) -> Items:
    """Paragraphs with ids that begin with their series: `s000012.y03`."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices("aeioubcdfghklmnprstvz", k=rng.randint(2, 11)))
                  for _ in range(40_000)]  # fmt: skip
    weights = np.cumsum([1 / (rank + 2.7) for rank in range(len(vocabulary))]).tolist()

    def draw(k: int) -> list[str]:
        return rng.choices(vocabulary, cum_weights=weights, k=k)

    def edit(words: list[str], rate: float) -> list[str]:
        """Replace, leave out and insert runs of words until about `rate` of them are touched."""
        words = list(words)
        for _ in range(max(1, round(len(words) * rate / 3))):
            at, length = rng.randrange(len(words) + 1), rng.randint(1, 5)
            words[at : at + rng.choice((0, length))] = draw(rng.choice((0, length)))
        return words or draw(5)

    phrases = [draw(rng.randint(8, 40)) for _ in range(60)]
    items: Items = []
    for series in range(count):
        words = draw(min(400, max(4, round(rng.lognormvariate(4.4, 0.7)))))
        if rng.random() < 0.1:
            words = edit(rng.choice(phrases), 0.1)
        for year in range(YEARS):
            fate = rng.random()
            if year and fate < 0.15:
                words = draw(len(words))
            elif year and fate < 0.60:
                words = edit(words, rng.choice((0.01, 0.03, 0.05, 0.1, 0.2)))
            if fate > 0.05:
                items.append((f"s{series:06}.y{year:02}", " ".join(words)))
            if len(items) == count:
                return items
    return items


def run(contender: Callable[[Items], Labels], items: Items) -> Run:
    """Run in a process of its own, so that its peak of memory is its own."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)

    def work() -> None:
        start = time.perf_counter()
        labels = contender(items)
        seconds = time.perf_counter() - start
        send.send(Run(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, labels))

    process = context.Process(target=work)
    process.start()
    send.close()
    result = receive.recv()
    process.join()
    return result


def report(name: str, result: Run, items: Items, sample: int) -> None:
    recall, precision, pairs, count = score(result.labels, items, sample)
    print(
        f"  {name}: {result.seconds:.1f} s, peak {result.peak:,.0f} MB; on {count:,} paragraphs "
        f"with {pairs:,} near pairs recall {recall:.4f}, "
        f"clustered pairs that are near {precision:.4f}"
    )


def score(labels: Labels, items: Items, sample: int) -> tuple[float, float, int, int]:
    """Recall, share of clustered pairs that are near, near pairs, and paragraphs looked at."""
    series = sorted({key[:7] for key, _ in items})
    random.Random(0).shuffle(series)
    chosen = set(series[: -(-sample // (YEARS - 1))])
    rows = [row for row, (key, _) in enumerate(items) if key[:7] in chosen][:sample]
    near = _exact_pairs([items[row][1] for row in rows])
    own = labels[rows]
    together = np.triu(own[:, None] == own[None, :], k=1)
    both = np.count_nonzero(near & together)
    return both / near.sum(), both / together.sum(), int(near.sum()), len(rows)


def _exact_pairs(texts: list[str]) -> np.ndarray:
    """Which pairs i < j have a Jaccard similarity of THRESHOLD or more; all are compared."""
    columns: dict[tuple[str, ...], int] = {}
    sets = [[columns.setdefault(s, len(columns)) for s in shingles(text)] for text in texts]
    ends = np.cumsum([0, *map(len, sets)])
    table = csr_matrix(
        (np.ones(ends[-1], np.int32), [c for row in sets for c in row], ends),
        shape=(len(texts), len(columns)),
    )
    common = (table @ table.T).toarray()
    sizes = np.diff(ends)
    union = sizes[:, None] + sizes[None, :] - common
    return np.triu(common >= THRESHOLD * union - 1e-9, k=1)


def cluster(items: Items) -> Labels:
    number = {
        member.id: label
        for label, found in enumerate(find_clusters(items, THRESHOLD))
        for member in found.members
    }
    return np.array([number[key] for key, _ in items])


def _shingle_strings(items: Items) -> Iterator[list[str]]:
    for _, text in items:
        yield [" ".join(shingle) for shingle in shingles(text)]


def _connect(links: list[tuple[int, int]], count: int) -> Labels:
    rows, cols = np.array(links or [(0, 0)]).T
    graph = csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def cluster_datasketch(items: Items) -> Labels:
    """MinHashLSH, candidates kept where the estimated similarity reaches the threshold."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    held: list[MinHash] = []
    links: list[tuple[int, int]] = []
    for number, strings in enumerate(_shingle_strings(items)):
        sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update_batch([string.encode() for string in strings])
        for other in index.query(sketch):
            if sketch.jaccard(held[other]) >= THRESHOLD:
                links.append((number, other))
        index.insert(number, sketch)
        held.append(sketch)
    return _connect(links, len(items))


def cluster_rensa(items: Items) -> Labels:
    """RMinHash and RMinHashLSH, likewise."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=16)
    held: list[RMinHash] = []
    links: list[tuple[int, int]] = []
    for number, strings in enumerate(_shingle_strings(items)):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update(strings)
        for other in index.query(sketch):
            if sketch.jaccard(held[other]) >= THRESHOLD:
                links.append((number, other))
        index.insert(number, sketch)
        held.append(sketch)
    return _connect(links, len(items))


if __name__ == "__main__":
    main()
