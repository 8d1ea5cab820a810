#!/usr/bin/env python3
"""tokenizer.json files of the families' kinds, made and used by the Python package `tokenizers`.

Usage: hf_tokenizers.py CORPUS.jsonl OUT [MODEL.gguf ...]. Trains a small vocabulary on the corpus for each kind, writes
OUT/KIND/tokenizer.json and OUT/KIND/expected.jsonl: for each text [ids, decoded text, the same without special tokens].
Of each model, SmolLM2 as GGUF, it makes OUT/model-NAME with the whole vocabulary, which needs the package `gguf`.
"""
import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + TAIL
QWEN2 = LLAMA3.replace("{1,3}", "")
QWEN35 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
HEAD = r"[^\r\n\p{L}\p{N}]?"
CASED_TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
TEKKEN = f"{HEAD}{UPPER}*{LOWER}+|{HEAD}{UPPER}+{LOWER}*|" + r"\p{N}" + CASED_TAIL
O200K = f"{HEAD}{UPPER}*{LOWER}+{CONTRACTION}|{HEAD}{UPPER}+{LOWER}*{CONTRACTION}|" + r"\p{N}{1,3}" + CASED_TAIL
DEEPSEEK = (r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
            r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def split(regex, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(regex), behavior, invert)


def level(use_regex, prefix=False):
    return pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=use_regex)


def sequence(*steps):
    return pre_tokenizers.Sequence(list(steps))


# name: (normalizer, pre-tokenizer, ignore_merges)
BYTES = {
    "gpt2": (None, level(True), False),
    "smollm": (None, sequence(pre_tokenizers.Digits(True), level(True)), False),
    "llama3": (None, sequence(split(LLAMA3), level(False)), True),
    "olmo2": (None, sequence(split(LLAMA3), level(False)), False),
    "qwen2": (normalizers.NFC(), sequence(split(QWEN2), level(False)), False),
    "qwen35": (normalizers.NFC(), sequence(split(QWEN35), level(False)), False),
    "phi4": (None, sequence(split(CL100K, "removed", True), level(False)), False),
    "tekken": (None, sequence(split(TEKKEN), level(False)), True),
    "o200k": (None, sequence(split(O200K), level(False)), False),
    "deepseek3": (None, sequence(split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK), level(False)), False),
    "deepseek-coder": (
        None,
        sequence(split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split("[一-龥ࠀ-一가-퟿]+"),
                 pre_tokenizers.Digits(True), level(False)),
        False,
    ),
    "punctuation": (None, sequence(pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.Digits(False), level(True)), False),
    "prefix": (None, level(True, prefix=True), False),
    "falcon": (None, sequence(pre_tokenizers.Punctuation("contiguous"), level(True), pre_tokenizers.Digits(False),
                              split("[0-9][0-9][0-9]")), False),
    "digit-letters": (None, sequence(level(False), pre_tokenizers.Digits(True), pre_tokenizers.Punctuation("isolated")), False),
    "added": (None, level(True), False),
    "added-prefix": (normalizers.NFC(), level(True, prefix=True), True),
    "olmo": (normalizers.NFC(), level(True), False),
    "nfkc": (normalizers.NFKC(), level(True), False),
}

ADDED = [
    AddedToken("<l>", lstrip=True, normalized=False),
    AddedToken("<r>", rstrip=True, normalized=True),
    AddedToken("<both>", lstrip=True, rstrip=True, special=True),
    AddedToken("word", single_word=True),
    AddedToken("<w>", single_word=True, lstrip=True, special=True),
    AddedToken("ov", normalized=False),
    AddedToken("ver<l", normalized=False),
    AddedToken("vers", normalized=True),
    AddedToken("\ud55c", normalized=True),
    AddedToken("\u1103\u1161", normalized=False),
]

SPACES = normalizers.Replace(" ", "▁")
# name: (normalizer, pre-tokenizer, strips a space)
CHARACTERS = {
    "llama2": (normalizers.Sequence([normalizers.Prepend("▁"), SPACES]), None, True),
    "mistral": (None, pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False), True),
    "metaspace": (None, pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=True), True),
    "gemma": (SPACES, pre_tokenizers.Split(" ", "merged_with_previous"), False),
    "added-gemma": (SPACES, pre_tokenizers.Split(" ", "merged_with_previous"), False),
    "added-first": (None, pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False), True),
    "added-always": (None, pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=True), True),
}


def character_vocabulary(texts):
    """Trained with ▁ for spaces; every byte has a token, but not every character of the corpus."""
    trainer = trainers.BpeTrainer(
        vocab_size=2000, special_tokens=["<unk>", "<s>", "</s>"], limit_alphabet=300,
        max_token_length=5, show_progress=False)
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=True)
    trained.train_from_iterator(texts, trainer)
    state = json.loads(trained.to_str())["model"]
    vocabulary = state["vocab"]
    for byte in range(256):
        vocabulary[f"<0x{byte:02X}>"] = len(vocabulary)
    return vocabulary, [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in state["merges"]]


def make(name, tokenizer, texts, out):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    if name.startswith("added"):
        tokenizer.add_tokens(ADDED)
    tokenizer.save(str(folder / "tokenizer.json"))
    with open(folder / "expected.jsonl", "w") as file:
        for text in texts:
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            file.write(json.dumps([ids] + [tokenizer.decode(ids, skip_special_tokens=s) for s in (False, True)]) + "\n")


def of_model(path):
    """The tokenizer.json of the vocabulary of a GGUF file of SmolLM2."""
    from gguf import GGUFReader

    fields = GGUFReader(path).fields
    tokens, types, merges = (fields["tokenizer.ggml." + name].contents() for name in ("tokens", "token_type", "merges"))
    vocabulary = {token: i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocabulary, [tuple(merge.split(" ")) for merge in merges]))
    tokenizer.pre_tokenizer = sequence(pre_tokenizers.Digits(True), level(True))
    tokenizer.decoder = decoders.ByteLevel()
    control = 3
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for i, token in enumerate(tokens) if types[i] == control])
    return tokenizer


def main():
    texts = []
    for line in open(sys.argv[1], encoding="utf-8"):
        text = json.loads(line)
        # Surrogates without a partner cannot be passed to it.
        texts.append(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    out = pathlib.Path(sys.argv[2])
    for name, (normalizer, pre, ignore) in BYTES.items():
        tokenizer = Tokenizer(models.BPE(ignore_merges=ignore))
        if normalizer:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.train_from_iterator(
            texts,
            trainers.BpeTrainer(
                vocab_size=1500,
                initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
                max_token_length=6,  # no token spells a control token's name
                show_progress=False,
            ),
        )
        make(name, tokenizer, texts, out)
    vocabulary, merges = character_vocabulary(texts)
    for name, (normalizer, pre, strips) in CHARACTERS.items():
        tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
        tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
        if normalizer:
            tokenizer.normalizer = normalizer
        if pre:
            tokenizer.pre_tokenizer = pre
        steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
        tokenizer.decoder = decoders.Sequence(steps + ([decoders.Strip(" ", 1, 0)] if strips else []))
        if "always" in name or name == "metaspace":
            tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace("▁", "always")])
        make(name, tokenizer, texts, out)
    for model in sys.argv[3:]:
        make("model-" + pathlib.Path(model).stem, of_model(model), texts, out)


if __name__ == "__main__":
    main()
