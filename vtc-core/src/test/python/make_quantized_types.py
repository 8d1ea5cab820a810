#!/usr/bin/env python3
"""Which type llama-quantize gives each tensor, for QuantizedTypesTest.

    pip install gguf numpy
    python3 make_quantized_types.py LLAMA_QUANTIZE ../resources/dev/vtc/format/quantized-types.json.gz

Models of zeros: what decides are names, shapes and a few keys.
"""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

import gguf
import numpy as np

TYPES = {"F32": "F32", "F16": "F16", "BF16": "BF16", "Q8_0": "Q8_0", "Q4_0": "Q4_0", "Q4_1": "Q4_1", "Q5_0": "Q5_0",
         "Q5_1": "Q5_1", "Q4_K": "Q4_K_M", "Q5_K": "Q5_K_M", "Q6_K": "Q6_K"}


def model(architecture="llama", layers=9, width=256, ffn=256, heads=4, kv=2, experts=0, tied=False, fused=False):
    """Keys without the architecture's prefix, and shapes with columns first."""
    keys = {"block_count": layers, "embedding_length": width, "feed_forward_length": ffn, "context_length": 64,
            "attention.head_count": heads, "attention.head_count_kv": kv, "rope.dimension_count": width // heads,
            "vocab_size": 5}
    head = width // heads
    shapes = {"token_embd.weight": [width, 5], "output_norm.weight": [width]}
    if not tied:
        shapes["output.weight"] = [width, 5]
    if experts:
        keys.update({"expert_count": experts, "expert_used_count": 2})
    for i in range(layers):
        p = f"blk.{i}."
        shapes[p + "attn_norm.weight"] = [width]
        if fused:
            shapes[p + "attn_qkv.weight"] = [width, (heads + 2 * kv) * head]
        else:
            shapes[p + "attn_q.weight"] = [width, heads * head]
            shapes[p + "attn_k.weight"] = [width, kv * head]
            shapes[p + "attn_v.weight"] = [width, kv * head]
        shapes[p + "attn_output.weight"] = [heads * head, width]
        shapes[p + "ffn_norm.weight"] = [width]
        if experts:
            shapes[p + "ffn_gate_inp.weight"] = [width, experts]
            for n, s in (("gate", [width, ffn]), ("up", [width, ffn]), ("down", [ffn, width])):
                shapes[p + f"ffn_{n}_exps.weight"] = [*s, experts]
        else:
            if not fused:
                shapes[p + "ffn_gate.weight"] = [width, ffn]
            shapes[p + "ffn_up.weight"] = [width, 2 * ffn if fused else ffn]
            shapes[p + "ffn_down.weight"] = [ffn, width]
    return {"architecture": architecture, "keys": keys, "shapes": shapes}


MODELS = {
    "plain": model(),
    "tied, rows of 96": model(width=96, ffn=160, tied=True),
    "untied, rows of 96": model(width=96, ffn=512),
    "rows of 48 and 172": model(width=48, ffn=172),
    "tied, rows of 48": model(width=48, ffn=256, tied=True, layers=3),
    "fused": model("phi3", fused=True),
    "eight experts": model(experts=8),
    "four experts": model(experts=4, ffn=96),
    "eighty layers, heads share": model(layers=80, width=256, ffn=32),
    "eighty layers, heads do not share": model(layers=80, width=256, ffn=32, kv=4),
    "qwen2 of eighty layers": model("qwen2", layers=80, ffn=32, kv=4),
}


def main(quantize: str, out: pathlib.Path) -> None:
    golden = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "source.gguf"), pathlib.Path(folder, "target.gguf")
        for name, m in MODELS.items():
            w = gguf.GGUFWriter(source, m["architecture"])
            for key, value in m["keys"].items():
                w.add_uint32(f"{m['architecture']}.{key}", value)
            w.add_float32(f"{m['architecture']}.attention.layer_norm_rms_epsilon", 1e-5)
            for tensor, shape in m["shapes"].items():
                w.add_tensor(tensor, np.zeros(shape[::-1], dtype=np.float32))
            w.write_header_to_file()
            w.write_kv_data_to_file()
            w.write_tensors_to_file()
            w.close()
            types = {}
            for ours, theirs in TYPES.items():
                subprocess.run([quantize, source, target, theirs, "2"], check=True, capture_output=True)
                written = {t.name: t.tensor_type.name for t in gguf.GGUFReader(target).tensors}
                types[ours] = " ".join(written[t] for t in m["shapes"])
            golden[name] = {**m, "types": types}
    out.write_bytes(gzip.compress(json.dumps(golden).encode(), mtime=0))
    print(f"{len(golden)} models, {len(TYPES)} types")


main(sys.argv[1], pathlib.Path(sys.argv[2]))
