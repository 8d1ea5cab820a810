package dev.vtc.bench;

/** How a comparison with a target is printed. */
final class Mark {
  private Mark() {}

  static String of(boolean reached) {
    return reached ? "reached" : "**missed**";
  }
}
