#!/usr/bin/env python3
"""VTC and a plain C program (llama2_baseline.c, gcc -Ofast) on one FP32 checkpoint of llama2.c's format, in turn.

The checkpoint has the shape of stories110M and random weights; it is made in a temporary folder and removed.

    python3 vtc-bench/scripts/llama2.py --out docs/results-llama2.md
"""
import argparse
import array
import datetime
import json
import os
import pathlib
import random
import statistics
import struct
import subprocess
import sys
import tempfile

import peers

DIM, HIDDEN, LAYERS, HEADS, VOCABULARY, CONTEXT = 768, 2048, 12, 12, 32000, 1024
CEILING_TARGET = 0.95


def checkpoint(path):
    """Random weights of the usual spread, norms of 1, a shared classifier."""
    rng = random.Random(110)
    pool = array.array("f", (rng.gauss(0, 0.02) for _ in range((1 << 16) + 1)))

    with open(path, "wb") as f:
        def weights(n):
            # Runs out of a pool, each from a place of its own: quick to make, and no two rows are the same.
            while n > 0:
                begin = rng.randrange(len(pool) // 2)
                run = pool[begin : begin + min(n, len(pool) // 2)]
                run.tofile(f)
                n -= len(run)

        def ones(n):
            array.array("f", [1.0] * n).tofile(f)

        f.write(struct.pack("<7i", DIM, HIDDEN, LAYERS, HEADS, HEADS, VOCABULARY, CONTEXT))
        weights(VOCABULARY * DIM)
        ones(LAYERS * DIM)
        weights(4 * LAYERS * DIM * DIM)
        ones(LAYERS * DIM)
        weights(3 * LAYERS * HIDDEN * DIM)
        ones(DIM)
        ones(CONTEXT * DIM // HEADS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--out", type=pathlib.Path, default=peers.HOME / "docs" / "results-llama2.md")
    o = parser.parse_args()
    source = pathlib.Path(__file__).with_name("llama2_baseline.c")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        model, program = pathlib.Path(folder) / "synthetic110M.bin", pathlib.Path(folder) / "baseline"
        checkpoint(model)
        peers.run(["gcc", "-Ofast", "-march=native", "-fopenmp", "-o", program, source, "-lm"])
        packed = {**os.environ, "XDG_CACHE_HOME": folder, "VTC_NO_BUILD": "1"}
        for threads in map(int, o.threads.split(",")):
            pairs = []
            for _ in range(o.pairs + 1):
                c = json.loads(peers.run([program, model, o.tokens], env={**os.environ, "OMP_NUM_THREADS": str(threads)}))
                v = json.loads(subprocess.run(
                    [str(peers.HOME / "vtc"), "bench", "-m", str(model), "-t", str(threads), "-p", "0", "-n",
                     str(o.tokens), "-r", "1", "--json"], env=packed, stdout=subprocess.PIPE, check=True, text=True).stdout)
                pairs.append((c["tokens_per_s"], v["decode_tokens_per_s"]["median"],
                              v["decode_read_bytes_per_s"] / v["read_ceiling_bytes_per_s"]["median"],
                              v["read_ceiling_bytes_per_s"]["median"]))
                print(threads, *pairs[-1], file=sys.stderr, flush=True)
            base, ours, share, ceiling = (statistics.median(x) for x in zip(*pairs[1:]))
            ratio = statistics.median(p[1] / p[0] for p in pairs[1:])
            rows.append(f"| {threads} | {o.pairs} | {base:.1f} | {ours:.1f} | {ratio:.2f} | 1: {peers.mark(ratio > 1)} "
                        f"| {ceiling / 1e9:.1f} | {100 * share:.0f} % "
                        f"| {f'95 %: {peers.mark(share >= CEILING_TARGET)}' if threads == 2 else ''} |")
    o.out.write_text("\n".join([
        "# VTC and a plain C program on an FP32 checkpoint",
        "",
        f"Written by `vtc-bench/scripts/llama2.py` on {datetime.date.today()}; nothing here is edited by hand.",
        "",
        f"- Computer: {peers.processor()}",
        f"- Checkpoint: the shape of stories110M (dim {DIM}, hidden {HIDDEN}, {LAYERS} layers, {HEADS} heads, vocabulary "
        f"{VOCABULARY}), random weights; {o.tokens} tokens, greedy",
        "- Peer: `llama2_baseline.c`, the algorithm of llama2.c's run.c, gcc -Ofast -march=native -fopenmp; in turn with "
        "VTC, medians of the pairs after one that does not count",
        "",
        "| threads | pairs | C, tok/s | VTC, tok/s | ratio | target | plain read, GB/s | decode reads | target |",
        "|--:|--:|--:|--:|--:|---|--:|--:|---|",
        *rows,
    ]) + "\n", encoding="utf-8")
    print(f"wrote {o.out}")


if __name__ == "__main__":
    main()
