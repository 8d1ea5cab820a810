#!/usr/bin/env python3
"""Writes src/test/resources/dev/vtc/sample/sampling.json: what the sampler must keep and with which probabilities.

An independent reference: plain lists, a full sort, math.fsum; written from the papers and from the documentation of
llama.cpp's samplers, not from the Java code. Run from the module's folder: python3 src/test/python/sampling_goldens.py
"""
import json
import math
import random

import numpy as np

SEED = 20261122


def reference(logits, o, history):
    l = [float(np.float32(x)) for x in logits]
    raw = list(l)
    for token, bias in o["bias"].items():
        l[int(token)] += bias
    n = o["repeat_last_n"]
    window = history if n < 0 else history[len(history) - min(n, len(history)):]
    for token in set(window):
        c = window.count(token)
        l[token] = l[token] * o["repetition"] if l[token] <= 0 else l[token] / o["repetition"]
        l[token] -= c * o["frequency"] + o["presence"]
    order = sorted(range(len(l)), key=lambda i: (-l[i], i))
    order = [i for i in order if l[i] > -math.inf]
    result = {"best": order[0]}
    if 0 < o["top_k"] < len(l):
        order = order[: o["top_k"]]
    if o["top_p"] < 1:
        z = math.fsum(math.exp(l[i] - l[order[0]]) for i in order)
        cut = []
        for i in order:
            cut.append(i)
            if math.fsum(math.exp(l[j] - l[order[0]]) for j in cut) >= o["top_p"] * z:
                break
        order = cut
    if o["min_p"] > 0:
        order = [i for i in order if math.exp(l[i] - l[order[0]]) >= o["min_p"] * (1 - 1e-14)]
    w = [math.exp((l[i] - l[order[0]]) / o["temperature"]) for i in order]
    z = math.fsum(w)
    top = max(raw)
    norm = top + math.log(math.fsum(math.exp(x - top) for x in raw))
    result.update(kept=order, probabilities=[x / z for x in w], log_normalizer=norm)
    return result


def main():
    rnd = random.Random(SEED)
    cases = []
    for number in range(140):
        size = rnd.choice([1, 2, 3, 15, 16, 17, 31, 63, 65, 90])
        scale = rnd.choice([0.5, 2, 5])
        kind = rnd.choice(["grid", "float", "ties"])
        if kind == "grid":  # multiples of 1/64: exact in every format
            logits = [round(rnd.gauss(0, scale) * 64) / 64 for _ in range(size)]
        elif kind == "ties":
            logits = [float(round(rnd.gauss(0, scale))) for _ in range(size)]
        else:
            logits = [float(np.float32(rnd.gauss(0, scale))) for _ in range(size)]
        on = lambda p: rnd.random() < p
        penalties = on(0.5)
        o = {
            "temperature": rnd.choice([0.1, 0.7, 1.0, 1.5]),
            "top_k": rnd.choice([1, 2, 5, 40]) if on(0.5) else 0,
            "top_p": rnd.choice([0.01, 0.3, 0.5, 0.9, 0.95]) if on(0.5) else 1.0,
            "min_p": rnd.choice([0.02, 0.1, 0.5, 1.0]) if on(0.5) else 0.0,
            "repetition": rnd.choice([0.8, 1.1, 1.5]) if penalties and on(0.7) else 1.0,
            "frequency": rnd.choice([-0.3, 0.2, 1.0]) if penalties and on(0.5) else 0.0,
            "presence": rnd.choice([-0.5, 0.4]) if penalties and on(0.5) else 0.0,
            "repeat_last_n": rnd.choice([-1, 0, 1, 4, 64]),
            "bias": {str(rnd.randrange(size)): rnd.choice([-100.0, -1.5, 2.25, 5.0]) for _ in range(rnd.choice([0, 0, 1, 3]))},
        }
        history = [rnd.randrange(size) for _ in range(rnd.choice([0, 3, 10, 80]))]
        cases.append({"options": o, "history": history, "logits": logits, "expect": reference(logits, o, history)})
    with open("src/test/resources/dev/vtc/sample/sampling.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")


main()
