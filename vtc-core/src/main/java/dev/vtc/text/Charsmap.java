package dev.vtc.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's precompiled normalizer: a double array (XCDA: Kanda, "Space- and time-efficient
 * string dictionaries", 2018) that leads from character sequences to their replacements.
 *
 * <p>What it finds is an <em>entry</em>: {@link #length} bytes of text, of which the bytes from
 * {@link #replacement} to {@link #end} of {@link #bytes} take the place. Damaged maps find wrong
 * entries or none.
 */
final class Charsmap {
  /** In bytes; NFKC has 33. A hostile map must not make much text of little. */
  private static final int MAX_REPLACEMENT = 1 << 10;

  private final ByteBuffer bytes;
  private final int nodes;

  private Charsmap(ByteBuffer bytes, int nodes) {
    this.bytes = bytes;
    this.nodes = nodes;
  }

  /** The map of these bytes; null without any. */
  static @Nullable Charsmap of(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return null;
    }
    ByteBuffer map = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    // u32: bytes of the double array, the double array, replacements that end with 0.
    int array = map.capacity() >= Integer.BYTES ? map.getInt(0) : 0;
    boolean fits = array > 0 && array <= map.capacity() - Integer.BYTES;
    return new Charsmap(map, fits ? array / Integer.BYTES : 0);
  }

  ByteBuffer bytes() {
    return bytes;
  }

  /** How much text an entry replaces; 0 if there is none. */
  static int length(long entry) {
    return (int) (entry >>> 32);
  }

  /** Where an entry's replacement begins. */
  static int replacement(long entry) {
    return (int) entry;
  }

  /** Where the replacement that begins here ends. */
  int end(int from) {
    int limit = Math.min(bytes.capacity(), from + MAX_REPLACEMENT);
    int end = from;
    while (end < limit && bytes.get(end) != 0) {
      end++;
    }
    return end;
  }

  /** The longest entry that the text has here, or 0. */
  long longest(byte[] text, int at) {
    return find(text, at, text.length, false);
  }

  /** The shortest entry that the text has here and before {@code to}, or 0. */
  long shortest(byte[] text, int at, int to) {
    return find(text, at, to, true);
  }

  private long find(byte[] text, int at, int to, boolean shortest) {
    long best = 0;
    int node = nodes > 0 ? base(0) : -1;
    for (int i = at; i < to && text[i] != 0; i++) {
      int value = text[i] & 0xFF;
      node ^= value;
      if (node < 0 || node >= nodes) {
        break;
      }
      int unit = node(node);
      if ((unit & 0x800000FF) != value) {
        break;
      }
      node ^= base(node);
      if ((unit & 1 << 8) != 0) {
        if (node < 0 || node >= nodes) {
          break;
        }
        long replacement = Integer.BYTES * (nodes + 1L) + (node(node) & Integer.MAX_VALUE);
        if (replacement >= bytes.capacity()) {
          break;
        }
        best = (long) (i - at + 1) << 32 | replacement;
        if (shortest) {
          break;
        }
      }
    }
    return best;
  }

  private int node(int index) {
    return bytes.getInt(Integer.BYTES * (index + 1));
  }

  private int base(int index) {
    int unit = node(index);
    return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
  }
}
