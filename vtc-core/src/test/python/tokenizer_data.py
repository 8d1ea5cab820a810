#!/usr/bin/env python3
"""Trains small vocabularies, has llama.cpp tokenize the corpus with each pre-tokenizer, and writes
the test resources of dev.vtc.text. llama.cpp is the oracle; llama_ids.cpp beside this file, linked
with libllama, is what runs it.

usage: tokenizer_data.py --driver ./llama_ids --out src/test/resources/dev/vtc/text
"""
import argparse
import collections
import gzip
import json
import pathlib
import struct
import subprocess
import tempfile
import zlib

import gguf

from precompiled_charsmap import REPLACEMENTS, charsmap
from tokenizer_corpus import SENTENCES, corpus

PRE = """default gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert exaone4 mpt olmo
jais trillion granite-docling jina-v1-en jina-v2-code roberta-bpe smollm starcoder refact command-r codeshell exaone
minerva-7b mellum2 llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano dbrx smaug-bpe
chatglm-bpe glm4 glm5 qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2 bailingmoe
bailingmoe2 llada-moe qwen35 minicpm5 laguna seed-coder ufakzeka jais-2 deepseek-v3 hunyuan-dense joyai-llm hy_v4
spark2_5 deepseek-llm deepseek-coder falcon poro-chat bloom gpt3-finnish viking tekken gpt-4o llama4 kanana2 talkie
minimax-m2 granite-embed-multi-97m tiny_aya cohere2moe youtu superbpe afmoe chameleon gemma4 granite-embed-multi-311m
sarvam-moe""".split()

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "<mask>", "[MASK]"]
USER_DEFINED = ["<th", "<td>", "    ", "\n\n\n", "<tool_call>"]


def byte_alphabet():
    printable = [*range(0x21, 0x7f), *range(0xa1, 0xad), *range(0xae, 0x100)]
    alphabet, extra = {}, 256
    for b in range(256):
        if b in printable:
            alphabet[b] = chr(b)
        else:
            alphabet[b] = chr(extra)
            extra += 1
    return alphabet


def train(sequences, merges):
    """Byte-pair encoding over whole texts, without words: so that every boundary that a
    pre-tokenizer draws shows in the ids."""
    result = []
    for _ in range(merges):
        counts = collections.Counter()
        for s in sequences:
            counts.update(zip(s, s[1:]))
        best = max(counts.items(), key=lambda kv: (kv[1], kv[0]))
        if best[1] < 2:
            break
        (a, b), _ = best
        result.append((a, b))
        for i, s in enumerate(sequences):
            out, j = [], 0
            while j < len(s):
                if j + 1 < len(s) and s[j] == a and s[j + 1] == b:
                    out.append(a + b)
                    j += 2
                else:
                    out.append(s[j])
                    j += 1
            sequences[i] = out
    return result


def texts():
    # Twice, so that merges reach across every boundary between words of these texts.
    return 2 * [t for t in SENTENCES if len(t) > 3]


def byte_level():
    alphabet = byte_alphabet()
    merges = train([[alphabet[b] for b in t.encode()] for t in texts()], 1800)
    # Some bytes have no token, as in real vocabularies.
    missing = {0xc0, 0xc1, 0xf5, 0xff, 0x01, 0x07, 0x1b}
    tokens = SPECIALS + [alphabet[b] for b in range(256) if b not in missing]
    tokens += list(dict.fromkeys(a + b for a, b in merges)) + USER_DEFINED
    # A token that no merge makes: only vocabularies that ignore merges give it.
    tokens += ["abracadabra", "Ġabra"]
    types = [3] * len(SPECIALS) + [1] * (len(tokens) - len(SPECIALS))
    for i, t in enumerate(tokens):
        if t in USER_DEFINED:
            types[i] = 4
    return {"model": "gpt2", "tokens": tokens, "types": types, "merges": [a + " " + b for a, b in merges],
            "bos": 0, "eos": 2}


def characters(model):
    merges = train([list(t.replace(" ", "\u2581")) for t in texts()], 1800)
    tokens = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % b for b in range(256)]
    types = [2, 3, 3] + [6] * 256
    control = ["<|im_start|>", "<|im_end|>", "<mask>", "<|endoftext|>"] + (["<bos>"] if model == "gemma4" else [])
    tokens += control
    types += [3] * len(control)
    user = ["<th", "<td>", "\n\n\n", "  ", "<tool_call>"]
    tokens += user
    types += [4] * len(user)
    scores = [0.0] * len(tokens)
    pieces = list(dict.fromkeys(a + b for a, b in merges))
    frequent = collections.Counter("".join(texts()).replace(" ", "\u2581"))
    singles = [c for c, n in frequent.most_common() if n > 1]
    pieces += [c for c in singles if c not in pieces]
    pieces = [p for p in pieces if p not in tokens]
    tokens += pieces
    types += [1] * len(pieces)
    # Equal scores in pairs: the leftmost of equals merges first.
    scores += [-float(i // 2) for i in range(len(pieces))]
    return {"model": model, "tokens": tokens, "types": types, "scores": scores,
            "merges": [a + " " + b for a, b in merges], "bos": 1, "eos": 2, "unknown": 0}


def unigram():
    vocabulary = characters("t5")
    n = len(vocabulary["tokens"])
    # Tokens of equal length and rank have scores that compete: sums decide, not single tokens.
    vocabulary["scores"] = [0.0 if t != 1 else -2.0 - (i * 7919 % 1009) / 100.0 for i, t in enumerate(vocabulary["types"])]
    del vocabulary["merges"]
    assert n == len(vocabulary["scores"])
    vocabulary["precompiled_charsmap"] = list(charsmap(REPLACEMENTS))
    vocabulary["remove_extra_whitespaces"] = True
    vocabulary["add_space_prefix"] = True
    return vocabulary


def write_gguf(path, vocabulary, pre, name="tiny"):
    w = gguf.GGUFWriter(path, "llama")
    w.add_name(name)
    w.add_tokenizer_model(vocabulary["model"])
    if pre:
        w.add_tokenizer_pre(pre)
    w.add_token_list(vocabulary["tokens"])
    w.add_token_types(vocabulary["types"])
    if "scores" in vocabulary:
        w.add_token_scores(vocabulary["scores"])
    if "merges" in vocabulary:
        w.add_token_merges(vocabulary["merges"])
    if "precompiled_charsmap" in vocabulary:
        w.add_precompiled_charsmap(bytes(vocabulary["precompiled_charsmap"]))
        w.add_remove_extra_whitespaces(vocabulary["remove_extra_whitespaces"])
        w.add_add_space_prefix(vocabulary["add_space_prefix"])
    w.add_bos_token_id(vocabulary["bos"])
    w.add_eos_token_id(vocabulary["eos"])
    if "unknown" in vocabulary:
        w.add_unk_token_id(vocabulary["unknown"])
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def records(lines):
    out = bytearray()
    for text in lines:
        utf8 = "".join("\ufffd" if 0xd800 <= ord(c) < 0xe000 else c for c in text).encode()
        out += struct.pack("<I", len(utf8)) + utf8
    return bytes(out)


def run(driver, model, source, flags, directory):
    ids = directory / "ids"
    subprocess.run([driver, model, source, ids, str(flags)], check=True)
    data = ids.read_bytes()
    lines, at = [], 0
    while at < len(data):
        n = struct.unpack_from("<i", data, at)[0]
        lines.append(data[at + 4:at + 4 + 4 * n])
        at += 4 + 4 * n
    return lines


def crc(lines):
    """One CRC-32 of the ids of each line: small, and still tells which line differs."""
    return b"".join(struct.pack("<I", zlib.crc32(ids)) for ids in lines)


def save(path, data):
    path.write_bytes(gzip.compress(data, 9, mtime=0))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--driver", required=True)
    p.add_argument("--out", required=True, type=pathlib.Path)
    p.add_argument("--real", type=pathlib.Path, help="GGUF of SmolLM2-135M-Instruct")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(json.dumps(t)) for t in corpus(7, 420, 0)]
    save(a.out / "corpus.jsonl.gz", "\n".join(map(json.dumps, lines)).encode())
    vocabularies = {"bytes": byte_level(), "sentencepiece": characters("llama"), "gemma4": characters("gemma4"),
                    "unigram": unigram()}
    for name, vocabulary in vocabularies.items():
        save(a.out / (name + ".json.gz"), json.dumps(vocabulary).encode())
    with tempfile.TemporaryDirectory() as t:
        directory = pathlib.Path(t)
        source = directory / "corpus"
        source.write_bytes(records(lines))
        model = directory / "model.gguf"
        sums, names = b"", []
        done = {}
        for pre in PRE:
            vocabulary = vocabularies["gemma4" if pre in ("gemma4", "granite-embed-multi-311m", "sarvam-moe") else "bytes"]
            if pre in ("granite-embed-multi-311m", "sarvam-moe"):
                vocabulary = dict(vocabulary, model="gpt2")
            write_gguf(model, vocabulary, pre)
            special = run(a.driver, model, source, 3, directory)
            got = b"".join(special)
            print(pre, len(got) // 4, "ids", "same as " + done[got] if got in done else "", flush=True)
            if got not in done:
                done[got] = pre
                sums += crc(special) + crc(run(a.driver, model, source, 0, directory))
                names.append([pre])
            else:
                next(n for n in names if n[0] == done[got]).append(pre)
        (a.out / "pre-tokenizers.json").write_text(json.dumps(names))
        save(a.out / "pre-tokenizers.crc.gz", sums)
        write_gguf(model, vocabularies["sentencepiece"], None)
        sums = b"".join(crc(run(a.driver, model, source, f, directory)) for f in (3, 0))
        write_gguf(model, vocabularies["sentencepiece"], None, "phi-3-tiny")
        sums += b"".join(crc(run(a.driver, model, source, f, directory)) for f in (3, 0))
        save(a.out / "sentencepiece.crc.gz", sums)
        write_gguf(model, vocabularies["unigram"], None)
        sums = b"".join(crc(run(a.driver, model, source, f, directory)) for f in (3, 0))
        save(a.out / "unigram.crc.gz", sums)
        if a.real:
            sums = b"".join(crc(run(a.driver, a.real, source, f, directory)) for f in (3, 0))
            save(a.out / "smollm2.crc.gz", sums)


if __name__ == "__main__":
    main()
