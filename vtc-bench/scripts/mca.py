#!/usr/bin/env python3
"""Bounds the cycles of the AArch64 product kernels (one token) with llvm-mca.

    mvn -q test-compile
    vtc-bench/scripts/mca.py vtc-core/target/classes:vtc-core/target/test-classes:vtc-asm/target/classes

Prints Markdown: of each kernel's innermost loop, cycles for 64 bytes of weights, and the bandwidth that one core could
consume at its clock if all loads hit the first-level cache. Needs java 25 and LLVM 19 (llvm-mca, llvm-mc; set LLVM to
their suffix, default "-19").
"""

import os
import re
import subprocess
import sys

SUFFIX = os.environ.get("LLVM", "-19")
FORMATS = ["Q4", "Q4M", "Q8", "Q4K", "Q6K", "F32", "F16"]
# LLVM's model, clock in GHz, machines whose features the core has, and what the model is.
CORES = [
    ("apple-m1", 3.2, ["a64-dotprod"], "Apple M1; LLVM schedules it as Cyclone, which has 3 vector pipes, not 4"),
    ("neoverse-v1", 2.6, ["a64-i8mm", "a64-dotprod"], "Neoverse V1 (Graviton3)"),
    ("neoverse-v2", 2.8, ["a64-i8mm"], "Neoverse V2 (Graviton4, Grace)"),
    ("neoverse-n1", 2.6, ["a64-dotprod"], "Neoverse N1 (Graviton2, Altra)"),
    ("cortex-a76", 2.4, ["a64-dotprod"], "Cortex-A76 (Raspberry Pi 5); LLVM schedules it as Cortex-A57"),
    ("cortex-a72", 1.8, ["a64-neon"], "Cortex-A72 (Raspberry Pi 4); LLVM schedules it as Cortex-A57"),
]
ROUNDS = 200


def run(command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def innermost(code):
    """Lines of assembler of the shortest loop."""
    octets = " ".join("0x" + code[i:i + 2] for i in range(0, len(code), 2))
    # Constants, which may be no instructions, stand behind the return and are not looked at.
    out = subprocess.run(
        ["llvm-mc" + SUFFIX, "--disassemble", "-triple=aarch64", "-mattr=+v8.6a"],
        input=octets, capture_output=True, text=True, check=False).stdout
    lines = [x.strip() for x in out.splitlines() if x.strip() and ".text" not in x]
    lines = lines[:lines.index("ret")]
    best = None
    for at, line in enumerate(lines):
        back = re.match(r"(?:cbn?z\s.*|b\.\w+\s+)#-(\d+)$", line)
        if back:
            length = int(back.group(1)) // 4
            if best is None or length < best[1]:
                best = (at, length)
    at, length = best
    return lines[at - length:at]


def cycles(core, loop):
    out = run(
        ["llvm-mca" + SUFFIX, "-mtriple=aarch64", "-mcpu=" + core, "-mattr=+v8.6a", f"-iterations={ROUNDS}",
         "-instruction-info=0", "-resource-pressure=0"],
        "\n".join(loop) + "\n")
    return int(re.search(r"Total Cycles:\s+(\d+)", out).group(1)) / ROUNDS


def main():
    java = os.path.join(os.environ["JAVA_HOME"], "bin/java") if "JAVA_HOME" in os.environ else "java"
    listed = run([java, "-cp", sys.argv[1], "dev.vtc.machine.lanes.ProductCode", *FORMATS])
    kernels = {}
    for line in listed.splitlines():
        machine, form, size, code = line.split()
        kernels[machine, form] = (int(size), innermost(code))
    for core, clock, machines, what in CORES:
        print(f"### {what}, {clock} GHz\n")
        print("| machine | format | instructions per 64 bytes | cycles per 64 bytes | GB/s |")
        print("|---|---|---|---|---|")
        for machine in machines:
            for form in FORMATS:
                size, loop = kernels[machine, form]
                lines = size / 64
                each = cycles(core, loop) / lines
                print(f"| {machine} | {form} | {len(loop) / lines:.1f} | {each:.2f} | {64 / each * clock:.0f} |")
        print()


main()
