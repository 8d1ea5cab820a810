#!/usr/bin/env python3
"""Greedy ids of a llama2.c checkpoint, by the algorithm of llama2.c's run.c in numpy (float32).

The checkpoint's floats come from a 64-bit linear congruential generator that Llama2cGreedyTest has
too, so that no checkpoint needs to be stored. Prints the resource llama2c-greedy.json:

    llama2c_greedy.py > ../resources/dev/vtc/llama2c-greedy.json
"""
import json
import math

import numpy as np

DIM, HIDDEN, LAYERS, HEADS, KV_HEADS, VOCAB, SEQ = 64, 172, 2, 8, 4, 512, 64
HEAD = DIM // HEADS
KV_DIM = KV_HEADS * HEAD
PROMPT = [1, 77, 300]


class Floats:
    def __init__(self, seed):
        self.state = seed

    def next(self, n):
        out = np.empty(n, np.float32)
        for i in range(n):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
            out[i] = np.float32((self.state >> 40) / 2**24 - 0.5)
        return out


def rmsnorm(x, w):
    ss = np.float32((x * x).sum(dtype=np.float32)) / np.float32(len(x)) + np.float32(1e-5)
    return w * (np.float32(1) / np.float32(math.sqrt(ss)) * x)


def softmax(x):
    e = np.exp(x - x.max(), dtype=np.float32)
    return e / e.sum(dtype=np.float32)


def model(shared):
    f = Floats(2026 if shared else 1997)
    m = lambda *shape: f.next(math.prod(shape)).reshape(shape)
    w = {"emb": m(VOCAB, DIM) * np.float32(2)}
    w["att"] = m(LAYERS, DIM) + np.float32(1)
    s = np.float32(0.5)
    w["wq"], w["wk"], w["wv"], w["wo"] = (m(LAYERS, n, DIM) * s for n in (DIM, KV_DIM, KV_DIM, DIM))
    w["ffn"] = m(LAYERS, DIM) + np.float32(1)
    w["w1"], w["w2"], w["w3"] = m(LAYERS, HIDDEN, DIM) * s, m(LAYERS, DIM, HIDDEN) * s, m(LAYERS, HIDDEN, DIM) * s
    w["final"] = m(DIM) + np.float32(1)
    w["freqs"] = m(SEQ * HEAD)
    w["cls"] = w["emb"] if shared else m(VOCAB, DIM)
    return w


def forward(w, cache, token, pos):
    x = w["emb"][token].copy()
    for l in range(LAYERS):
        xb = rmsnorm(x, w["att"][l])
        q, k, v = w["wq"][l] @ xb, w["wk"][l] @ xb, w["wv"][l] @ xb
        for i in range(0, DIM, 2):
            angle = np.float32(pos) * np.float32(1.0 / math.pow(10000.0, (i % HEAD) / HEAD))
            c, s = np.float32(math.cos(angle)), np.float32(math.sin(angle))
            for vec in (q, k) if i < KV_DIM else (q,):
                a, b = vec[i], vec[i + 1]
                vec[i], vec[i + 1] = a * c - b * s, a * s + b * c
        cache[l].append((k, v))
        out = np.zeros(DIM, np.float32)
        for h in range(HEADS):
            g = h // (HEADS // KV_HEADS) * HEAD
            qh = q[h * HEAD : (h + 1) * HEAD]
            att = softmax(np.array([qh @ kk[g : g + HEAD] / np.float32(math.sqrt(HEAD)) for kk, _ in cache[l]], np.float32))
            for p, (_, vv) in zip(att, cache[l]):
                out[h * HEAD : (h + 1) * HEAD] += p * vv[g : g + HEAD]
        x = x + w["wo"][l] @ out
        xb = rmsnorm(x, w["ffn"][l])
        h1 = w["w1"][l] @ xb
        h1 = h1 * (np.float32(1) / (np.float32(1) + np.exp(-h1))) * (w["w3"][l] @ xb)
        x = x + w["w2"][l] @ h1
    return w["cls"] @ rmsnorm(x, w["final"])


def main():
    result = {}
    for shared in (True, False):
        w, cache = model(shared), [[] for _ in range(LAYERS)]
        ids, margin = list(PROMPT), 1e9
        for pos in range(48):
            logits = forward(w, cache, ids[pos], pos)
            if pos >= len(PROMPT) - 1:
                best = np.argsort(-logits, kind="stable")[:2]
                margin = min(margin, float(logits[best[0]] - logits[best[1]]))
                ids.append(int(best[0]))
        result["shared" if shared else "unshared"] = {"prompt": PROMPT, "ids": ids[len(PROMPT) :], "smallestMargin": round(margin, 5)}
    print(json.dumps(result))


main()
