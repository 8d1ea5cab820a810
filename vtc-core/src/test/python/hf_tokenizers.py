#!/usr/bin/env python3
"""tokenizer.json files of the families' kinds, made and used by the Python package `tokenizers`.

Usage: hf_tokenizers.py CORPUS.jsonl OUT [MODEL.gguf ...]. Trains a small vocabulary on the corpus for each kind, writes
OUT/KIND/tokenizer.json and OUT/KIND/expected.jsonl: for each text [ids, decoded text, the same without special tokens].
Of each model, SmolLM2 as GGUF, it makes OUT/model-NAME with the whole vocabulary, which needs the package `gguf`.
With the package `sentencepiece`, OUT/spm-NAME are vocabularies that it trained, converted as transformers does.
"""
import base64
import io
import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from precompiled_charsmap import REPLACEMENTS, charsmap

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

# Found where the text has the signs, not where it has spaces.
SIGNS = [AddedToken("▁▁", normalized=False), AddedToken("▁the", normalized=False, rstrip=True)]

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


def precompiled(charsmap):
    return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap).decode()}


def metaspace(scheme, split=True):
    return pre_tokenizers.Metaspace("▁", prepend_scheme=scheme, split=split)


RUNS = Regex(" {2,}")
WORDS = sequence(pre_tokenizers.WhitespaceSplit(), metaspace("always"))
# name: (normalizers, of which None is a Precompiled, pre-tokenizer, decoders, byte_fallback)
UNIGRAM = {
    "t5": ([None], WORDS, [decoders.Metaspace("▁", "always")], False),
    "mt5": ([None, normalizers.Strip(False, True), normalizers.Replace(RUNS, "▁")], metaspace("always"),
            [decoders.Metaspace("▁", "always")], False),
    "first": ([None, normalizers.Strip(False, True), normalizers.Replace(RUNS, "▁")], metaspace("first"),
              [decoders.ByteFallback(), decoders.Metaspace("▁", "first")], True),
    "llama": ([normalizers.Prepend("▁"), SPACES], None,
              [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)], True),
    "nmt": ([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(RUNS, " ")], metaspace("always"),
            [decoders.Metaspace("▁", "always")], False),
    "never": ([normalizers.Strip(True, True)], metaspace("never", False),
              [decoders.Metaspace("▁", "never")], False),
    "added-words": ([None], WORDS, [decoders.ByteFallback(), decoders.Metaspace("▁", "always")], True),
    "added-signs": ([None, SPACES], None, [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()], True),
    "added-first": ([None, normalizers.Replace(RUNS, "▁")], metaspace("first", False),
                    [decoders.Metaspace("▁", "first")], False),
}
SPECIAL = ["<unk>", "<s>", "</s>"]


def unigram(vocabulary, kind, charsmap):
    """A tokenizer over (piece, score), of which <unk> is the first."""
    steps, pre, decoder, byte_fallback = kind
    tokenizer = Tokenizer(models.Unigram(vocabulary, 0, byte_fallback))
    if pre:
        tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.Sequence(decoder) if len(decoder) > 1 else decoder[0]
    state = json.loads(tokenizer.to_str())
    steps = [json.loads(step.__getstate__()) if step else precompiled(charsmap) for step in steps]
    state["normalizer"] = {"type": "Sequence", "normalizers": steps} if len(steps) > 1 else steps[0]
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def unigram_vocabulary(texts):
    """Pieces and scores in f64; not every character of the corpus is one. None spells a control token's name."""
    trained = Tokenizer(models.Unigram())
    trained.pre_tokenizer = metaspace("always")
    trained.train_from_iterator(
        [text for text in texts if "<" not in text][::2],
        trainers.UnigramTrainer(vocab_size=1200, special_tokens=SPECIAL, unk_token="<unk>", max_piece_length=8, show_progress=False))
    vocabulary = [tuple(pair) for pair in json.loads(trained.to_str())["model"]["vocab"]]
    seldom = {c for c in "".join(texts) if "".join(texts[::7]).count(c) == 1}
    return [pair for pair in vocabulary if not (seldom | set("[")) & set(pair[0]) or pair[0] in SPECIAL]


def with_bytes(vocabulary):
    return vocabulary + [(f"<0x{byte:02X}>", 0.0) for byte in range(256)]


def fields(message):
    """(number, value) of each field of a message in the format of Protocol Buffers."""
    at = 0

    def varint():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte, at = message[at], at + 1
            value, shift = value | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                return value

    while at < len(message):
        number, kind = divmod(varint(), 8)
        if kind == 0:
            yield number, varint()
        else:
            size = varint() if kind == 2 else {1: 8, 5: 4}[kind]
            yield number, message[at:at + size]
            at += size


def sentencepiece_vocabulary(texts):
    """(pieces with scores, precompiled map) of a model that SentencePiece trained; byte_fallback."""
    import sentencepiece

    lines = [text.replace("\0", "") for text in texts if len(text.encode()) < 4000 and "<" not in text]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=1500, model_type="unigram",
        normalization_rule_name="nmt_nfkc", byte_fallback=True, character_coverage=0.99, minloglevel=2, num_threads=1)
    trained = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = [(trained.id_to_piece(i), trained.get_score(i)) for i in range(trained.get_piece_size())]
    # ModelProto.normalizer_spec.precompiled_charsmap
    return pieces, dict(fields(dict(fields(model.getvalue()))[3]))[2]


def make(name, tokenizer, texts, out):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    if name.startswith("added"):
        tokenizer.add_tokens(ADDED if "unigram" in name else ADDED + SIGNS)
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
    pieces = unigram_vocabulary(texts)
    for name, kind in UNIGRAM.items():
        vocabulary = with_bytes(pieces) if kind[-1] else pieces
        make(name.replace("added-", "added-unigram-") if "added-" in name else "unigram-" + name,
             unigram(vocabulary, kind, charsmap(REPLACEMENTS)), texts, out)
    try:
        pieces, nmt_nfkc = sentencepiece_vocabulary(texts)
        for name in ("t5", "mt5", "first", "llama"):
            kind = UNIGRAM[name][:2] + UNIGRAM["llama" if name == "llama" else "first"][2:]
            make("spm-" + name, unigram(pieces, kind, nmt_nfkc), texts, out)
    except ModuleNotFoundError as missing:
        print(f"{missing}: no vocabularies of SentencePiece")
    for model in sys.argv[3:]:
        make("model-" + pathlib.Path(model).stem, of_model(model), texts, out)


if __name__ == "__main__":
    main()
