"""Writes the encoder as ONNX with weights of 8 bits, beside its tokenizer."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from training.e5 import Encoder


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
        quantize_dynamic(full, path, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
