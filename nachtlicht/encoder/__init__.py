"""What a message means as numbers: the sentence encoder, pieces of words, the risk classifier."""

from nachtlicht.encoder.classifier import ClassifierError, Judged, RiskClassifier
from nachtlicht.encoder.encoder import Encoder, EncoderError
from nachtlicht.encoder.ngrams import SIZE, ngram_row

__all__ = [
    "SIZE",
    "ClassifierError",
    "Encoder",
    "EncoderError",
    "Judged",
    "RiskClassifier",
    "ngram_row",
]
