"""What a message means as numbers: the sentence encoder, and pieces of words beside it."""

from nachtlicht.encoder.encoder import Encoder, EncoderError
from nachtlicht.encoder.ngrams import SIZE, ngram_row

__all__ = ["SIZE", "Encoder", "EncoderError", "ngram_row"]
