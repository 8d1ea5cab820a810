"""Writes the golden file of QuantizerTest.

    pip install gguf numpy
    python3 make_quantizer_goldens.py libggml-base.so ../resources/dev/vtc/tensor/quantizer-goldens.bin.gz

libggml-base.so comes from a build of llama.cpp; its reference quantizers give the errors to compare with.

Layout, little endian: i32 distributions, i32 elements of each, then for each distribution: its elements as f32;
i32 simple types, for each: i32 ggml type number and the bytes by gguf.quants.quantize;
i32 K types, for each: i32 ggml type number, f64 root mean square error of ggml's reference quantizer, and f64 the
same with each square weighted by the root mean square of its 32 elements plus the magnitude of its element.
"""
import ctypes
import gzip
import struct
import sys

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.constants import GGML_QUANT_SIZES
from gguf.quants import dequantize, quantize

N = 8 * 256


def distributions(rng: np.random.Generator) -> list[np.ndarray]:
    normal = rng.normal(0, 0.02, N)
    outliers = rng.normal(0, 0.02, N)
    outliers[::97] *= 30
    special = rng.normal(0, 1, N)
    special[:256] = 0
    special[256:512] = 0.37
    special[512:544] = -1.5
    special[544:576] = 0
    special[800:832] = rng.uniform(-1, 1, 32) * 1e-7
    return [
        normal,
        outliers,
        rng.laplace(0, 0.5, N),
        rng.uniform(0.5, 1.5, N),
        rng.uniform(-3, -2, N),
        special,
    ]


def main(lib: str, path: str) -> None:
    ggml = ctypes.CDLL(lib)
    rng = np.random.default_rng(20260102)
    dists = [d.astype(np.float32) for d in distributions(rng)]
    out = bytearray(struct.pack("<ii", len(dists), N))
    simple = [T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0]
    for x in dists:
        out += x.astype("<f4").tobytes()
        out += struct.pack("<i", len(simple))
        for t in simple:
            out += struct.pack("<i", int(t)) + quantize(x, t).tobytes()
        out += struct.pack("<i", 3)
        for t, name in ((T.Q4_K, "q4_K"), (T.Q5_K, "q5_K"), (T.Q6_K, "q6_K")):
            size, width = GGML_QUANT_SIZES[t]
            blocks = np.zeros((N // size, width), dtype=np.uint8)
            f = getattr(ggml, f"quantize_row_{name}_ref")
            f.restype = None
            f.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
            f(x.ctypes.data, blocks.ctypes.data, N)
            back = dequantize(blocks, t).reshape(-1)
            error = float(np.sqrt(np.mean((back.astype(np.float64) - x) ** 2)))
            squares = (back.astype(np.float64) - x) ** 2
            groups = x.astype(np.float64).reshape(-1, 32)
            weights = np.sqrt(np.mean(groups**2, axis=1, keepdims=True)) + np.abs(groups)
            weighted = float(np.sqrt(np.mean(weights.reshape(-1) * squares)))
            print(name, error, weighted)
            out += struct.pack("<idd", int(t), error, weighted)
    with open(path, "wb") as f, gzip.GzipFile(fileobj=f, mode="wb", mtime=0, filename="") as z:
        z.write(bytes(out))


main(sys.argv[1], sys.argv[2])
