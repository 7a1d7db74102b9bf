"""The methods that benchmarks/models.py sets side by side, each behind `fit` and `score`."""

import random
import tempfile
from collections.abc import Sequence
from typing import Protocol, Self

import numpy as np
import spacy
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC
from spacy.training import Example

from workbench.models.classifier import ParagraphClassifier
from workbench.models.coldstart import score_row
from workbench.models.embeddings import SentenceEmbeddings
from workbench.models.features import build_features
from workbench.models.reading import TextRow, reader_for
from workbench.taxonomy.codebook import Codebook

#: Batches of 64 that spaCy learns from: many times over from few texts, few times from many.
_BATCHES = 1000
_MOST_EPOCHS = 20


class Method(Protocol):
    """Learns from rows and labels of the shape (rows, codes); scores rows between 0 and 1.

    At 0.5 and above a method gives a code if it is left to itself.
    """

    def fit(self, rows: Sequence[TextRow], labels: np.ndarray) -> Self: ...

    def score(self, rows: Sequence[TextRow]) -> np.ndarray: ...


class Plain:
    """TF-IDF as scikit-learn has it, and one linear model per code."""

    def __init__(self, estimator: LogisticRegression | LinearSVC) -> None:
        self._words = TfidfVectorizer()
        self._models = OneVsRestClassifier(estimator)

    def fit(self, rows: Sequence[TextRow], labels: np.ndarray) -> Self:
        self._models.fit(self._words.fit_transform(row.text for row in rows), labels)
        return self

    def score(self, rows: Sequence[TextRow]) -> np.ndarray:
        table = self._words.transform(row.text for row in rows)
        return expit(self._models.decision_function(table))


class Textcat:
    """spaCy's textcat_multilabel with its bag of words; labels are named by their place."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def fit(self, rows: Sequence[TextRow], labels: np.ndarray) -> Self:
        spacy.util.fix_random_seed(self._seed)
        draw = random.Random(self._seed)
        self._nlp = spacy.blank("en")
        model = {
            "@architectures": "spacy.TextCatBOW.v3",
            "exclusive_classes": False,
            "ngram_size": 1,
            "length": 32768,
            "no_output_layer": False,
        }
        pipe = self._nlp.add_pipe("textcat_multilabel", config={"model": model})
        names = [str(k) for k in range(labels.shape[1])]
        for name in names:
            pipe.add_label(name)
        examples = [
            Example.from_dict(
                self._nlp.make_doc(row.text),
                {"cats": dict(zip(names, map(float, of_row), strict=True))},
            )
            for row, of_row in zip(rows, labels, strict=True)
        ]
        optimizer = self._nlp.initialize(lambda: examples[:100])
        epochs = min(_MOST_EPOCHS, max(1, _BATCHES * 64 // len(examples)))
        for _ in range(epochs):
            draw.shuffle(examples)
            for batch in spacy.util.minibatch(examples, 64):
                self._nlp.update(batch, sgd=optimizer)
        return self

    def score(self, rows: Sequence[TextRow]) -> np.ndarray:
        docs = self._nlp.pipe(row.text for row in rows)
        return np.array([[doc.cats[str(k)] for k in range(len(doc.cats))] for doc in docs])


class Sentences:
    """Sentence embeddings and logistic regression, nothing else."""

    def __init__(self, model: str) -> None:
        self._embeddings = SentenceEmbeddings(model)
        self._models = OneVsRestClassifier(LogisticRegression(max_iter=1000))

    def fit(self, rows: Sequence[TextRow], labels: np.ndarray) -> Self:
        self._models.fit(self._embeddings.fit_transform(rows), labels)
        return self

    def score(self, rows: Sequence[TextRow]) -> np.ndarray:
        return expit(self._models.decision_function(self._embeddings.transform(rows)))


class SetFit:
    """SetFit: the embedding model itself is trained on pairs of labelled texts."""

    def __init__(self, model: str, iterations: int, seed: int) -> None:
        self._name, self._iterations, self._seed = model, iterations, seed

    def fit(self, rows: Sequence[TextRow], labels: np.ndarray) -> Self:
        import setfit
        from datasets import Dataset

        self._model = setfit.SetFitModel.from_pretrained(
            self._name, multi_target_strategy="one-vs-rest", local_files_only=True
        )
        given = {"text": [row.text for row in rows], "label": labels.tolist()}
        with tempfile.TemporaryDirectory() as folder:
            arguments = setfit.TrainingArguments(
                output_dir=folder,
                batch_size=16,
                num_iterations=self._iterations,
                num_epochs=1,
                seed=self._seed,
                report_to="none",
                save_strategy="no",
            )
            setfit.Trainer(self._model, arguments, train_dataset=Dataset.from_dict(given)).train()
        return self

    def score(self, rows: Sequence[TextRow]) -> np.ndarray:
        return np.asarray(self._model.predict_proba([row.text for row in rows], as_numpy=True))


class Phrases:
    """The codebook's indicator phrases; nothing is learned."""

    def __init__(self, codebook: Codebook) -> None:
        self._reader, self._codes = reader_for(codebook), codebook.code_names

    def fit(self, rows: Sequence[TextRow], labels: np.ndarray) -> Self:
        return self

    def score(self, rows: Sequence[TextRow]) -> np.ndarray:
        return np.array([score_row(row, self._codes) for row in self._reader.transform(rows)])


class Ours:
    """What `workbench train` fits, with `--embeddings` or without."""

    def __init__(self, codebook: Codebook, seed: int, embeddings: str | None = None) -> None:
        self._reader = reader_for(codebook)
        hints = {code.code: code.hints for code in codebook.codes}
        features = build_features(codebook.code_names, hints, embeddings)
        codes = list(codebook.code_names)
        self._classifier = ParagraphClassifier(features, seed=seed, codes=codes)

    def fit(self, rows: Sequence[TextRow], labels: np.ndarray) -> Self:
        self._classifier.fit(self._reader.transform(rows), labels)
        return self

    def score(self, rows: Sequence[TextRow]) -> np.ndarray:
        return self._classifier.predict_proba(self._reader.transform(rows))
