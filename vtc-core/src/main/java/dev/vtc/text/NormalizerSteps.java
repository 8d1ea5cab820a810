package dev.vtc.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the normalizer of a {@code tokenizer.json} does to text, step by step as Hugging Face's
 * tokenizers do it. {@code tokenizer.vtc.normalizer} has the steps line by line:
 *
 * <ul>
 *   <li>{@code NFC}, {@code NFD}, {@code NFKC}, {@code NFKD}: a Unicode form,
 *   <li>{@code nmt}: control characters go, other white space and what has no width becomes a
 *       space,
 *   <li>{@code precompiled}: the {@link Charsmap},
 *   <li>{@code strip_left}, {@code strip_right}: white space goes,
 *   <li>{@code merge_spaces}: two spaces or more become one,
 *   <li>{@code sign_spaces}: two spaces or more become one U+2581.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
final class NormalizerSteps {
  private static final String SUPPORTED =
      "NFC, NFD, NFKC, NFKD, nmt, precompiled, strip_left, strip_right, merge_spaces, sign_spaces";
  private static final int MAX_STEPS = 64;
  private static final byte[] SPACE = {' '};
  private static final byte[] SIGN = "\u2581".getBytes(StandardCharsets.UTF_8);

  /** Longer clusters are replaced character by character, in bytes. */
  private static final int MAX_CLUSTER = 5;

  private final List<UnaryOperator<byte[]>> steps = new ArrayList<>();
  private final @Nullable Charsmap map;

  /**
   * @param description the steps, one a line
   * @param map of the step {@code precompiled}
   * @throws IllegalArgumentException if a step is not supported
   */
  NormalizerSteps(String description, @Nullable Charsmap map) {
    this.map = map;
    for (String step : description.split("\n", -1)) {
      if (!step.isEmpty()) {
        steps.add(step(step));
      }
      if (steps.size() > MAX_STEPS) {
        throw new IllegalArgumentException(
            "The normalizer has more than "
                + MAX_STEPS
                + " steps, which is no model's: use a GGUF file of the model.");
      }
    }
  }

  private UnaryOperator<byte[]> step(String name) {
    return switch (name) {
      case "NFC", "NFD", "NFKC", "NFKD" -> {
        Normalizer.Form form = Normalizer.Form.valueOf(name);
        yield text -> unicode(text, form);
      }
      case "nmt" -> NormalizerSteps::nmt;
      case "precompiled" -> this::precompiled;
      case "strip_left" -> NormalizerSteps::stripLeft;
      case "strip_right" -> NormalizerSteps::stripRight;
      case "merge_spaces" -> text -> runsOfSpaces(text, SPACE);
      case "sign_spaces" -> text -> runsOfSpaces(text, SIGN);
      default ->
          throw new IllegalArgumentException(
              "The normalizer '" + name + "' is not supported; supported are " + SUPPORTED + ".");
    };
  }

  /** Normalized text, valid UTF-8 as what it is made of; maybe the same array. */
  byte[] apply(byte[] utf8) {
    byte[] text = utf8;
    for (UnaryOperator<byte[]> step : steps) {
      text = step.apply(text);
    }
    return text;
  }

  private static byte[] unicode(byte[] text, Normalizer.Form form) {
    return isAscii(text)
        ? text
        : Normalizer.normalize(new String(text, StandardCharsets.UTF_8), form)
            .getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isAscii(byte[] text) {
    for (byte b : text) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] stripLeft(byte[] text) {
    int from = 0;
    while (from < text.length && isSpace(text, from)) {
      from += CodePoints.length(text[from]);
    }
    return from == 0 ? text : Arrays.copyOfRange(text, from, text.length);
  }

  private static byte[] stripRight(byte[] text) {
    int to = text.length;
    while (to > 0 && isSpace(text, CodePoints.before(text, to))) {
      to = CodePoints.before(text, to);
    }
    return to == text.length ? text : Arrays.copyOf(text, to);
  }

  static boolean isSpace(byte[] text, int at) {
    return (CodePoints.flags(CodePoints.at(text, at)) & CodePoints.SPACE) != 0;
  }

  private static byte[] runsOfSpaces(byte[] text, byte[] replacement) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 16);
    for (int at = 0; at < text.length; ) {
      int end = at;
      while (end < text.length && text[end] == ' ') {
        end++;
      }
      if (end - at >= 2) {
        out.writeBytes(replacement);
        at = end;
      } else {
        out.write(text[at++]);
      }
    }
    return out.toByteArray();
  }

  /** Normalizer Nmt: the rules of SentencePiece's nmt_nfkc that are beside NFKC. */
  private static byte[] nmt(byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
    for (int at = 0; at < text.length; ) {
      int c = CodePoints.at(text, at);
      int length = CodePoints.length(text[at]);
      switch (c) {
        case 1, 2, 3, 4, 5, 6, 7, 8, 0x0B, 0x7F, 0x8F, 0x9F -> {}
        case '\t', '\n', '\f', '\r', 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD ->
            out.write(' ');
        default -> {
          if (c >= 0x200B && c <= 0x200F) {
            out.write(' ');
          } else if (c < 0x0E || c > 0x1F) {
            out.write(text, at, length);
          }
        }
      }
      at += length;
    }
    return out.toByteArray();
  }

  /**
   * Replaces what the map has. By grapheme clusters, as Hugging Face's tokenizers: of one of up to
   * 5 bytes the shortest entry that it begins with takes the place of the whole cluster; otherwise
   * its characters are replaced one by one.
   */
  private byte[] precompiled(byte[] text) {
    if (map == null) {
      return text;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 16);
    for (int at = 0; at < text.length; ) {
      int end = at + 1;
      if (!endsCluster(text, end)) {
        while (!endsCluster(text, end)) {
          end++;
        }
        clusters(map, text, at, end, out);
      } else {
        characters(map, text, at, end, out);
      }
      at = end;
    }
    return Utf8.valid(out.toByteArray()); // the map may be anything
  }

  /** Whether a cluster surely ends here: between two ASCII characters, unless they are CR LF. */
  private static boolean endsCluster(byte[] text, int at) {
    return at == text.length
        || (text[at - 1] >= 0 && text[at] >= 0 && !(text[at - 1] == '\r' && text[at] == '\n'));
  }

  private static void clusters(
      Charsmap map, byte[] text, int from, int to, ByteArrayOutputStream out) {
    String characters = new String(text, from, to - from, StandardCharsets.UTF_8);
    Matcher clusters = Clusters.PATTERN.matcher(characters);
    int at = from;
    while (clusters.find()) {
      int end = at;
      for (int i = clusters.start(); i < clusters.end(); i++) {
        char c = characters.charAt(i);
        // A surrogate is half of 4 bytes.
        end += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      }
      long entry = end - at <= MAX_CLUSTER ? map.shortest(text, at, end) : 0;
      if (entry != 0) {
        replace(map, entry, out);
      } else {
        characters(map, text, at, end, out);
      }
      at = end;
    }
  }

  private static void characters(
      Charsmap map, byte[] text, int from, int to, ByteArrayOutputStream out) {
    for (int at = from; at < to; ) {
      int end = at + CodePoints.length(text[at]);
      long entry = map.shortest(text, at, end);
      if (entry != 0) {
        replace(map, entry, out);
      } else {
        out.write(text, at, end - at);
      }
      at = end;
    }
  }

  private static void replace(Charsmap map, long entry, ByteArrayOutputStream out) {
    int from = Charsmap.replacement(entry);
    int end = map.end(from);
    for (int i = from; i < end; i++) {
      out.write(map.bytes().get(i));
    }
  }

  /** Loaded with the first text that is not ASCII. */
  private static final class Clusters {
    static final Pattern PATTERN = Pattern.compile("\\X");

    private Clusters() {}
  }
}
