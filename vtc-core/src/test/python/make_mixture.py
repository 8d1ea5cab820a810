"""Writes a GGUF file with layers of Qwen3-30B-A3B's shape and random weights, for timing.

usage: make_mixture.py OUT.gguf [LAYERS]

128 experts of width 768, 8 a token, in Q4_0; a vocabulary of 2000. Three layers are 1.06 GB.
"""

import sys

import gguf
import numpy as np

WIDTH, HEADS, KV_HEADS, HEAD = 2048, 32, 4, 128
EXPERTS, USED, FFN, VOCABULARY = 128, 8, 768, 2000


def main():
    layers = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    random = np.random.default_rng(1)
    w = gguf.GGUFWriter(sys.argv[1], "qwen3moe")
    w.add_block_count(layers)
    w.add_context_length(4096)
    w.add_embedding_length(WIDTH)
    w.add_feed_forward_length(6144)
    w.add_head_count(HEADS)
    w.add_head_count_kv(KV_HEADS)
    w.add_key_length(HEAD)
    w.add_value_length(HEAD)
    w.add_layer_norm_rms_eps(1e-6)
    w.add_rope_freq_base(1e6)
    w.add_vocab_size(VOCABULARY)
    w.add_expert_count(EXPERTS)
    w.add_expert_used_count(USED)
    w.add_expert_feed_forward_length(FFN)
    w.add_tokenizer_model("no_vocab")

    def q4(name, *dims):
        blocks = dims[-1] // 32
        data = random.integers(0, 256, (*dims[:-1], blocks, 18), dtype=np.uint8)
        scale = 1 / (4.6 * np.sqrt(dims[-1]))
        data[..., 0:2] = np.array([scale], np.float16).view(np.uint8)
        data = data.reshape(*dims[:-1], blocks * 18)
        w.add_tensor(name, data, raw_dtype=gguf.GGMLQuantizationType.Q4_0)

    def ones(name, n):
        w.add_tensor(name, np.ones(n, np.float32))

    q4("token_embd.weight", VOCABULARY, WIDTH)
    ones("output_norm.weight", WIDTH)
    for i in range(layers):
        blk = f"blk.{i}."
        for name, n in (("attn", WIDTH), ("ffn", WIDTH), ("attn_q", HEAD), ("attn_k", HEAD)):
            ones(f"{blk}{name}_norm.weight", n)
        q4(blk + "attn_q.weight", HEADS * HEAD, WIDTH)
        q4(blk + "attn_k.weight", KV_HEADS * HEAD, WIDTH)
        q4(blk + "attn_v.weight", KV_HEADS * HEAD, WIDTH)
        q4(blk + "attn_output.weight", WIDTH, HEADS * HEAD)
        router = random.standard_normal((EXPERTS, WIDTH)) * 0.05
        w.add_tensor(blk + "ffn_gate_inp.weight", router.astype(np.float32))
        q4(blk + "ffn_gate_exps.weight", EXPERTS, FFN, WIDTH)
        q4(blk + "ffn_up_exps.weight", EXPERTS, FFN, WIDTH)
        q4(blk + "ffn_down_exps.weight", EXPERTS, WIDTH, FFN)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


main()
