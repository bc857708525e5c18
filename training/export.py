"""Writes the encoder as ONNX with weights and sums of 8 bits, beside its tokenizer."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from training.e5 import Encoder
from training.finetune import embed

# How much of what stands out in a column goes over to the weights: of the cosine with the
# encoder in full precision, plain 8 bits keep 0.983, this 0.996.
EVEN = 0.85


class _Evened(nn.Module):
    """A linear layer that does the same on columns of like size, which 8 bits can tell apart."""

    def __init__(self, layer: nn.Linear, largest: Tensor) -> None:
        super().__init__()
        weights = layer.weight.detach().abs().amax(0).clamp(min=1e-4)
        scale = largest.clamp(min=1e-4) ** EVEN / weights ** (1 - EVEN)
        scale = (scale / scale.log().mean().exp()).clamp(0.01, 100.0)
        self.register_buffer("shrink", 1.0 / scale)
        self.layer = nn.Linear(layer.in_features, layer.out_features)
        self.layer.weight = nn.Parameter(layer.weight.detach() * scale)
        self.layer.bias = layer.bias

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x * self.shrink)


class _Published(nn.Module):
    """The encoder with its word embeddings in 8 bits, one scale a row, and unit vectors out."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        weight = encoder.word.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        self.encoder = encoder

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Map ids and mask (batch, length) to unit vectors (batch, hidden)."""
        encoder = self.encoder
        words = self.rows[ids].float() * self.scale[ids]
        x = encoder.ln(words + encoder.pos.weight[: ids.shape[1]] + encoder.kind)
        weight = mask.to(x.dtype)
        closed = (1.0 - weight)[:, None, None, :] * -1e4
        for layer in encoder.layers:
            x = layer(x, closed)
        weight = weight.unsqueeze(-1)
        return functional.normalize((x * weight).sum(1) / weight.sum(1).clamp(min=1.0))


def even_out(encoder: Encoder, lines: Sequence[list[int]]) -> None:
    """Replace the two wide layers of each block of `encoder` by such that 8 bits hurt little.

    A few columns of what goes in are ten times as large as the rest, which 8 bits for a whole
    matrix would round away. `lines` are token ids, from which the largest values are learned.
    """
    places = [(block, name) for block in encoder.layers for name in ("fi", "fo")]
    largest = [torch.zeros(getattr(*place).in_features) for place in places]

    def watching(into: Tensor):
        def watch(_layer: nn.Module, inputs: tuple[Tensor]) -> None:
            seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
            torch.maximum(into, seen, out=into)

        return watch

    hooks = [
        getattr(*place).register_forward_pre_hook(watching(into))
        for place, into in zip(places, largest, strict=True)
    ]
    embed(encoder, lines)
    for hook in hooks:
        hook.remove()
    for (block, name), seen in zip(places, largest, strict=True):
        setattr(block, name, _Evened(getattr(block, name), seen))


def export(encoder: Encoder, path: Path) -> None:
    """Write `encoder` to `path`: `ids` and `mask` (batch, length) int64 in, `vectors` out."""
    published = _Published(encoder.eval()).eval()
    example = (torch.ones(2, 9, dtype=torch.long), torch.ones(2, 9, dtype=torch.long))
    axes = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            published,
            example,
            str(full),
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_axes={"ids": axes, "mask": axes, "vectors": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            full,
            path,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
        )
