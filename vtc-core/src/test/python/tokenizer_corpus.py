#!/usr/bin/env python3
"""Writes a nasty multilingual corpus for tokenizers: one JSON string per line (ASCII only, so that
lone surrogates survive). The same seed and size give the same corpus.

usage: tokenizer_corpus.py OUT.jsonl [--seed N] [--random N] [--code-points STEP]
"""
import argparse
import json
import random

SENTENCES = [
    "The quick brown fox jumps over the lazy dog.",
    "It's we're I'll they've I'd you'm don't IT'S WE'RE I'LL THEY'VE I'D DON'T o'clock 'tis ''s 's",
    "She said: \"I can't — won't — do that!\" and left... Didn't she?",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "Voix ambiguë d'un cœur qui, au zéphyr, préfère les jattes de kiwis.",
    "El veloz murciélago hindú comía feliz cardillo y kiwi. ¿Qué? ¡Sí!",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
    "Pijamalı hasta yağız şoföre çabucak güvendi. İIıi",
    "Kŕdeľ šťastných ďatľov učí pri ústí Váhu mĺkveho koňa obhrýzať kôru.",
    "Đây là một câu tiếng Việt: Những người bạn tốt nhất.",
    "视野无限广，窗外有蓝天。我今天很高兴！２０２６年１１月２２日",
    "繁體中文測試：臺灣、香港與澳門。「引號」、《書名》",
    "いろはにほへと ちりぬるを。カタカナ テスト、漢字とかな交じり文。ｱｲｳｴｵ ー～",
    "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. ㄱㄴㄷ ㅏㅑ",
    "צעד אחר צעד, בדרך הארוכה. שָׁלוֹם עֲלֵיכֶם",
    "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر. ١٢٣٤٥ مَرْحَبًا",
    "\u202bمختلط with English\u202c and \u200f RTL marks \u200e",
    "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश। १२३",
    "বাংলা ভাষায় একটি বাক্য। ০১২৩ ক্ষ",
    "நான் தமிழ் பேசுகிறேன். ௧௨௩",
    "నాకు తెలుగు వచ్చు. ಕನ್ನಡ മലയാളം සිංහල",
    "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า ๐๑๒๓๔",
    "ສະບາຍດີ ភាសាខ្មែរ မြန်မာဘာသာ བོད་ཡིག",
    "ქართული ენა Հայերեն አማርኛ ᏣᎳᎩ ᠮᠣᠩᠭᠣᠯ",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝕄𝕒𝕥𝕙 𝟙𝟚𝟛 ①②③ ⅣⅨ ½⅓¼ x² y³ H₂O ª º",
    "👩‍👩‍👧‍👦 👨🏽‍💻 🏳️‍🌈 🇩🇪🇯🇵 🤷🏾‍♀️ ❤️‍🔥 1️⃣#️⃣ 👍👍🏿 🫠🥹",
    "e\u0301 o\u0308 n\u0303 a\u030a\u0301 Z\u0351\u036b\u0343a\u0334\u0351l\u0362g\u0320o\u0301\u0321 \u0301start",
    "naïve café ﬁﬂ ĳ ǅ ſtraße STRASSE ẞ µ μ Å Å",
    "def f(x):\n\treturn {'a': x[0], \"b\": -1e-9}  # comment\n\n\n    pass\r\n",
    "for (int i = 0; i <= n; ++i) { a[i] += b->c * (d ^ ~e) | 0xFF; } // TODO\n",
    "SELECT * FROM t WHERE a='b''c' AND x<>3.14159e+10;--done",
    "<html><body class=\"x\">&amp; &#x27; </body></html>\n<!-- -->",
    "https://example.org/a/b?c=d&e=%20f#g user.name+tag@example.co.uk C:\\Temp\\x.txt ~/.config $HOME",
    "3.14 1,000,000 12345678901234567890 0x1F 1e10 007 1/2 50% $5.00 €10 £3 ¥4 1st 2nd v1.2.3 192.168.0.1",
    "$$ x^2 + \\frac{a}{b} \\leq \\infty $$ ∑∏∫√∞≠≤≥ ← ↑ → ↓ ⇒ ∀x∃y",
    "!!! ??? ... ,,, ;;; ::: --- ___ *** ((())) [[]] {{}} <<>> @@@ ### %%% ^^^ &&& ||| ~~~ ``` '''' \"\"\"\"",
    "«guillemets» „quotes“ ‚single‘ –— … • · ¶ § † ‡ ° ′ ″ № ™ © ®",
    "word\u00a0nbsp\u2003em\u3000ideographic\u2028line\u2029para\u0085nel\u000bvt\u000cff\u180emvs\u200bzw\ufeffbom",
    "Hello\tWorld\t\tTabs\t \tmixed \t spaces  two   three    four     five",
    "The model is 12 or 123 or 1234 tokens of the text, and it's the model's own.\n\n",
    "  the the\tthe\nthe 's 't 're I'll can't   '' !! .. ,, -- == (( )) :: // 000 111 222",
    "'tis 'sold 'mine 'dawn 'reason 'very 'llama 'Tis 'SOLD a'tis b'sold c'reason D'VERY",
    "!\r\n?\n\n.\n/ // \n/\n ;\n \n\n a\n b \n\n  c ...\n\n+++\r\n///\n-/-/\n",
    " leading", "trailing ", "  both  ", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\t", " \n", "\n ",
    " \n \n ", "a\n", "a\n\n", "a \n b", "a  \n\n  b\n", "\n\n\nstart", "end\n\n\n", "a\r\rb\n\rc",
    "", "a", "'", "''", "'s", "'S", "'re", "'rE", "'r", "'l", "'ll", " 's", "x's", "x'S y'RE z'Ll", "'ſ 'ŝ",
    "ThisIsCamelCase andThisToo ALLCAPSWord XMLHttpRequest iPhone15Pro snake_case_word kebab-case-word",
    "Ünïcödé ÜNÏCÖDÉ ÉCOLE école ÀÉÎõü ǅungla ΑΒΓαβγ АБВабв",
    "lorem ipsum, lorem ipsum; lorem ipsum! lorem? (lorem) [ipsum] {dolor} /sit/ \\amet\\ |x| =y= +z+",
    "1", "12", "123", "1234", "12345", "123456", "1234567", " 1 22 333 4444 55555", "1a2b3c", "٣٤ १२३४ ๑๒๓๔๕ Ⅷ ⅷ ㊿ ½¾",
]

SPECIALS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|begin_of_text|>", "<|eot_id|>", "<s>", "</s>", "<unk>",
    "<bos>", "<eos>", "<pad>", "[INST]", "[/INST]", "<<SYS>>", "<start_of_turn>", "<end_of_turn>", "<0x0A>",
    "<0xFF>", "<|", "|>", "<|im_start", "im_end|>", "<|im_start|><|im_start|>", "<|im_ start|>", "<|user|>",
    "<|assistant|>", "<|end|>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<|fim_prefix|>", "<fim_prefix>",
    "<reponame>", "<repo_name>", "<file_sep>", "<|file_sep|>", "▁", "▁▁", "Ġ", "ĠĠ", "Ċ", "Ġthe", "▁the", "Ã©",
    "<|endof<|im_end|>text|>", "<</s>s>", "[PAD]", "[MASK]", "<mask>", "<|python_tag|>", "<tool_call>", "<th", "<td>",
    "<|startoftext|>", "<unused0>", "<unused99>", "<|reserved_special_token_0|>",
]

CLASSES = [
    "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", " ", "  \t\n\r\x0b\x0c",
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "\x00\x01\x02\x07\x08\x1b\x1f\x7f", "\x80\x85\x9f\xa0\xad",
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšž", "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒŠŽ", "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "αβγδεζηθικλμνξοπρςστυφχψω", "一丁七万丈三上下不与専世丘丙両並中", "あいうえおアイウエオー", "가각간갇갈감갑값강",
    "اأإبتثجحخدذرزسش", "אבגדהוזחטיךכ", "कखगघङचछजझञािीुूृ्", "\u0300\u0301\u0302\u0308\u0323\u20dd\ufe0f",
    "😀😂🤣👍🔥🎉👩👨🧑", "\u200d\ufe0f\U0001f3fb\U0001f3ff", "\u2028\u2029\u3000\u2003\u202f", "٠١٢٣०१२３４５",
    "€£¥₹©®™±×÷∞≠", "。、「」！？（）：；", "“”‘’–—…«»", "\ue000\uf8ff\ufdd0\uffff\U0010ffff", "\ud800\udc00\udfff\udbff",
    "𐍈𝒳𠀀𪜀", "\u0378\u0530\U000e0001\U0001fbff",
]


def corpus(seed, randoms, step):
    rng = random.Random(seed)
    yield from SENTENCES
    yield from SPECIALS
    for s in SPECIALS:
        yield "a" + s + "b"
        yield " " + s + " \n" + s + s + " end"
    for c in "a \n.1'é的😀\t-=<ab":
        for n in (2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257):
            yield c * n
            yield "x" + c * n + "y"
    yield "ab" * 300
    yield "aaab" * 150 + "baaa" * 150
    yield ("hello " * 120).strip()
    yield "".join(chr(c) for c in range(0x20, 0x7f))
    yield "".join(chr(c) for c in range(0x00, 0x180))
    for a in SENTENCES[:50]:
        yield rng.choice(SENTENCES) + rng.choice(["", " ", "\n", "  "]) + a
        yield a.upper()
        yield a.replace(" ", rng.choice(["  ", "\n", "\t", "\u00a0", "_", ""]))
    for _ in range(randoms):
        kinds = rng.sample(CLASSES, rng.randint(1, 6))
        text = []
        for _ in range(rng.randint(1, 25)):
            kind = rng.choice(kinds)
            text.append("".join(rng.choice(kind) for _ in range(rng.choice([1, 1, 1, 2, 3, 5, 9]))))
            if rng.random() < 0.15:
                text.append(" ")
            if rng.random() < 0.05:
                text.append(rng.choice(SPECIALS))
            if rng.random() < 0.1:
                text.append(rng.choice(SENTENCES))
        yield "".join(text)[:400]
    if step:
        line = []
        for c in range(0x80, 0x110000, step):
            if 0xd800 <= c < 0xe000 or 0x30000 < c < 0xe0000 or c > 0xe0200:
                continue
            ch = chr(c)
            line.append("a" + ch + "b " + ch + " 1" + ch + "." + ch + "'" + ch + ch + "\n")
            if len(line) == 32:
                yield "".join(line)
                line = []
        yield "".join(line)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--random", type=int, default=2000)
    p.add_argument("--code-points", type=int, default=0)
    a = p.parse_args()
    with open(a.out, "w", encoding="ascii") as f:
        for text in corpus(a.seed, a.random, a.code_points):
            f.write(json.dumps(text) + "\n")


if __name__ == "__main__":
    main()
