#!/usr/bin/env python3
"""From the start of the process to the first token, beside llama.cpp, in turn: same file, same prompt, two threads.

Both programs get the page cache warm and no terminal. Counted is the time until the first token's text arrives on
the other end of the pipe (llama-completion repeats the prompt first), and the whole process besides; memory is the
largest resident size, mapped weights included. VTC's own phases come from its environment variable VTC_STARTUP.

    python3 vtc-bench/scripts/startup.py SmolLM2-135M-Instruct.Q4_1.gguf gemma-3-270m-q4_k_m.gguf
"""
import argparse
import datetime
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import peers

PROMPT = "The capital of France is"
RATIOS = {"gemma": 0.2}  # by the beginning of a file's name; else:
RATIO = 0.5
QUIET_SECONDS = 0.2
TOOL = "llama-completion"


def timed(command, prompt, env=None):
    """Runs a command; seconds to the first token, seconds in all, peak bytes, and what stderr held."""
    begin = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
    seen, first = b"", None
    while chunk := os.read(process.stdout.fileno(), 4096):
        seen += chunk
        text = seen.decode("utf-8", "replace").lstrip()
        if first is None and text.removeprefix(prompt).strip():
            first = time.monotonic() - begin
    err = process.stderr.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    total = time.monotonic() - begin
    if status or first is None:
        sys.exit(f"{command} ended with {status}:\n{seen[-300:]}\n{err[-2000:]}")
    return first, total, usage.ru_maxrss * 1024, err


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    parser.add_argument("--llama-bin", type=pathlib.Path)
    parser.add_argument("--pairs", type=int, default=11)
    parser.add_argument("--out", type=pathlib.Path, default=peers.HOME / "docs" / "results-startup.md")
    o = parser.parse_args()
    binaries = (o.llama_bin or peers.build_llama(o.models[0].resolve())).resolve()
    rows, budget = [], []
    for model in o.models:
        theirs = [binaries / TOOL, "-m", model, "-n", "1", "--no-warmup", "-t", "2", "-no-cnv", "-p", PROMPT, "--temp", "0"]
        ours = [peers.HOME / "vtc", "run", "-m", model, "--raw", "-n", "1", "-t", "2", "--temperature", "0", PROMPT]
        quiet = {"VTC_NO_BUILD": "1"}
        for _ in range(2):  # packs, and makes the JVM's cache of classes
            timed(ours, "", quiet)
            time.sleep(8)
        timed(theirs, PROMPT)
        pairs, phases = [], {}
        for _ in range(o.pairs):
            a = timed(theirs, PROMPT)
            b = timed(ours, "", {**quiet, "VTC_STARTUP": str(time.time_ns() // 1000)})
            pairs.append((a, b))
            line = re.search(r"start-up, ms: (.*)", b[3])
            for phase in line.group(1).rstrip(";").split("; "):
                name, _, value = phase.rpartition(" ")
                phases.setdefault(name, []).append(float(value))
            print(f"{model.name}: {a[0]:.3f} and {b[0]:.3f} s", file=sys.stderr, flush=True)
        peer, own = (statistics.median(p[i][0] for p in pairs) for i in (0, 1))
        ratio = statistics.median(b[0] / a[0] for a, b in pairs)
        target = next((r for name, r in RATIOS.items() if model.name.startswith(name)), RATIO)
        rows.append(
            f"| {model.name} | {o.pairs} | {1e3 * peer:.0f} | {1e3 * own:.0f} | {ratio:.2f} | {target}: {peers.mark(ratio <= target)} "
            f"| {1e3 * statistics.median(a[1] for a, _ in pairs):.0f} | {1e3 * statistics.median(b[1] for _, b in pairs):.0f} "
            f"| {statistics.median(a[2] for a, _ in pairs) / 1e6:.0f} | {statistics.median(b[2] for _, b in pairs) / 1e6:.0f} |")
        for name, values in phases.items():
            budget.append(f"| {model.name} | {name} | {statistics.median(values):.1f} |")
    o.out.write_text("\n".join([
        "# From the start of the process to the first token",
        "",
        f"Written by `vtc-bench/scripts/startup.py` on {datetime.date.today()}; nothing here is edited by hand.",
        "",
        f"- Computer: {peers.processor()}",
        f"- Peer: llama.cpp, {peers.peer_build(binaries)}",
        f"- `vtc run --raw -n 1 -t 2` and `{TOOL} -n 1 --no-warmup -t 2`, prompt \"{PROMPT}\", in turn, page cache warm, "
        "medians",
        "",
        "| model | pairs | llama.cpp, ms | VTC, ms | ratio | target | llama.cpp, whole process | VTC, whole process "
        "| llama.cpp, peak MB | VTC, peak MB |",
        "|---|--:|--:|--:|--:|---|--:|--:|--:|--:|",
        *rows,
        "",
        "Where VTC's time goes, ms (`VTC_STARTUP`; jvm: from the start of the launcher to `main`):",
        "",
        "| model | phase | ms |",
        "|---|---|--:|",
        *budget,
    ]) + "\n", encoding="utf-8")
    print(f"wrote {o.out}")


if __name__ == "__main__":
    main()
