package dev.vtc.format;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order in which tensors of a folder are listed: embedding, layers ascending, the rest. */
final class HfOrder {
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\..*");

  static final Comparator<String> BY_LAYER =
      Comparator.comparingInt(HfOrder::layer).thenComparing(Comparator.naturalOrder());

  private HfOrder() {}

  private static int layer(String name) {
    if (name.startsWith("token_embd.")) {
      return -1;
    }
    Matcher layer = LAYER.matcher(name);
    return layer.matches() ? Integer.parseInt(layer.group(1)) : Integer.MAX_VALUE;
  }
}
