#!/usr/bin/env python3
"""Bounds the cycles of the AArch64 product kernels with llvm-mca.

    mvn -q test-compile
    vtc-bench/scripts/mca.py vtc-core/target/classes:vtc-core/target/test-classes:vtc-asm/target/classes [FORMAT ...]

Prints Markdown: for one token, the cycles for 64 bytes of weights and the bandwidth that one core could consume at its
clock; for tiles of tokens, the arithmetic it could do; all if every load hits the first-level cache. A kernel's loops are
unrolled into the instructions that the core meets from one panel's begin on, for two lengths of a row: the difference is
what a group of columns costs, all its loops included. Needs java 25 and LLVM 19 (llvm-mca, llvm-mc; set LLVM to their
suffix, default "-19").
"""

import functools
import os
import re
import subprocess
import sys

SUFFIX = os.environ.get("LLVM", "-19")
FORMATS = ["Q4", "Q4M", "Q8", "Q4K", "Q6K", "F32", "F16"]
# LLVM's model, clock in GHz, the row of VTC's tuning, machines whose features the core has, and what the model is.
CORES = [
    ("apple-m1", 3.2, "apple", ["a64-dotprod"],
     "Apple M1; LLVM schedules it as Cyclone, which has 3 vector pipes, not 4"),
    ("neoverse-v1", 2.6, "neoverse-v", ["a64-i8mm", "a64-dotprod"], "Neoverse V1 (Graviton3)"),
    ("neoverse-v2", 2.8, "neoverse-v", ["a64-i8mm"], "Neoverse V2 (Graviton4, Grace)"),
    ("neoverse-n1", 2.6, "neoverse-n", ["a64-dotprod"], "Neoverse N1 (Graviton2, Altra)"),
    ("cortex-a76", 2.4, "neoverse-n", ["a64-dotprod"],
     "Cortex-A76 (Raspberry Pi 5); LLVM schedules it as Cortex-A57"),
    ("cortex-a72", 1.8, "other", ["a64-neon"], "Cortex-A72 (Raspberry Pi 4); LLVM schedules it as Cortex-A57"),
]
COLUMNS = (1024, 2048)
ROWS = 16


def run(command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def java(columns, tuning, formats):
    home = os.environ.get("JAVA_HOME")
    return run(
        [os.path.join(home, "bin/java") if home else "java", "-Dvtc.tuning=" + tuning, "-cp", sys.argv[1],
         "dev.vtc.machine.lanes.ProductCode", str(columns), *formats])


def disassemble(code):
    octets = " ".join("0x" + code[i:i + 2] for i in range(0, len(code), 2))
    # Constants, which may be no instructions, stand behind the return and are not looked at.
    out = subprocess.run(
        ["llvm-mc" + SUFFIX, "--disassemble", "-triple=aarch64", "-mattr=+v8.6a"],
        input=octets, capture_output=True, text=True, check=False).stdout
    lines = [x.split("//")[0].strip() for x in out.splitlines() if x.strip() and ".text" not in x]
    return lines[:lines.index("ret")]


def trace(lines):
    """The instructions in the order in which they are met. Loops count a register down from a constant to zero."""
    counters = {}
    met = []
    at = 0
    while at < len(lines):
        line = lines[at]
        met.append(line)
        at += 1
        if m := re.match(r"mov\s+(x\d+), #(\d+)$", line):
            counters[m[1]] = int(m[2])
        elif m := re.match(r"sub\s+(x\d+), (x\d+), #(\d+)$", line):
            if m[1] == m[2] and m[1] in counters:
                counters[m[1]] -= int(m[3])
        elif m := re.match(r"cbnz\s+(x\d+), #(-?\d+)$", line):
            if counters[m[1]] != 0:
                at += int(m[2]) // 4 - 1
        elif re.match(r"(b|b\.\w+|cbz|tbn?z|br|blr|bl|ret)\s", line):
            raise SystemExit("a branch that is no loop: " + line)
    return met


@functools.cache
def cycles(core, code):
    met = trace(disassemble(code))
    out = run(
        ["llvm-mca" + SUFFIX, "-mtriple=aarch64", "-mcpu=" + core, "-mattr=+v8.6a", "-iterations=1",
         "-instruction-info=0", "-resource-pressure=0"],
        "\n".join(met) + "\n")
    return int(re.search(r"Total Cycles:\s+(\d+)", out).group(1)), len(met)


def kernels(tuning, formats):
    """(machine, format, tokens) to (bytes, code) for each length."""
    both = []
    for columns in COLUMNS:
        kernel = {}
        for line in java(columns, tuning, formats).splitlines():
            machine, form, tokens, size, code = line.split()
            kernel[machine, form, int(tokens)] = (int(size), code)
        both.append(kernel)
    return both


def main():
    formats = sys.argv[2:] or FORMATS
    for core, clock, tuning, machines, what in CORES:
        short, long = kernels(tuning, formats)

        def difference(key):
            c0, n0 = cycles(core, short[key][1])
            c1, n1 = cycles(core, long[key][1])
            return c1 - c0, n1 - n0, (long[key][0] - short[key][0]) / 64

        tiles = sorted({k[2] for k in long if k[0] in machines and k[2] > 1})
        print(f"### {what}, {clock} GHz, tuned as {tuning}\n")
        print("| machine | format | instructions per 64 bytes | cycles per 64 bytes | GB/s |",
              *(f" GOPS, {t} tokens |" for t in tiles), sep="")
        print("|---|---|---|---|---|" + "---|" * len(tiles))
        for machine in machines:
            for form in formats:
                spent, count, lines = difference((machine, form, 1))
                row = f"| {machine} | {form} | {count / lines:.1f} | {spent / lines:.2f} | {64 * lines / spent * clock:.0f} |"
                for tokens in tiles:
                    if (machine, form, tokens) in long:
                        work = 2 * ROWS * (COLUMNS[1] - COLUMNS[0]) * tokens
                        spent, _, _ = difference((machine, form, tokens))
                        row += f" {work / spent * clock:.0f} |"
                    else:
                        row += " |"
                print(row, flush=True)
        print()


main()
