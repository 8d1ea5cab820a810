package dev.vtc.asm.a64;

/**
 * One to four consecutive vector registers of one arrangement, {@code { v30.16b, v31.16b, v0.16b
 * }}.
 */
public final class VecList {
  final Vec first;
  final int length;

  /**
   * A list from its members.
   *
   * @throws IllegalArgumentException if they are not 1 to 4 consecutive registers (v0 follows v31)
   *     of one arrangement
   */
  VecList(Vec... members) {
    if (members.length < 1 || members.length > 4) {
      throw new IllegalArgumentException("A register list has 1 to 4 registers.");
    }
    first = members[0];
    length = members.length;
    for (int i = 1; i < length; i++) {
      if (members[i].index != (first.index + i) % 32
          || members[i].arrangement != first.arrangement) {
        throw new IllegalArgumentException(
            members[i] + " does not follow " + members[i - 1] + " in a register list.");
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{ ").append(first);
    for (int i = 1; i < length; i++) {
      text.append(", v").append((first.index + i) % 32).append('.').append(first.arrangement.text);
    }
    return text.append(" }").toString();
  }
}
