#!/usr/bin/env python3
"""Compares what VTC computes with what llama.cpp computes, on the same file: perplexity of a text, and greedy answers.

    python3 vtc-bench/scripts/quality.py --model gemma-3-270m-q4_k_m.gguf

Perplexity: `llama-perplexity` and `vtc perplexity` on the same chunks; by default of the first 24,000 characters of
Python's own manual (pydoc_data.topics) and of the invented prose of make_text.py. Greedy: the best token always, from
the same prompt ids; where the two part, the distance between the two best logits there, in both, says how near a tie
it was. llama.cpp is built from the source distribution that peers.py uses. A Markdown table goes to standard output.
"""
import argparse
import datetime
import json
import os
import pathlib
import pydoc_data.topics
import re
import subprocess
import sys
import tempfile

import peers

SCRIPTS = pathlib.Path(__file__).resolve().parent
PROMPTS = ["The capital of France is", "Once upon a time, in a village by the sea,", "def fibonacci(n):\n",
           "The three laws of motion are", "To bake bread, first", "In 1969, the first man", "Water boils at",
           "Dear Sir or Madam,\n\n"]


def build(tool, model):
    """A further tool of llama.cpp, beside those that peers.py builds."""
    binaries = peers.build_llama(model)
    if not (binaries / tool).exists():
        peers.run(["cmake", "--build", binaries.parent, "-j", os.cpu_count(), "--target", tool])
    return binaries


def greedy_program(binaries):
    """llama_greedy.cpp, compiled against the libraries of the build."""
    program = peers.CACHE / "llama_greedy"
    source = SCRIPTS / "llama_greedy.cpp"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        tree = next(iter(sorted((peers.CACHE / "sdist").glob("*/vendor/llama.cpp"), reverse=True)))
        peers.run(["g++", "-O2", "-I", tree / "include", "-I", tree / "ggml" / "include", source, "-L", binaries,
                   f"-Wl,-rpath,{binaries}", "-lllama", "-lggml", "-lggml-base", "-o", program])
    return program


def texts(files):
    """Pairs of a name and a text."""
    if files:
        return [(f.name, f.read_text(encoding="utf-8")) for f in files]
    manual = "\n".join(pydoc_data.topics.topics[k] for k in sorted(pydoc_data.topics.topics))[:24_000]
    return [("Python's manual", manual), ("make_text.py", peers.run([sys.executable, SCRIPTS / "make_text.py"]))]


def vtc(*args):
    out = peers.run([VTC, *args], env={**os.environ, "VTC_NO_BUILD": "1"})
    return json.loads(out.strip().splitlines()[-1])


def perplexity(model, binaries, name, text, ctx, threads):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "text.txt")
        file.write_text(text, encoding="utf-8")
        ours = vtc("perplexity", "-m", model, "-f", file, "--ctx", ctx, "-t", threads, "--json")
        # Without -nr, AMX instructions trap in virtual machines that do not permit tiles. The estimate is written to
        # either stream, depending on the version.
        done = subprocess.run([binaries / "llama-perplexity", "-nr", "-m", model, "-f", file, "-c", str(ctx), "-t", str(threads)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    found = re.search(r"Final estimate: PPL = ([\d.]+) \+/- ([\d.]+)", done.stdout)
    if not found:
        sys.exit(f"llama-perplexity ended with {done.returncode}:\n{done.stdout[-2000:]}")
    theirs = float(found[1])
    apart = 100 * (ours["perplexity"] / theirs - 1)
    print(f"| {name} | {ours['tokens']} | {ours['scored_tokens']} | {ours['perplexity']:.4f} | {theirs:.4f} ± {found[2]} "
          f"| {apart:+.2f} % |", flush=True)


def greedy(model, binaries, count, threads):
    theirs = json.loads(peers.run([greedy_program(binaries), model, count, *PROMPTS]))
    equal = 0
    for prompt, t in zip(PROMPTS, theirs):
        ours = vtc("run", "-m", model, "--ids", ",".join(map(str, t["prompt"])), "-n", count, "--temperature", "0",
                   "--ignore-end", "-t", threads, "--json", "--logprobs", "2")
        ids = ours["ids"]
        at = next((i for i, (a, b) in enumerate(zip(ids, t["ids"])) if a != b), None)
        text = json.dumps(prompt).replace("|", "\\|")
        if at is None:
            equal += 1
            print(f"| {text} | {len(ids)} | | |", flush=True)
        else:
            top = ours["logprobs"][at]["top"]
            gap = top[0]["logprob"] - top[1]["logprob"]
            print(f"| {text} | {at} | {t['margins'][at]:.3f} | {gap:.3f} |", flush=True)
    print(f"\n{equal} of {len(PROMPTS)} prompts: all {count} tokens equal.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=pathlib.Path, help="a GGUF file")
    parser.add_argument("--text", action="append", type=pathlib.Path, help="another text; may be repeated")
    parser.add_argument("--ctx", type=int, default=512, help="tokens of a chunk (default: 512)")
    parser.add_argument("-n", type=int, default=64, help="greedy tokens for each prompt (default: 64)")
    parser.add_argument("-t", "--threads", type=int, default=2, help="threads (default: 2; the greedy answers of llama.cpp always have 2)")
    parser.add_argument("--vtc", type=pathlib.Path, default=peers.HOME / "vtc", help="the command to run")
    a = parser.parse_args()
    global VTC
    VTC = a.vtc
    binaries = build("llama-perplexity", a.model)
    print(f"{a.model.name}, {datetime.date.today()}, {peers.processor()}\n")
    print("| text | tokens | scored | VTC | llama.cpp | apart |\n|---|---|---|---|---|---|")
    for name, text in texts(a.text):
        perplexity(a.model, binaries, name, text, a.ctx, a.threads)
    print("\n| prompt | equal tokens | llama.cpp's gap there | VTC's gap there |\n|---|---|---|---|")
    greedy(a.model, binaries, a.n, a.threads)


if __name__ == "__main__":
    main()
