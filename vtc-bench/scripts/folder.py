#!/usr/bin/env python3
"""Turns a llama GGUF file into a Hugging Face folder in F32, and compares what VTC makes of both.

    pip install gguf numpy safetensors
    python3 vtc-bench/scripts/folder.py --model SmolLM2-135M-Instruct.Q4_1.gguf

The weights are dequantized by the Python package gguf and written by the Python package safetensors, q and k with
their rows as Hugging Face has them. The logits of the folder must be those of the F32 file that `vtc quantize` makes
of the same GGUF file; and quantized while packing, those of the file that `vtc quantize` makes of the folder.
"""
import argparse
import json
import os
import pathlib
import sys
import tempfile

import gguf
import numpy as np
from safetensors.numpy import save_file

import peers

NAMES = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
         "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
         "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm"}
FIXED = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
         "output.weight": "lm_head.weight"}
IDS = ",".join(str(7 * i * i % 1000 + 20) for i in range(64))


def unpermute(w, heads):
    """Rows of a head as Hugging Face has them: first elements of all rotated pairs, then the second ones."""
    return w.reshape(heads, w.shape[0] // heads // 2, 2, w.shape[1]).swapaxes(1, 2).reshape(w.shape)


def hf_name(name):
    if name in FIXED:
        return FIXED[name]
    _, layer, part, suffix = name.split(".")
    return f"model.layers.{layer}.{NAMES[part]}.{suffix}"


def write(model, folder):
    reader = gguf.GGUFReader(model)

    def key(name, otherwise=None):
        field = reader.get_field(name if "." in name and name.startswith("general") else f"llama.{name}")
        return otherwise if field is None else field.contents()

    if key("general.architecture") != "llama":
        sys.exit(f"{model} is a {key('general.architecture')}; this script knows llama only.")
    heads = int(key("attention.head_count"))
    kv = int(key("attention.head_count_kv", heads))
    tensors = {}
    for t in reader.tensors:
        x = gguf.quants.dequantize(t.data, t.tensor_type).astype(np.float32)
        if ".attn_q." in t.name or ".attn_k." in t.name:
            x = unpermute(x, heads if ".attn_q." in t.name else kv)
        tensors[hf_name(t.name)] = np.ascontiguousarray(x)
    names = sorted(tensors)
    index = {}
    for s in range(2):
        file = f"model-{s + 1:05d}-of-00002.safetensors"
        part = {n: tensors[n] for n in names[s::2]}
        save_file(part, folder / file)
        index.update({n: file for n in part})
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    (folder / "config.json").write_text(json.dumps({
        "architectures": ["LlamaForCausalLM"], "hidden_size": int(key("embedding_length")),
        "intermediate_size": int(key("feed_forward_length")), "num_attention_heads": heads,
        "num_key_value_heads": kv, "num_hidden_layers": int(key("block_count")),
        "vocab_size": int(tensors["model.embed_tokens.weight"].shape[0]),
        "max_position_embeddings": int(key("context_length")),
        "rms_norm_eps": float(np.float32(key("attention.layer_norm_rms_epsilon"))),
        "rope_theta": float(key("rope.freq_base", 10000.0)),
        "tie_word_embeddings": "lm_head.weight" not in tensors}))
    return sum(x.nbytes for x in tensors.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=pathlib.Path, help="a GGUF file of the architecture llama")
    parser.add_argument("--vtc", type=pathlib.Path, default=peers.HOME / "vtc", help="the command to run")
    a = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        place = pathlib.Path(temporary)
        environment = {**os.environ, "VTC_NO_BUILD": "1", "VTC_HOME": str(place / "home")}

        def vtc(*args):
            return peers.run([a.vtc, *args], env=environment).strip()

        def logits(model, *more):
            return vtc("logits", "-m", model, "--ids", IDS, "--all", "--sha256", *more)

        folder = place / "folder"
        folder.mkdir()
        print(f"{a.model.name}: {write(a.model, folder):,} bytes of F32 in two safetensors files", flush=True)
        vtc("quantize", a.model, place / "model.gguf", "--type", "F32", "-q")
        rows = [("F32", logits(place / "model.gguf"), logits(folder))]
        for word, kind in (("Q8", "Q8_0"), ("Q4", "Q4_0")):
            vtc("quantize", folder, place / "model.gguf", "--type", kind, "-q", "--force")
            rows.append((kind, logits(place / "model.gguf"), logits(folder, "--quantize", word)))
        print("\n| weights | GGUF | folder | |\n|---|---|---|---|")
        for kind, file, ours in rows:
            print(f"| {kind} | {file[:16]} | {ours[:16]} | {'equal' if file == ours else '**different**'} |")
        if any(file != ours for _, file, ours in rows):
            sys.exit(1)


if __name__ == "__main__":
    main()
