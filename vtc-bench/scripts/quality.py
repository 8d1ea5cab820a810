#!/usr/bin/env python3
"""Compares what VTC computes with what llama.cpp computes, on the same file: perplexity of a text, and greedy choices.

    pip install numpy
    python3 vtc-bench/scripts/quality.py --model gemma-3-270m-q4_k_m.gguf

Perplexity: `llama-perplexity` and `vtc perplexity` on the same chunks; by default of the first 60,000 characters of
Python's own manual (pydoc_data.topics) and of the invented prose of make_text.py.

Greedy: llama.cpp's best token always, from each prompt; at every position of these texts VTC chooses, too. Where they
differ, the logits of both are compared with those of the reference.

Reference: the same weights in F32 (llama-quantize), computed by llama.cpp in F32. It says which of the two is nearer to
what the file's weights mean.

Near ties: at a position, the errors of an engine's logits (its own less the reference's) have a standard deviation s
over the vocabulary. The gap between two tokens' logits is a difference of two of them: s * sqrt(2). Of N gaps, one for
each position, the largest is sqrt(2 ln 2N) times that, if errors are normal. Where the reference's two tokens are no
further apart than this, with the larger s of the two engines, rounding decides: a near tie. Anything else is a defect,
and the script ends with 1. What s may be: each of the 4 * layers + 1 products that a logit has passed rounds what it
reads to 8 bits in blocks of 32, with a relative error e = sqrt(2 ln 64) / (127 sqrt(12)) = 0.66 %; so s is to be about
e * sqrt(4 * layers + 1) of the logits' own standard deviation (see ArchitecturesTest).

llama.cpp is built from the source distribution that peers.py uses. Markdown tables go to standard output.
"""
import argparse
import collections
import datetime
import json
import math
import os
import pathlib
import pydoc_data.topics
import re
import subprocess
import sys
import tempfile

import numpy as np

import peers

SCRIPTS = pathlib.Path(__file__).resolve().parent
PROMPTS = [
    "The capital of France is", "Once upon a time, in a village by the sea,", "def fibonacci(n):\n",
    "The three laws of motion are", "To bake bread, first", "In 1969, the first man", "Water boils at",
    "Dear Sir or Madam,\n\n", "The largest planet of the solar system is", "A list of fruits: apple, banana,",
    "import numpy as np\n\n", "The quick brown fox", "Photosynthesis is the process by which",
    "Question: What is 7 times 8?\nAnswer:", "<html>\n<head>\n", "Le petit chat", "Der Hund des Nachbarn",
    "Chapter 1\n\nIt was a dark and stormy night", "SELECT name FROM users WHERE", "1, 2, 3, 4,",
    "The meeting begins at nine o'clock, and", "She opened the letter and read:", "According to the report,",
    "My favourite book is",
]  # fmt: skip

# A position at which VTC chose another token than llama.cpp. prefix: all ids before it.
Fork = collections.namedtuple("Fork", "prompt at prefix ours theirs")


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


def texts(files, chars):
    """Pairs of a name and a text."""
    if files:
        return [(f.name, f.read_text(encoding="utf-8")) for f in files]
    manual = "\n".join(pydoc_data.topics.topics[k] for k in sorted(pydoc_data.topics.topics))[:chars]
    return [("Python's manual", manual), ("make_text.py", peers.run([sys.executable, SCRIPTS / "make_text.py"]))]


def vtc(*args):
    """What the command prints as JSON: a value for each line."""
    out = peers.run([VTC, *args], env={**os.environ, "VTC_NO_BUILD": "1"})
    return [json.loads(line) for line in out.strip().splitlines()]


def llama_perplexity(model, binaries, file, ctx, threads):
    # Without -nr, AMX instructions trap in virtual machines that do not permit tiles. The estimate is written to
    # either stream, depending on the version.
    done = subprocess.run([binaries / "llama-perplexity", "-nr", "-m", model, "-f", file, "-c", str(ctx), "-t", str(threads)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    found = re.search(r"Final estimate: PPL = ([\d.]+) \+/- ([\d.]+)", done.stdout)
    if not found:
        sys.exit(f"llama-perplexity ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return float(found[1]), found[2]


def perplexity(model, full, binaries, name, text, ctx, threads):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "text.txt")
        file.write_text(text, encoding="utf-8")
        ours = vtc("perplexity", "-m", model, "-f", file, "--ctx", ctx, "-t", threads, "--json")[-1]
        theirs, error = llama_perplexity(model, binaries, file, ctx, threads)
        exact, _ = llama_perplexity(full, binaries, file, ctx, threads)

    def apart(a, b):
        return f"{100 * (a / b - 1):+.2f} %"

    print(f"| {name} | {ours['tokens']} | {ours['scored_tokens']} | {ours['perplexity']:.4f} | {theirs:.4f} ± {error} "
          f"| {apart(ours['perplexity'], theirs)} | {exact:.4f} | {apart(ours['perplexity'], exact)} "
          f"| {apart(theirs, exact)} |", flush=True)


def logits(model, prefix, threads, *args):
    return vtc("logits", "-m", model, "--ids", ",".join(map(str, prefix)), "-t", threads, *args)


def llama_rows(program, model, forks):
    """llama.cpp's logits after the prefix of each fork."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "logits.f32")
        peers.run([program, model, 1, "-o", file, *("#" + ",".join(map(str, f.prefix)) for f in forks)])
        return np.fromfile(file, "<f4").astype(np.float64).reshape(len(forks), -1)


def find_forks(program, model, count, threads):
    """Where VTC, shown llama.cpp's greedy text, chooses another token."""
    for prompt, t in zip(PROMPTS, json.loads(peers.run([program, model, count, *PROMPTS]))):
        begin, ids = len(t["prompt"]), t["prompt"] + t["ids"]
        best = [row["ids"][0] for row in logits(model, ids[:-1], threads, "--all", "--top", "1")][begin - 1:]
        for at, (ours, theirs) in enumerate(zip(best, t["ids"])):
            if ours != theirs:
                yield Fork(prompt, at, ids[:begin + at], ours, theirs)


def greedy(model, full, program, count, threads):
    """Compares greedy choices and prints what is to say of them; the number of differences that are no near ties."""
    forks = list(find_forks(program, model, count, threads))
    positions = count * len(PROMPTS)
    firsts = {}
    for f in forks:
        firsts.setdefault(f.prompt, f.at)
    print(f"\nGreedy choices at {positions} positions ({len(PROMPTS)} prompts, {count} tokens each): equal at "
          f"{positions - len(forks)}; {len(PROMPTS) - len(firsts)} texts equal to the end. "
          "Of VTC's and llama.cpp's tokens where they differ, llama.cpp's logit less VTC's:\n")
    if not forks:
        return 0
    print("| prompt | at | reference | VTC | llama.cpp | s of VTC | s of llama.cpp | s of the logits | near tie up to |  |\n"
          "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|")
    exact, peer = llama_rows(program, full, forks), llama_rows(program, model, forks)
    far, sides, squares = 0, [], []
    for f, r, p in zip(forks, exact, peer):
        v = np.array(logits(model, f.prefix, threads)[0]["logits"], np.float64)
        gaps = [x[f.theirs] - x[f.ours] for x in (r, v, p)]
        errors = [np.std(x - r) for x in (v, p)]
        tie = math.sqrt(2 * math.log(2 * positions)) * math.sqrt(2) * max(errors)
        near = abs(gaps[0]) <= tie
        far += not near
        sides.append("VTC" if r.argmax() == f.ours else "llama.cpp" if r.argmax() == f.theirs else "neither")
        squares.append([e * e for e in errors] + [np.var(r)])
        row = [*gaps, *errors, np.std(r), tie]
        prompt = json.dumps(f.prompt, ensure_ascii=False).replace("|", "\\|")
        print(f"| {prompt}{'' if firsts[f.prompt] == f.at else ' (later)'} | {f.at} | " +
              " | ".join(f"{x:.3f}" for x in row) + f" | {'near tie' if near else '**defect**'} |", flush=True)
    s = np.sqrt(np.mean(squares, 0))
    print(f"\nThe reference's best token is VTC's at {sides.count('VTC')}, llama.cpp's at {sides.count('llama.cpp')} and "
          f"another at {sides.count('neither')} of these positions. Root mean square of s: VTC {s[0]:.3f}, llama.cpp "
          f"{s[1]:.3f}, which is {100 * s[0] / s[2]:.1f} and {100 * s[1] / s[2]:.1f} % of the logits'.")
    return far


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=pathlib.Path, help="a GGUF file")
    parser.add_argument("--text", action="append", type=pathlib.Path, help="another text; may be repeated")
    parser.add_argument("--chars", type=int, default=60_000, help="characters of Python's manual (default: 60,000)")
    parser.add_argument("--ctx", type=int, default=512, help="tokens of a chunk (default: 512)")
    parser.add_argument("-n", type=int, default=64, help="greedy tokens for each prompt (default: 64)")
    parser.add_argument("-t", "--threads", type=int, default=2, help="threads of VTC and llama-perplexity (default: 2); llama.cpp's greedy texts have one")
    parser.add_argument("--only", choices=["perplexity", "greedy"], help="one of the two comparisons")
    parser.add_argument("--vtc", type=pathlib.Path, default=peers.HOME / "vtc", help="the command to run")
    a = parser.parse_args()
    global VTC
    VTC = a.vtc
    binaries = build("llama-perplexity", a.model)
    full = peers.convert(a.model, "F32", binaries, peers.CACHE / "models")
    print(f"{a.model.name}, {datetime.date.today()}, {peers.processor()}")
    if a.only != "greedy":
        print("\n| text | tokens | scored | VTC | llama.cpp | VTC beside llama.cpp | reference | VTC beside it "
              "| llama.cpp beside it |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|")
        for name, text in texts(a.text, a.chars):
            perplexity(a.model, full, binaries, name, text, a.ctx, a.threads)
    if a.only != "perplexity" and greedy(a.model, full, greedy_program(binaries), a.n, a.threads):
        sys.exit(1)


if __name__ == "__main__":
    main()
