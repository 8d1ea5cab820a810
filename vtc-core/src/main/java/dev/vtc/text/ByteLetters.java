package dev.vtc.text;

import java.util.Arrays;

/**
 * A stage behind byte-level encoding, where text is letters that stand for bytes (GPT-2's alphabet;
 * {@link TokenText}): it may cut characters of several bytes in parts. Falcon's {@code
 * tokenizer.json} has such stages, which see no digit but 0 … 9, and ² in the last byte of β.
 */
final class ByteLetters implements Splitter {
  private final Splitter inner;

  ByteLetters(Splitter inner) {
    this.inner = inner;
  }

  @Override
  public Splitter forText(int bytes) {
    return new Letters(inner.forText(2 * bytes)); // each letter has one or two bytes
  }

  @Override
  public int next(byte[] utf8, int start, int at, int end) {
    return forText(end - start).next(utf8, start, at, end);
  }

  /** The letters of a text's pieces, of which the last is kept. */
  private static final class Letters implements Splitter {
    private final Splitter inner;

    // Of the piece [start, end): where the letter of each byte begins among the letters of the
    // whole text, which have twice the room of the bytes, so that no two pieces share a place.
    private int start = -1;
    private int end = -1;
    private byte[] letters = {};
    private int[] offsets = {};

    Letters(Splitter inner) {
      this.inner = inner;
    }

    @Override
    public int next(byte[] utf8, int start, int at, int end) {
      if (start != this.start || end != this.end) {
        read(utf8, start, end);
      }
      int stop = inner.next(letters, offsets[0], offsets[at - start], offsets[end - start]);
      return start + Arrays.binarySearch(offsets, at - start, end - start + 1, stop);
    }

    private void read(byte[] utf8, int start, int end) {
      this.start = start;
      this.end = end;
      int n = end - start;
      if (letters.length < 2 * end) {
        letters = new byte[2 * utf8.length];
      }
      if (offsets.length <= n) {
        offsets = new int[n + 1];
      }
      offsets[0] = 2 * start;
      for (int i = 0; i < n; i++) {
        offsets[i + 1] = TokenText.putLetter(utf8[start + i], letters, offsets[i]);
      }
    }
  }
}
