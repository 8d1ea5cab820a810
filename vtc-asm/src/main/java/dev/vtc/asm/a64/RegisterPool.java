package dev.vtc.asm.a64;

import org.jspecify.annotations.Nullable;

/** Registers handed out under names; throws when there is none left, and says who has them. */
final class RegisterPool {
  private final String kind;
  private final @Nullable String[] owner = new String[32];
  private int free;

  /**
   * A pool of registers.
   *
   * @param kind prefix of the registers' names
   * @param free a bit for each register to be handed out
   */
  RegisterPool(String kind, int free) {
    this.kind = kind;
    this.free = free;
  }

  void add(int registers) {
    free |= registers;
  }

  /** The lowest free register. */
  int take(String name) {
    if (free == 0) {
      StringBuilder holders = new StringBuilder();
      for (int i = 0; i < owner.length; i++) {
        if (owner[i] != null) {
          holders.append(' ').append(kind).append(i).append('=').append(owner[i]);
        }
      }
      throw new IllegalStateException("No register is left for " + name + ":" + holders + ".");
    }
    int index = Integer.numberOfTrailingZeros(free);
    free &= ~(1 << index);
    owner[index] = name;
    return index;
  }

  /** Takes a certain register. */
  int take(String name, int index) {
    if ((free & 1 << index) == 0) {
      String holder = owner[index] == null ? "not in the pool" : "taken by " + owner[index];
      throw new IllegalStateException(
          kind + index + ", wanted for " + name + ", is " + holder + ".");
    }
    free &= ~(1 << index);
    owner[index] = name;
    return index;
  }

  void release(int index) {
    if (owner[index] == null) {
      throw new IllegalStateException(kind + index + " is released but was not taken.");
    }
    owner[index] = null;
    free |= 1 << index;
  }

  /** For the listing. */
  @Nullable String owner(int index) {
    return owner[index];
  }
}
