"""What a message means as numbers: the sentence encoder, pieces of words, the risk classifier."""

from nachtlicht.encoder.classifier import ClassifierError, Judged, OtherEncoder, RiskClassifier
from nachtlicht.encoder.encoder import Encoder, EncoderError
from nachtlicht.encoder.kept import kept_vectors
from nachtlicht.encoder.ngrams import SIZE, ngram_row, ngram_rows

__all__ = [
    "SIZE",
    "ClassifierError",
    "Encoder",
    "EncoderError",
    "Judged",
    "OtherEncoder",
    "RiskClassifier",
    "kept_vectors",
    "ngram_row",
    "ngram_rows",
]
