"""Describes tiny random models, one per architecture and variant, and computes llama.cpp's logits.

usage: make_architecture_goldens.py LLAMA_LOGITS OUT.json.gz [CASE...]

LLAMA_LOGITS is the program built from llama_logits.cpp. No weights are kept: each is computed from
its number by `random`, here and in TinyArchitecture.java. A matrix is made so that every type holds
it exactly: code · m · 2^-p with a code of 4 bits for each weight, and an m of 4 bits for each 32
columns. Only F32 files have more: a fraction behind the code, which needs all 24 bits.

With CASE, only these are computed, and the others kept as OUT has them.
"""

import gzip
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import zlib

import gguf
import numpy as np

VOCABULARY = 61
TYPES = {
    "F32": gguf.GGMLQuantizationType.F32,
    "F16": gguf.GGMLQuantizationType.F16,
    "Q8_0": gguf.GGMLQuantizationType.Q8_0,
    "Q4_0": gguf.GGMLQuantizationType.Q4_0,
    "Q4_K": gguf.GGMLQuantizationType.Q4_K,
}
COLUMNS = {"F32": 1, "F16": 1, "Q8_0": 32, "Q4_0": 32, "Q4_K": 256}

BASE = dict(
    layers=2, width=48, heads=3, kv_heads=1, head_dim=16, ffn=33, eps=1e-5, base=10000.0,
    trained=256, context=256, prompt=23, rope_dims=0, experts=0, used=0, salt=0, yarn="",
)  # fmt: skip
SMALL = dict(heads=2, kv_heads=1, head_dim=16)
# Columns of every matrix are a multiple of 256, so that all types can hold it.
WIDE = dict(width=256, heads=8, kv_heads=4, head_dim=32, ffn=512)
YARN = {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0}
MIXTRAL = dict(experts=4, used=2, ffn=48)
MOE = dict(experts=8, used=3)
MINISTRAL = {
    "rope.scaling.type": "yarn",
    "rope.scaling.factor": 16.0,
    "rope.scaling.original_context_length": 32,
    "rope.scaling.yarn_beta_fast": 4.0,
    "rope.scaling.yarn_beta_slow": 1.0,
    "rope.scaling.yarn_log_multiplier": 1.0,
    "attention.temperature_scale": 0.1,
}
GEMMA2 = {
    "attention.sliding_window": 6,
    "attn_logit_softcapping": 3.0,
    "final_logit_softcapping": 6.0,
}
GRANITE = {
    "embedding_scale": 12.0,
    "residual_scale": 0.22,
    "attention.scale": 0.0625,
    "logit_scale": 8.0,
}
LONGROPE = {"rope.scaling.type": "longrope", "rope.scaling.attn_factor": 1.19}

# name: (architecture, shape, features, keys below "ARCH.")
CASES = {
    "llama": ("llama", dict(ffn=48), "", {}),
    "llama-wide": ("llama", dict(WIDE, kv_heads=1), "", {}),
    "llama-odd-heads": (
        "llama",
        dict(width=160, heads=5, head_dim=32, ffn=96, prompt=270, context=512),
        "output",
        {},
    ),
    "llama-linear": ("llama", {}, "", {"rope.scaling.type": "linear", "rope.scaling.factor": 4.0}),
    "llama-factors": ("llama", {}, "rope_factors", {}),
    "llama-factors-wide": ("llama", dict(WIDE, base=5e5, prompt=70), "rope_factors output", {}),
    "llama-experts": ("llama", MIXTRAL, "output", {}),
    "llama-yarn-off": (
        "llama",
        dict(prompt=40),
        "",
        YARN | {"rope.scaling.type": "none", "rope.scaling.attn_factor": 1.5},
    ),
    "llama-yarn-half": (
        "llama",
        dict(prompt=100, yarn=":0.5:-1"),
        "",
        YARN
        | {
            "rope.scaling.original_context_length": 64,
            "rope.scaling.yarn_ext_factor": 0.5,
            "rope.scaling.attn_factor": 1.1,
        },
    ),
    "llama-yarn-interpolated": (
        "llama",
        dict(prompt=100, yarn=":0:1.25"),
        "",
        YARN
        | {
            "rope.scaling.original_context_length": 64,
            "rope.scaling.yarn_ext_factor": 0.0,
            "rope.scaling.yarn_attn_factor": 1.25,
        },
    ),
    "mistral3": ("mistral3", dict(prompt=100), "output", MINISTRAL),
    "mistral3-wide": ("mistral3", dict(WIDE, base=1e6, prompt=70), "", MINISTRAL),
    "mistral3-half": (
        "mistral3",
        dict(prompt=100),
        "",
        MINISTRAL
        | {
            "rope.scaling.yarn_log_multiplier": 0.5,
            "rope.scaling.yarn_beta_fast": 40.0,
            "attention.temperature_scale": 0.0,
        },
    ),
    "mistral3-experts": ("mistral3", MIXTRAL, "", {}),
    "qwen2": ("qwen2", dict(base=1e6, kv_heads=3), "bias", {}),
    "qwen2-wide": ("qwen2", dict(WIDE, base=1e6), "bias output", {}),
    "qwen2-yarn": (
        "qwen2",
        {},
        "bias output",
        YARN | {"rope.scaling.original_context_length": 64},
    ),
    "qwen3": ("qwen3", dict(head_dim=24, heads=4, kv_heads=2), "qk_head", {}),
    "qwen3-wide": (
        "qwen3",
        dict(WIDE, head_dim=48, heads=16, kv_heads=2, base=1e6),
        "qk_head",
        {},
    ),
    "qwen3moe": (
        "qwen3moe",
        dict(MOE, head_dim=24, heads=4, kv_heads=2, ffn=48, prompt=60),
        "qk_head output",
        {"expert_feed_forward_length": 48},
    ),
    "qwen3moe-wide": (
        "qwen3moe",
        dict(WIDE, **MOE, ffn=256, base=1e6),
        "qk_head",
        {"expert_feed_forward_length": 256},
    ),
    "gemma3": (
        "gemma3",
        dict(SMALL, layers=7, base=1e6, eps=1e-6),
        "qk_head post",
        {"attention.sliding_window": 5, "rope.freq_base_swa": 10000.0},
    ),
    "gemma3-wide": (
        "gemma3",
        dict(WIDE, layers=3, base=1e6, eps=1e-6, prompt=300, context=512),
        "qk_head post",
        {"attention.sliding_window": 70, "attention.sliding_window_pattern": 2},
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
    "gemma2": ("gemma2", dict(SMALL, layers=3), "post", GEMMA2),
    "gemma2-wide": ("gemma2", dict(WIDE, layers=3, kv_heads=8), "post", GEMMA2),
    "smollm3": ("smollm3", dict(layers=5, base=5e6), "", {}),
    "smollm3-wide": ("smollm3", dict(WIDE, layers=4, base=5e6), "", {}),
    "olmo2": ("olmo2", dict(heads=3, kv_heads=3), "qk_token post only_post output", {}),
    "olmo2-wide": ("olmo2", dict(WIDE, kv_heads=8), "qk_token post only_post output", {}),
    "olmo2-sliding": (
        "olmo2",
        dict(layers=5),
        "qk_token post only_post output",
        YARN
        | {
            "attention.sliding_window": 5,
            "rope.scaling.factor": 8.0,
            "rope.scaling.original_context_length": 32,
        },
    ),
    "granite": ("granite", {}, "", GRANITE),
    "granite-wide": ("granite", WIDE, "", GRANITE),
    "granite-no-rope": (
        "granite",
        {},
        "",
        {"logit_scale": 3.0, "rope.scaling.finetuned": False},
    ),
    "phi3": ("phi3", dict(ffn=48), "fused output", {}),
    "phi3-wide": ("phi3", WIDE, "fused output", {}),
    "phi3-short": (
        "phi3",
        dict(ffn=48, rope_dims=12, trained=1024, prompt=100),
        "fused longrope",
        LONGROPE | {"rope.scaling.original_context_length": 256},
    ),
    "phi3-long": (
        "phi3",
        dict(ffn=48, rope_dims=12, trained=1024, prompt=100),
        "fused longrope",
        LONGROPE | {"rope.scaling.original_context_length": 255},
    ),
    "phi3-long-wide": (
        "phi3",
        dict(WIDE, rope_dims=24, trained=1024, prompt=70),
        "fused longrope",
        LONGROPE | {"rope.scaling.original_context_length": 64},
    ),
}


def random(seed, stream, count):
    """`count` numbers of 64 bits: the finalizer of splitmix64 over seed, stream and index."""
    with np.errstate(over="ignore"):
        z = np.arange(count, dtype=np.uint64)
        z = (z + np.uint64((seed << 34) + (stream << 32))) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def tensors(case, shape, features):
    """Name, dimensions (rows before columns), kind, exponent and seed, in GGUF's order."""
    width, ffn, head = shape["width"], shape["ffn"], shape["head_dim"]
    q, kv = shape["heads"] * head, shape["kv_heads"] * head
    experts = [shape["experts"]] if shape["experts"] else []
    pairs = (shape["rope_dims"] or head) // 2

    def entry(name, *dims, kind="matrix"):
        # About unit variance out of unit variance in.
        exponent = round(math.log2(40 * math.sqrt(dims[-1]))) if len(dims) > 1 else 0
        seed = zlib.crc32(f"{case}/{shape['salt']}/{name}".encode()) & 0x3FFFFFFF
        return dict(name=name, dims=dims, kind=kind, exponent=exponent, seed=seed)

    yield entry("token_embd.weight", VOCABULARY, width)
    yield entry("output_norm.weight", width, kind="norm")
    if "output" in features:
        yield entry("output.weight", VOCABULARY, width)
    if "rope_factors" in features:
        yield entry("rope_freqs.weight", pairs, kind="factors")
    if "longrope" in features:
        yield entry("rope_factors_long.weight", pairs, kind="factors")
        yield entry("rope_factors_short.weight", pairs, kind="factors")
    for i in range(shape["layers"]):
        blk = f"blk.{i}."
        if "only_post" not in features:
            yield entry(blk + "attn_norm.weight", width, kind="norm")
            yield entry(blk + "ffn_norm.weight", width, kind="norm")
        if "post" in features:
            yield entry(blk + "post_attention_norm.weight", width, kind="norm")
            yield entry(blk + "post_ffw_norm.weight", width, kind="norm")
        if "fused" in features:
            yield entry(blk + "attn_qkv.weight", q + 2 * kv, width)
            yield entry(blk + "ffn_up.weight", 2 * ffn, width)
        else:
            for name, rows in (("q", q), ("k", kv), ("v", kv)):
                yield entry(f"{blk}attn_{name}.weight", rows, width)
                if "bias" in features:
                    yield entry(f"{blk}attn_{name}.bias", rows, kind="bias")
        if experts:
            yield entry(blk + "ffn_gate_inp.weight", *experts, width, kind="router")
            yield entry(blk + "ffn_gate_exps.weight", *experts, ffn, width)
            yield entry(blk + "ffn_up_exps.weight", *experts, ffn, width)
            yield entry(blk + "ffn_down_exps.weight", *experts, width, ffn)
        else:
            if "fused" not in features:
                yield entry(blk + "ffn_gate.weight", ffn, width)
                yield entry(blk + "ffn_up.weight", ffn, width)
            yield entry(blk + "ffn_down.weight", width, ffn)
        yield entry(blk + "attn_output.weight", width, q)
        if "qk_head" in features or "qk_token" in features:
            whole = "qk_token" in features
            yield entry(blk + "attn_q_norm.weight", q if whole else head, kind="norm")
            yield entry(blk + "attn_k_norm.weight", kv if whole else head, kind="norm")


def f32(t):
    """A tensor that is F32 in every file: sixteenths, or with a fraction in a router."""
    count = math.prod(t["dims"])
    n = (random(t["seed"], 0, count) >> np.uint64(60)).astype(np.float32).reshape(t["dims"])
    return {"norm": 1 + (n - 8) / 32, "bias": (n - 8) / 32, "factors": 1 + n / 4}[t["kind"]]


def codes(t):
    """Codes [rows, columns], m [rows, ceil(columns / 32)], and fractions of F32 files."""
    rows, columns = math.prod(t["dims"][:-1]), t["dims"][-1]
    blocks = -(-columns // 32)
    code = (random(t["seed"], 0, rows * columns) >> np.uint64(60)).astype(int).reshape(rows, columns)
    m = (random(t["seed"], 1, rows * blocks) >> np.uint64(60)).astype(int).reshape(rows, blocks)
    f = (random(t["seed"], 2, rows * columns) >> np.uint64(53)).astype(int).reshape(rows, columns)
    return code - 8, np.maximum(m, 1), f - 1024


def matrix(t, kind):
    """The bytes of a matrix's rows, or its floats."""
    code, m, fraction = codes(t)
    rows, columns = code.shape
    scale = m * 2.0 ** -t["exponent"]
    each = np.repeat(scale, 32, 1)[:, :columns]
    if kind == "F32":
        return (each * (code + fraction / 65536)).astype(np.float32)
    if kind == "F16":
        return (each * code).astype(np.float16)
    code = code.reshape(rows, -1, 32)
    d = scale.astype(np.float16)[:, :, None].view(np.uint8)
    if kind == "Q8_0":
        return np.concatenate([d, code.astype(np.int8).view(np.uint8)], 2).reshape(rows, -1)
    if kind == "Q4_0":
        q = (code[:, :, :16] + 8) | (code[:, :, 16:] + 8) << 4
        return np.concatenate([d, q.astype(np.uint8)], 2).reshape(rows, -1)
    m = m.reshape(rows, -1, 8)
    out = np.zeros((rows, m.shape[1], 144), np.uint8)
    out[:, :, 0:2] = np.array([2.0 ** -t["exponent"]], np.float16).view(np.uint8)
    out[:, :, 2:4] = np.array([8 * 2.0 ** -t["exponent"]], np.float16).view(np.uint8)
    out[:, :, 4:8] = out[:, :, 8:12] = m[:, :, :4]
    out[:, :, 12:16] = m[:, :, 4:] | m[:, :, 4:] << 4
    q = (code + 8).reshape(rows, -1, 4, 2, 32)
    out[:, :, 16:] = (q[:, :, :, 0] | q[:, :, :, 1] << 4).reshape(rows, -1, 128)
    return out.reshape(rows, -1)


def metadata(architecture, shape, keys):
    values = {
        "block_count": shape["layers"],
        "context_length": shape["trained"],
        "embedding_length": shape["width"],
        "feed_forward_length": shape["ffn"],
        "attention.head_count": shape["heads"],
        "attention.head_count_kv": shape["kv_heads"],
        "attention.layer_norm_rms_epsilon": shape["eps"],
        "rope.freq_base": shape["base"],
        "vocab_size": VOCABULARY,
    }
    if shape["heads"] * shape["head_dim"] != shape["width"]:
        values["attention.key_length"] = values["attention.value_length"] = shape["head_dim"]
    if architecture != "gemma3":
        values["rope.dimension_count"] = shape["rope_dims"] or shape["head_dim"]
    if shape["experts"]:
        values["expert_count"], values["expert_used_count"] = shape["experts"], shape["used"]
    values = {f"{architecture}.{k}": v for k, v in (values | keys).items()}
    return {"general.architecture": architecture, "tokenizer.ggml.model": "no_vocab"} | values


def write(path, values, entries, kind):
    w = gguf.GGUFWriter(path, values["general.architecture"])
    add = {bool: w.add_bool, int: w.add_uint32, float: w.add_float32, str: w.add_string}
    for key, value in values.items():
        if key != "general.architecture":
            add[type(value)](key, value)
    for t in entries:
        if t["kind"] in ("norm", "bias", "factors"):
            w.add_tensor(t["name"], f32(t))
            continue
        own = "F32" if t["kind"] == "router" else kind
        data = matrix(t, own)
        data = data.reshape(*t["dims"][:-1], data.shape[1])
        w.add_tensor(t["name"], data, raw_dtype=TYPES[own])
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def golden(name, program, folder):
    architecture, changes, features, keys = CASES[name]
    shape = BASE | changes
    entries = list(tensors(name, shape, features.split()))
    values = metadata(architecture, shape, keys)
    seed = zlib.crc32(name.encode()) & 0x3FFFFFFF
    prompt = [int(t) for t in random(seed, 3, shape["prompt"]) % np.uint64(VOCABULARY)]
    columns = [t["dims"][-1] for t in entries if t["kind"] == "matrix"]
    logits = {}
    for kind in TYPES:
        if any(c % COLUMNS[kind] for c in columns):
            continue
        path = pathlib.Path(folder) / "model.gguf"
        write(path, values, entries, kind)
        command = [program, path, f"{shape['context']}{shape['yarn']}", *prompt]
        out = subprocess.run(
            list(map(str, command)), check=True, capture_output=True, text=True
        ).stdout
        logits[kind] = [float(f"{float(line):.7g}") for line in out.split()]
    print(name, {k: round(max(map(abs, v)), 2) for k, v in logits.items()})
    return dict(
        metadata=values,
        tensors=entries,
        prompt=prompt,
        context=shape["context"],
        logits=logits,
    )


def main():
    program, out, only = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    cases = json.loads(gzip.decompress(out.read_bytes())) if only else {}
    with tempfile.TemporaryDirectory() as folder:
        for name in only or CASES:
            cases[name] = golden(name, program, folder)
    text = json.dumps(cases, separators=(",", ":"))
    out.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(len(out.read_bytes()), "bytes")


if __name__ == "__main__":
    main()
