"""Writes the golden file of DecoderTest: random blocks of every type and their values by gguf.quants.

    pip install gguf numpy
    python3 make_decoder_goldens.py ../resources/dev/vtc/tensor/decoder-goldens.bin.gz

Layout, little endian, per type: i32 ggml type number, i32 blocks, the blocks, then the values as f32.
"""
import gzip
import struct
import sys

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.constants import GGML_QUANT_SIZES
from gguf.quants import dequantize

# Offsets of the f16 fields of a block: random bits there would often be infinite or not a number.
F16_FIELDS = {
    T.F16: [0], T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82],
    T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ4_NL: [0], T.IQ4_XS: [0],
    T.BF16: [], T.F32: [], T.MXFP4: [],
}
EXTREMES = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x7BFF, 0xFBFF, 0x3C00]


def blocks_of(t: T, rng: np.random.Generator) -> np.ndarray:
    size, width = GGML_QUANT_SIZES[t]
    n = 7 if size == 256 else 24 if size == 32 else 500
    b = rng.integers(0, 256, (n, width), dtype=np.uint8)
    if t in (T.F32, T.BF16):
        # no infinity or NaN; otherwise any bits, subnormals and negative zero included
        top = b[:, width - 1]
        b[:, width - 2] = np.where((top & 0x7F) == 0x7F, b[:, width - 2] & 0x7F, b[:, width - 2])
        b[:3, :] = 0
        b[1, -1] = 0x80
        b[2, 0] = 1
    for field in F16_FIELDS[t]:
        bits = rng.integers(0, 0x10000, n, dtype=np.uint16)
        bits = np.where((bits & 0x7C00) == 0x7C00, bits & 0xBFFF, bits).astype(np.uint16)
        for i in range(min(n, len(EXTREMES))):
            bits[n - 1 - i] = EXTREMES[(i + field) % len(EXTREMES)]
        b[:, field] = bits & 0xFF
        b[:, field + 1] = bits >> 8
    if t == T.MXFP4:
        b[:4, 0] = [0, 1, 2, 250]
        b[4:, 0] = np.minimum(b[4:, 0], 250)
    return b


def main(path: str) -> None:
    rng = np.random.default_rng(20260101)
    out = bytearray()
    for t in F16_FIELDS:
        b = blocks_of(t, rng)
        values = dequantize(b.view({T.F32: np.float32, T.F16: np.float16}.get(t, np.uint8)), t).astype(np.float32)
        assert np.isfinite(values).all(), t
        out += struct.pack("<ii", int(t), len(b)) + b.tobytes() + values.astype("<f4").tobytes()
    with open(path, "wb") as f, gzip.GzipFile(fileobj=f, mode="wb", mtime=0, filename="") as z:
        z.write(bytes(out))


main(sys.argv[1])
