#!/usr/bin/env python3
"""Compares VTC with llama.cpp, side by side: the same files, the same threads, in turn.

The model is converted to each type by llama.cpp's own tool; then llama-bench and `vtc bench` run one after the
other, pair by pair, so that a slow minute of the machine meets both. `vtc bench` measures in the same process how
fast the same threads can read the same weights at all: the read ceiling. The medians, and the median of the ratios
of the pairs, go to a Markdown table.

    python3 vtc-bench/scripts/peers.py --model SmolLM2-135M-Instruct.Q4_1.gguf --threads 1,2

Every measurement is kept in --raw at once, so that a long comparison can be made in parts: a run goes on where the
one before it ended (--seconds), and the table always shows everything measured so far. Without --llama-bin,
llama.cpp is built for this CPU from the source distribution of the Python package llama-cpp-python.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys
import tarfile
import time

HOME = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "vtc-bench"
TOOLS = ["llama-bench", "llama-quantize", "llama-completion"]

# Least ratios that VTC is to reach: type -> (prefill, decode); None: no target is set.
TARGETS = {
    "Q4_1": (6.0, 2.2),
    "Q8_0": (10.0, 1.8),
    "Q4_0": (2.2, None),
    "F16": (1.2, 1.3),
    "BF16": (0.75, None),
    "F32": (None, 1.2),
}
BUSY_TARGET = 2.5  # decode with one core kept busy by another process
ENOUGH_OF_CEILING = 0.90  # this share of the read ceiling reaches the decode target as well


def run(command, **more):
    """Runs a command and returns its standard output; ends the script when it fails."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


# What llama.cpp's build asks for and how Linux names it, where its own look at the CPU is not used.
CPU_FEATURES = {
    "SSE42": "sse4_2", "AVX": "avx", "AVX2": "avx2", "BMI2": "bmi2", "FMA": "fma", "F16C": "f16c", "AVX_VNNI": "avx_vnni",
    "AVX512": "avx512f", "AVX512_VBMI": "avx512vbmi", "AVX512_VNNI": "avx512_vnni", "AVX512_BF16": "avx512_bf16",
}
WITHOUT_AMX = "without AMX, since its AMX kernels end with an illegal instruction here"


def build_llama(model):
    """Builds llama.cpp for this CPU in the cache folder, once; returns the folder of its programs.

    On a virtual machine that shows AMX and does not keep its tiles, llama.cpp dies of an illegal instruction with
    the given model: then it is built for all that this CPU has but AMX, and peer_build says so.
    """
    build = CACHE / "llama.cpp"
    binaries = build / "bin"
    if all((binaries / t).exists() for t in TOOLS):
        return binaries
    sdist = CACHE / "sdist"
    sdist.mkdir(parents=True, exist_ok=True)
    if not list(sdist.glob("llama_cpp_python-*.tar.gz")):
        run([sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "llama-cpp-python",
             "llama-cpp-python", "-d", sdist])
    archive = max(sdist.glob("llama_cpp_python-*.tar.gz"))
    with tarfile.open(archive) as tar:
        tar.extractall(sdist, filter="data")
    source = sdist / archive.name.removesuffix(".tar.gz") / "vendor" / "llama.cpp"
    configure = ["cmake", "-S", source, "-B", build]
    make = ["cmake", "--build", build, "-j", os.cpu_count(), "-t", *TOOLS]
    run([*configure, "-DCMAKE_BUILD_TYPE=Release", "-DGGML_NATIVE=ON", "-DLLAMA_CURL=OFF", "-DLLAMA_OPENSSL=OFF",
         "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_SERVER=OFF"])
    run(make)
    tried = subprocess.run([binaries / "llama-bench", "-m", model, "-p", "32", "-n", "0", "-r", "1"], capture_output=True)
    has = set(pathlib.Path("/proc/cpuinfo").read_text().split())
    if tried.returncode == -signal.SIGILL and "amx_int8" in has:
        features = [f"-DGGML_{name}={'ON' if flag in has else 'OFF'}" for name, flag in CPU_FEATURES.items()]
        run([*configure, "-DGGML_NATIVE=OFF", *features])
        run(make)
        (build / "built").write_text(WITHOUT_AMX)
    return binaries


def peer_build(binaries):
    """How llama.cpp was built, for a table's head."""
    note = binaries.parent / "built"
    return "built for this CPU" + (" " + note.read_text() if note.exists() else "")


def convert(model, kind, binaries, folder):
    """The model in the given type: itself if its name says so, otherwise a copy made by llama-quantize."""
    if kind.lower() in model.name.lower().split("."):
        return model
    folder.mkdir(parents=True, exist_ok=True)
    full = folder / f"{model.stem}-F32.gguf"
    wanted = folder / f"{model.stem}-{kind}.gguf"
    for target, source in ((full, model), (wanted, full)):
        if not target.exists():
            part = target.with_suffix(".part")
            as_type = "F32" if target == full else kind
            run([binaries / "llama-quantize", "--allow-requantize", source, part, as_type])
            part.rename(target)
    return wanted


def peer(binaries, file, threads, prompt, decode):
    """One run of llama-bench, after its own warm-up: prefill and decode in tokens per second."""
    out = run([binaries / "llama-bench", "-m", file, "-t", threads, "-p", prompt, "-n", decode, "-r", 1, "-o", "json"])
    speed = {}
    for row in json.loads(out):
        speed["decode" if row["n_gen"] else "prefill"] = row["avg_ts"]
    return speed


def vtc(file, threads, prompt, decode):
    """One run of `vtc bench`, after its own warm-up."""
    out = run([HOME / "vtc", "bench", "-m", file, "-t", threads, "-p", prompt, "-n", decode, "-r", 1, "--json"],
              env={**os.environ, "VTC_NO_BUILD": "1"})
    row = json.loads(out.strip().splitlines()[-1])
    return {
        "prefill": row["prefill_tokens_per_s"]["median"],
        "decode": row["decode_tokens_per_s"]["median"],
        "ceiling": row["read_ceiling_bytes_per_s"]["median"],
        "read": row["decode_read_bytes_per_s"],
        "machine": row["machine"],
    }


def processor():
    """Name and features that matter of this CPU."""
    name, flags = platform.processor() or platform.machine(), ""
    try:
        for line in open("/proc/cpuinfo", encoding="utf-8"):
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip() == "flags":
                flags = value
    except OSError:
        pass
    known = [f for f in ("avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16") if f in flags.split()]
    return f"{os.cpu_count()} cores of {name} ({', '.join(known) or 'no features known'}), {platform.system()}"


def median(values):
    return statistics.median(values)


def mark(reached):
    return "reached" if reached else "**missed**"


def row_of(cell, pairs):
    """One line of the table."""
    kind, threads, busy = cell
    peers, ours = [p["peer"] for p in pairs], [p["vtc"] for p in pairs]
    share = median([v["read"] / v["ceiling"] for v in ours])
    out = [kind, str(threads), str(len(pairs))]
    for i, what in enumerate(("prefill", "decode")):
        if what not in peers[0]:
            out += ["", "", "", ""]
            continue
        ratios = [v[what] / p[what] for p, v in zip(peers, ours)]
        target = TARGETS.get(kind, (None, None))[i] if not busy else BUSY_TARGET
        out += [
            f"{median([p[what] for p in peers]):.0f}",
            f"{median([v[what] for v in ours]):.0f}",
            f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
        ]
        if target is None:
            out.append("")
        elif what == "decode" and not busy and median(ratios) < target and share >= ENOUGH_OF_CEILING:
            out.append(f"{target:g}: reached by the share of the ceiling")
        else:
            out.append(f"{target:g}: {mark(median(ratios) >= target)}")
    out.append(f"{median([v['ceiling'] for v in ours]) / 1e9:.1f}")
    out.append(f"{100 * share:.0f} %")
    return "| " + " | ".join(out) + " |"


def report(data, out):
    """Writes the Markdown table of everything measured so far."""
    cells = {}
    for m in data["pairs"]:
        cells.setdefault((m["type"], m["threads"], m["busy"]), []).append(m)
    prompt, decode = data["pairs"][0]["prompt"], data["pairs"][0]["decode"]
    head = ("| type | threads | pairs | prefill llama.cpp, tok/s | prefill VTC, tok/s | ratio | target "
            "| decode llama.cpp, tok/s | decode VTC, tok/s | ratio | target | plain read, GB/s | decode reads |")
    rule = "|---" + "|--:" * 5 + "|---" + "|--:" * 3 + "|---" + "|--:" * 2 + "|"
    machines = sorted({m["vtc"]["machine"] for m in data["pairs"]})
    lines = [
        "# VTC and llama.cpp side by side",
        "",
        f"Written by `vtc-bench/scripts/peers.py` on {data['date']}; nothing here is edited by hand.",
        "",
        f"- Computer: {data['processor']}",
        f"- Model: {data['model']}, converted to each type by llama-quantize; prefill of {prompt} tokens, decode of "
        f"{decode}",
        f"- Peer: llama.cpp, {data['peer']}, {data['built']}; VTC at {data['commit']} with {', '.join(machines)}",
        "- llama.cpp and VTC ran in turn, pair by pair, each after a warm-up of its own. Speeds are medians; a ratio "
        "is the median of the ratios of the pairs (least to greatest). \"plain read\" is how fast the same threads "
        "read the same weights in the same process without computing, \"decode reads\" the part of it that decode "
        "reaches.",
        "",
        head,
        rule,
    ]
    lines += [row_of(c, p) for c, p in cells.items() if not c[2]]
    busy = [row_of(c, p) for c, p in cells.items() if c[2]]
    if busy:
        lines += ["", "One core kept busy by another process:", "", head, rule, *busy]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, type=pathlib.Path, help="a GGUF file")
    parser.add_argument("--llama-bin", type=pathlib.Path, help="folder of llama-bench and llama-quantize")
    parser.add_argument("--types", default="Q4_1,Q8_0,Q4_0,F16,BF16,F32")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--prompt", type=int, default=512, help="tokens of prefill; 0 leaves it out")
    parser.add_argument("--decode", type=int, default=64)
    parser.add_argument("--busy", action="store_true", help="with one core kept busy by another process")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no further pair after this time")
    parser.add_argument("--prepare", action="store_true", help="convert and pack only")
    parser.add_argument("--raw", type=pathlib.Path, default=CACHE / "peers.json", help="measurements so far")
    parser.add_argument("--out", type=pathlib.Path, default=HOME / "docs" / "results-peers.md")
    return parser.parse_args()


def main():
    o = options()
    begin = time.monotonic()
    model = o.model.resolve()
    binaries = (o.llama_bin or build_llama(model)).resolve()
    data = json.loads(o.raw.read_text()) if o.raw.exists() else {"pairs": []}
    data["date"] = datetime.date.today().isoformat()
    data["processor"] = processor()
    data["model"] = model.name
    data["built"] = peer_build(binaries)
    data["commit"] = run(["git", "-C", HOME, "rev-parse", "--short", "HEAD"]).strip()
    for kind in o.types.split(","):
        file = convert(model, kind, binaries, CACHE / "models")
        if o.prepare:
            vtc(file, 1, 1, 1)
            continue
        for threads in map(int, o.threads.split(",")):
            key = {"type": kind, "threads": threads, "busy": o.busy, "prompt": o.prompt, "decode": o.decode}
            done = sum(all(m[k] == v for k, v in key.items()) for m in data["pairs"])
            for _ in range(done, o.pairs):
                if time.monotonic() - begin > o.seconds:
                    break
                load = subprocess.Popen(["sh", "-c", "while :; do :; done"]) if o.busy else None
                try:
                    a = peer(binaries, file, threads, o.prompt, o.decode)
                    b = vtc(file, threads, o.prompt, o.decode)
                finally:
                    if load:
                        load.kill()
                        load.wait()
                data["pairs"].append({**key, "peer": a, "vtc": b})
                if "peer" not in data:
                    bench = run([binaries / "llama-bench", "-m", file, "-p", 0, "-n", 1, "-r", 1, "-o", "json"])
                    data["peer"] = f"build {json.loads(bench)[0]['build_number']}"
                o.raw.parent.mkdir(parents=True, exist_ok=True)
                o.raw.write_text(json.dumps(data, indent=1))
                print(f"{kind} {threads} threads: " + ", ".join(
                    f"{w} {a[w]:.0f} and {b[w]:.0f}" for w in a), flush=True)
    if data["pairs"]:
        report(data, o.out)
        print(f"wrote {o.out}")


if __name__ == "__main__":
    main()
