#!/usr/bin/env python3
"""Writes a text for perplexity: plain invented prose, the same for the same seed, free of any rights.

    make_text.py > text.txt        # some 6,000 tokens of SmolLM2
"""
import random
import sys

PLACES = "the harbour|the old mill|a village in the hills|the railway station|the library|the northern forest|a small island|the market square|the observatory|the river mouth".split("|")
PEOPLE = "the teacher|a retired sailor|Anna|the miller's daughter|Doctor Hale|two brothers from the coast|the station master|Peter|an engineer|the youngest of the cousins".split("|")
THINGS = "a brass lantern|the map of the coast|an unopened letter|a bag of seed|the broken clock|a violin|three notebooks|a basket of apples|the spare key|a telescope".split("|")
WEATHER = "It rained all morning|The first frost had come early|A warm wind blew from the south|Fog lay over the fields|The sky was clear and very cold|Summer was almost over".split("|")
FACTS = (
    "Water boils at a lower temperature on a mountain because the air presses on it less|"
    "Bees tell each other where the flowers are by dancing on the comb|"
    "A lighthouse lamp is not very strong, but its lens sends all the light one way|"
    "Iron rusts faster near the sea, since salt helps the water to carry a current|"
    "The moon always shows us the same face, because it turns once for each time it goes round|"
    "Bread rises when yeast eats sugar and breathes out gas|"
    "An echo needs a wall far enough away for the ear to hear two sounds instead of one|"
    "Old maps often put the east at the top, where the sun rises|"
    "Paper was dear once, so letters were written twice over the same page, the second time across|"
    "A sailing ship can go against the wind if it goes from side to side"
).split("|")
SAYS = "said|answered|thought|wrote in the margin|remembered|explained to the others".split("|")
REASONS = "because nobody else would|although it was late|before the shops closed|as they had done every year|without telling anyone|for the first time since the war".split("|")
VERBS = "carried {t} to {p}|found {t} near {p}|looked for {t} in {p}|sold {t} to {q}|hid {t} behind {p}|gave {t} to {q}|forgot {t} at {p}".split("|")


def sentence(r):
    who, other = r.sample(PEOPLE, 2)
    kind = r.randrange(6)
    did = r.choice(VERBS).format(t=r.choice(THINGS), p=r.choice(PLACES), q=other)
    if kind == 0:
        s = f"{r.choice(WEATHER)}, and {who} {did}"
    elif kind == 1:
        s = f"{who} {did} {r.choice(REASONS)}"
    elif kind == 2:
        s = f'"{r.choice(FACTS)}," {who} {r.choice(SAYS)}'
    elif kind == 3:
        s = f"When {who} came back from {r.choice(PLACES)}, {other} was already there with {r.choice(THINGS)}"
    elif kind == 4:
        s = f"In {r.randrange(1780, 1930)} there were {r.randrange(3, 90)} houses around {r.choice(PLACES)}, and {r.randrange(2, 30)} of them had a garden"
    else:
        s = r.choice(FACTS)
    return s[0].upper() + s[1:] + "."


def main():
    r = random.Random(135)
    for chapter in range(1, 19):
        print(f"Chapter {chapter}\n")
        for _ in range(5):
            print(" ".join(sentence(r) for _ in range(r.randrange(2, 5))) + "\n")


if __name__ == "__main__":
    sys.exit(main())
