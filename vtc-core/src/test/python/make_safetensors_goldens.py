"""Writes the folders of SafetensorsFolderTest, and for each a GGUF file with the same weights.

    pip install gguf ml_dtypes numpy safetensors
    python3 make_safetensors_goldens.py ../resources/dev/vtc/format/safetensors
    python3 make_safetensors_goldens.py --models FOLDER     without tokenizers: what SafetensorsLogitsTest runs

The GGUF files are what convert_hf_to_gguf.py of llama.cpp makes of such folders: its rules for names, the order of
the rows of q and k, and Gemma's norms are repeated here in numpy.
"""
import json
import pathlib
import sys

import gguf
import numpy as np
from ml_dtypes import bfloat16
from safetensors.numpy import save_file

RNG = np.random.default_rng(20260103)
HIDDEN, FFN, HEADS, KV, LAYERS, VOCAB = 16, 24, 4, 2, 2, 20


def matrix(rows: int, columns: int, dtype) -> np.ndarray:
    return RNG.normal(0, 0.5, (rows, columns)).astype(dtype)


def vector(n: int, dtype) -> np.ndarray:
    return RNG.normal(1, 0.1, n).astype(dtype)


def permute(w: np.ndarray, heads: int) -> np.ndarray:
    return w.reshape(heads, 2, w.shape[0] // heads // 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)


def weights(kind: str, dtype, head: int) -> dict[str, np.ndarray]:
    t = {"model.embed_tokens.weight": matrix(VOCAB, HIDDEN, dtype), "model.norm.weight": vector(HIDDEN, dtype)}
    for i in range(LAYERS):
        p = f"model.layers.{i}."
        t[p + "input_layernorm.weight"] = vector(HIDDEN, dtype)
        t[p + "post_attention_layernorm.weight"] = vector(HIDDEN, dtype)
        t[p + "self_attn.q_proj.weight"] = matrix(HEADS * head, HIDDEN, dtype)
        t[p + "self_attn.k_proj.weight"] = matrix(KV * head, HIDDEN, dtype)
        t[p + "self_attn.v_proj.weight"] = matrix(KV * head, HIDDEN, dtype)
        t[p + "self_attn.o_proj.weight"] = matrix(HIDDEN, HEADS * head, dtype)
        t[p + "mlp.gate_proj.weight"] = matrix(FFN, HIDDEN, dtype)
        t[p + "mlp.up_proj.weight"] = matrix(FFN, HIDDEN, dtype)
        t[p + "mlp.down_proj.weight"] = matrix(HIDDEN, FFN, dtype)
        if kind == "llama":
            t[p + "self_attn.q_proj.bias"] = vector(HEADS * head, dtype)
        if kind == "gemma3":
            for n in ("pre_feedforward", "post_feedforward"):
                t[p + n + "_layernorm.weight"] = vector(HIDDEN, dtype)
            t[p + "self_attn.q_norm.weight"] = vector(head, dtype)
            t[p + "self_attn.k_norm.weight"] = vector(head, dtype)
    if kind == "llama":
        t["lm_head.weight"] = matrix(VOCAB, HIDDEN, dtype)
    return t


NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm", "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}


def gguf_name(name: str, kind: str) -> str:
    fixed = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
             "lm_head.weight": "output.weight"}
    if name in fixed:
        return fixed[name]
    _, _, layer, rest = name.split(".", 3)
    part, suffix = rest.rsplit(".", 1)
    norm = "post_attention_norm" if kind == "gemma3" else "ffn_norm"
    return f"blk.{layer}.{norm if part == 'post_attention_layernorm' else NAMES[part]}.{suffix}"


def llama3_factors(head: int, base: float) -> np.ndarray:
    freqs = 1.0 / (base ** (np.arange(0, head, 2, dtype=np.float32) / head))
    out = []
    for f in freqs:
        wavelen = 2 * np.pi / f
        if wavelen < 8192 / 4:
            out.append(1.0)
        elif wavelen > 8192 / 1:
            out.append(8.0)
        else:
            smooth = (8192 / wavelen - 1) / (4 - 1)
            out.append(1 / ((1 - smooth) / 8 + smooth))
    return np.array(out, dtype=np.float32)


TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"
LLAMA3_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
                r"|\s*[\r\n]+|\s+(?!\S)|\s+")


def write(folder: pathlib.Path, kind: str, dtype, config: dict, tokenizer: dict | None, shards: int,
          keys: dict | None = None) -> None:
    """A folder without a tokenizer, if there is none; keys of the GGUF file besides its architecture."""
    folder.mkdir(parents=True, exist_ok=True)
    head = config["head_dim"]
    t = weights(kind, dtype, head)
    (folder / "config.json").write_text(json.dumps(config))
    if tokenizer is not None:
        write_tokenizer(folder, tokenizer)
    if shards == 1:
        save_file(t, folder / "model.safetensors", metadata={"format": "pt"})
    else:
        index = {}
        for s in range(shards):
            name = f"model-{s + 1:05d}-of-{shards:05d}.safetensors"
            part = {k: v for i, (k, v) in enumerate(t.items()) if i % shards == s}
            save_file(part, folder / name)
            index.update({k: name for k in part})
        (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    write_gguf(folder / "expected.gguf", kind, t, config, keys or {})


def write_tokenizer(folder: pathlib.Path, tokenizer: dict) -> None:
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"bos_token": {"content": "<s>"}, "eos_token": "</s>", "chat_template": TEMPLATE}))
    (folder / "generation_config.json").write_text(json.dumps(
        {"eos_token_id": [2, 5], "temperature": 0.6, "top_k": 20}))


def write_gguf(file: pathlib.Path, kind: str, tensors: dict, config: dict, keys: dict) -> None:
    w = gguf.GGUFWriter(file, kind)
    for key, value in keys.items():
        (w.add_float32 if isinstance(value, float) else w.add_uint32)(f"{kind}.{key}", value)
    for name, x in tensors.items():
        if kind == "llama" and ".q_proj." in name:
            x = permute(x, HEADS)
        if kind == "llama" and ".k_proj." in name:
            x = permute(x, KV)
        if kind == "gemma3" and name.endswith("norm.weight"):
            x = x.astype(np.float32) + np.float32(1)
        if x.ndim == 1:
            x = x.astype(np.float32)
        if x.dtype == bfloat16:
            stored = gguf.GGMLQuantizationType.BF16
            w.add_tensor(gguf_name(name, kind), gguf.quants.quantize(x.astype(np.float32), stored), raw_dtype=stored)
        else:
            w.add_tensor(gguf_name(name, kind), x)
    if "rope_scaling" in config:
        w.add_tensor("rope_freqs.weight", llama3_factors(config["head_dim"], config["rope_theta"]))
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def common() -> dict:
    return {"hidden_size": HIDDEN, "intermediate_size": FFN, "num_attention_heads": HEADS,
            "num_key_value_heads": KV, "num_hidden_layers": LAYERS, "vocab_size": VOCAB,
            "max_position_embeddings": 32768, "rms_norm_eps": 1e-6}


def models(root: pathlib.Path) -> None:
    """Both kinds in all types, in one file and in three: the folder and the GGUF file hold the same model."""
    keys = {"block_count": LAYERS, "embedding_length": HIDDEN, "feed_forward_length": FFN, "context_length": 32768,
            "attention.head_count": HEADS, "attention.head_count_kv": KV, "attention.layer_norm_rms_epsilon": 1e-6,
            "vocab_size": VOCAB}
    for dtype in (np.float32, np.float16, bfloat16):
        for shards in (1, 3):
            write(root / f"llama-{np.dtype(dtype).name}-{shards}", "llama", dtype, {
                "architectures": ["LlamaForCausalLM"], **common(), "head_dim": 6, "rope_theta": 50000.0}, None, shards,
                {**keys, "attention.key_length": 6, "attention.value_length": 6, "rope.dimension_count": 6,
                 "rope.freq_base": 50000.0})
            write(root / f"gemma3-{np.dtype(dtype).name}-{shards}", "gemma3", dtype, {
                "architectures": ["Gemma3ForCausalLM"], **common(), "head_dim": 8, "sliding_window": 4,
                "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0}, None, shards,
                {**keys, "attention.key_length": 8, "attention.value_length": 8, "attention.sliding_window": 4,
                 "rope.freq_base": 1000000.0, "rope.freq_base_swa": 10000.0})


def goldens(root: pathlib.Path) -> None:
    byte_level = {
        "added_tokens": [{"id": 1, "content": "<s>", "special": True}, {"id": 2, "content": "</s>", "special": True},
                         {"id": 5, "content": "<|eot|>", "special": True}, {"id": 6, "content": "<tool>"}],
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": LLAMA3_SPLIT}, "behavior": "Isolated"},
            {"type": "ByteLevel", "use_regex": False}]},
        "post_processor": {"type": "TemplateProcessing", "single": [
            {"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}]},
        "model": {"type": "BPE", "ignore_merges": True,
                  "vocab": {"a": 0, "b": 3, "ab": 4, "abb": 7}, "merges": [["a", "b"], "ab b"]},
    }
    write(root / "llama", "llama", np.float16, {
        **common(), "architectures": ["LlamaForCausalLM"], "head_dim": 6, "rope_theta": 500000.0,
        "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                         "original_max_position_embeddings": 8192}}, byte_level, 1)
    characters = {
        "added_tokens": [{"id": 0, "content": "<pad>", "special": True}, {"id": 1, "content": "<s>", "special": True},
                         {"id": 2, "content": "</s>", "special": True}],
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
        "model": {"type": "BPE", "byte_fallback": True, "unk_token": "<unk>",
                  "vocab": {"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3, "<0x0A>": 4, "\u2581": 5, "a": 6, "b": 7,
                            "ab": 8, "\u2581ab": 9},
                  "merges": ["a b", ["\u2581", "ab"]]},
    }
    write(root / "gemma3", "gemma3", np.float32, {
        "architectures": ["Gemma3ForCausalLM"], **common(), "head_dim": 8, "sliding_window": 512,
        "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0, "tie_word_embeddings": True}, characters, 2)


if sys.argv[1] == "--models":
    models(pathlib.Path(sys.argv[2]))
else:
    goldens(pathlib.Path(sys.argv[1]))
