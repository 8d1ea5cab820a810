"""SentencePiece's precompiled normalizer, made of a table: for vocabularies that tests make."""
import struct


def charsmap(replacements):
    """SentencePiece's precompiled normalizer: u32 bytes of the double array, the array, texts.

    A node's children are at base ^ byte, where base is the node's place ^ its offset; the place at
    base itself has the offset of the replacement of a sequence that ends at the node."""
    texts, offsets = bytearray(), {}
    for text in replacements.values():
        offsets.setdefault(text, len(texts))
        if offsets[text] == len(texts):
            texts += text.encode() + b"\0"
    trie = {}
    for sequence, text in replacements.items():
        node = trie
        for byte in sequence.encode():
            node = node.setdefault(byte, {})
        node[0] = offsets[text]
    # A slot knows its byte only, not its parent: no two nodes may have one base.
    array, used, bases = [0x100] * 4096, {0}, set()

    def place(node, at):
        base = next(b for b in range(1, 3000) if b not in bases and all((b ^ c) not in used for c in node))
        bases.add(base)
        used.update(base ^ c for c in node)
        array[at] = (array[at] & 0xff) | (base ^ at) << 10 | (1 << 8 if 0 in node else 0)
        for c, child in node.items():
            if c == 0:
                array[base] = 1 << 31 | child
            else:
                array[base ^ c] = c
                place(child, base ^ c)

    array[0] = 0
    place(trie, 0)
    return struct.pack("<I4096I", 4 * len(array), *array) + bytes(texts)


REPLACEMENTS = {"\u00a0": " ", "\u3000": " ", "\t": " ", "\n": " ", "\r": " ", "ﬁ": "fi", "ﬂ": "fl", "½": "1\u20442",
                "²": "2", "Å": "\u00c5", "e\u0301": "é", "o\u0308": "ö", "\u200b": "", "２": "2", "０": "0", "１": "1",
                "…": "...", "™": "TM", "Ⅳ": "IV", "①": "1", "ｱ": "ア", "！": "!", "\u00ad": ""}
