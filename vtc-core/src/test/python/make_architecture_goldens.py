"""Writes one tiny random GGUF file per architecture and variant, with the logits of llama.cpp.

usage: make_architecture_goldens.py LLAMA_LOGITS OUT_FOLDER

LLAMA_LOGITS is the program built from llama_logits.cpp. Each file holds beside its weights the keys
test.prompt and test.logits: the logits of the prompt's last token. Weights are multiples of a
power of two, so that the files compress.
"""

import gzip
import pathlib
import subprocess
import sys
import zlib

import gguf
import numpy as np

VOCABULARY = 61
PROMPT_LENGTH = 23
BASE = dict(layers=2, width=48, heads=3, kv_heads=1, head_dim=16, ffn=33, eps=1e-5, base=10000.0)
SMALL = dict(heads=2, kv_heads=1, head_dim=16)

# name: (architecture, shape, features, keys below "ARCH.")
CASES = {
    "llama": ("llama", dict(ffn=48), "", {}),
    "llama-linear": ("llama", {}, "", {"rope.scaling.type": "linear", "rope.scaling.factor": 4.0}),
    "llama-factors": ("llama", {}, "rope_factors", {}),
    "qwen2": ("qwen2", dict(base=1e6, kv_heads=3), "bias", {}),
    "qwen2-yarn": (
        "qwen2",
        {},
        "bias output",
        {
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": 4.0,
            "rope.scaling.original_context_length": 64,
        },
    ),
    "qwen3": ("qwen3", dict(head_dim=24, heads=4, kv_heads=2), "qk_head", {}),
    "gemma3": (
        "gemma3",
        dict(SMALL, layers=7, base=1e6, eps=1e-6),
        "qk_head post",
        {"attention.sliding_window": 5, "rope.freq_base_swa": 10000.0},
    ),
    "gemma3-linear": (
        "gemma3",
        dict(SMALL, layers=3, base=1e6, head_dim=32),
        "qk_head post",
        {
            "attention.sliding_window": 4,
            "attention.sliding_window_pattern": 2,
            "rope.scaling.type": "linear",
            "rope.scaling.factor": 8.0,
        },
    ),
    "gemma2": (
        "gemma2",
        dict(SMALL, layers=3),
        "post",
        {
            "attention.sliding_window": 6,
            "attn_logit_softcapping": 3.0,
            "final_logit_softcapping": 6.0,
        },
    ),
    "smollm3": ("smollm3", dict(layers=5, base=5e6), "", {}),
    "olmo2": ("olmo2", dict(heads=3, kv_heads=3), "qk_token post only_post output", {}),
    "olmo2-sliding": (
        "olmo2",
        dict(layers=5),
        "qk_token post only_post output",
        {
            "attention.sliding_window": 5,
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": 8.0,
            "rope.scaling.original_context_length": 32,
        },
    ),
    "granite": (
        "granite",
        {},
        "",
        {
            "embedding_scale": 12.0,
            "residual_scale": 0.22,
            "attention.scale": 0.0625,
            "logit_scale": 8.0,
        },
    ),
    "granite-no-rope": (
        "granite",
        {},
        "",
        {"logit_scale": 3.0, "rope.scaling.finetuned": False},
    ),
    "phi3": ("phi3", dict(ffn=48), "fused", {}),
}


def tensors(shape, features, random):
    """Names and values, in GGUF's order of names."""
    width, ffn, head = shape["width"], shape["ffn"], shape["head_dim"]
    q, kv = shape["heads"] * head, shape["kv_heads"] * head

    def grid(*dims, step=1 / 32):
        return (random.integers(-15, 16, dims) * step).astype(np.float32)

    def norm(n):
        return (1 + grid(n)).astype(np.float32)

    yield "token_embd.weight", grid(VOCABULARY, width)
    yield "output_norm.weight", norm(width)
    if "output" in features:
        yield "output.weight", grid(VOCABULARY, width)
    if "rope_factors" in features:
        yield "rope_freqs.weight", (1 + random.integers(0, 16, head // 2) / 4).astype(np.float32)
    for i in range(shape["layers"]):
        blk = f"blk.{i}."
        if "only_post" not in features:
            yield blk + "attn_norm.weight", norm(width)
            yield blk + "ffn_norm.weight", norm(width)
        if "post" in features:
            yield blk + "post_attention_norm.weight", norm(width)
            yield blk + "post_ffw_norm.weight", norm(width)
        if "fused" in features:
            yield blk + "attn_qkv.weight", grid(q + 2 * kv, width)
            yield blk + "ffn_up.weight", grid(2 * ffn, width)
        else:
            for name, rows in (("q", q), ("k", kv), ("v", kv)):
                yield f"{blk}attn_{name}.weight", grid(rows, width)
                if "bias" in features:
                    yield f"{blk}attn_{name}.bias", grid(rows)
            yield blk + "ffn_gate.weight", grid(ffn, width)
            yield blk + "ffn_up.weight", grid(ffn, width)
        yield blk + "attn_output.weight", grid(width, q)
        yield blk + "ffn_down.weight", grid(width, ffn)
        if "qk_head" in features or "qk_token" in features:
            whole = "qk_token" in features
            yield blk + "attn_q_norm.weight", norm(q if whole else head)
            yield blk + "attn_k_norm.weight", norm(kv if whole else head)


def write(path, name, prompt, logits):
    architecture, changes, features, keys = CASES[name]
    shape = BASE | changes
    random = np.random.default_rng(zlib.crc32(name.encode()))
    w = gguf.GGUFWriter(path, architecture)
    w.add_block_count(shape["layers"])
    w.add_context_length(256)
    w.add_embedding_length(shape["width"])
    w.add_feed_forward_length(shape["ffn"])
    w.add_head_count(shape["heads"])
    w.add_head_count_kv(shape["kv_heads"])
    if shape["heads"] * shape["head_dim"] != shape["width"]:
        w.add_key_length(shape["head_dim"])
        w.add_value_length(shape["head_dim"])
    w.add_layer_norm_rms_eps(shape["eps"])
    w.add_rope_freq_base(shape["base"])
    if architecture != "gemma3":
        w.add_rope_dimension_count(shape["head_dim"])
    w.add_vocab_size(VOCABULARY)
    w.add_tokenizer_model("no_vocab")
    for key, value in keys.items():
        add = {bool: w.add_bool, int: w.add_uint32, float: w.add_float32, str: w.add_string}
        add[type(value)](f"{architecture}.{key}", value)
    w.add_array("test.prompt", prompt)
    if logits:
        w.add_array("test.logits", logits)
    for tensor, data in tensors(shape, features.split(), random):
        w.add_tensor(tensor, data)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name in CASES:
        random = np.random.default_rng(zlib.crc32(name.encode()) + 1)
        prompt = [int(t) for t in random.integers(0, VOCABULARY, PROMPT_LENGTH)]
        path = folder / f"{name}.gguf"
        write(path, name, prompt, None)
        out = subprocess.run(
            [program, path, *map(str, prompt)], check=True, capture_output=True, text=True
        )
        logits = [float(line) for line in out.stdout.split()]
        write(path, name, prompt, logits)
        with open(f"{path}.gz", "wb") as f:
            f.write(gzip.compress(path.read_bytes(), 9, mtime=0))
        path.unlink()
        print(name, len(logits), max(map(abs, logits)))


main()
