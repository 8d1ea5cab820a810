package dev.vtc.asm.x64;

import org.jspecify.annotations.Nullable;

/** Registers by number, each held under a name or free; throws when none is left. */
final class RegisterPool {
  private final String kind;
  private final @Nullable String[] holders;
  private final int[] order;

  /**
   * A pool that gives out {@code order[0]} first.
   *
   * @param kind for messages, such as "vector"
   */
  RegisterPool(String kind, int registers, int[] order) {
    this.kind = kind;
    this.holders = new @Nullable String[registers];
    this.order = order;
  }

  int take(String name) {
    for (int i = 0; i < order.length; i++) {
      if (holders[order[i]] == null) {
        holders[order[i]] = name;
        return order[i];
      }
    }
    StringBuilder s = new StringBuilder("no ").append(kind).append(" register is left for ");
    s.append(name).append("; held:");
    for (int id : order) {
      s.append(' ').append(id).append('=').append(holders[id]);
    }
    throw new IllegalStateException(s.toString());
  }

  /** Takes a particular register; throws if it is held. */
  void take(int id, String name) {
    if (holders[id] != null) {
      throw new IllegalStateException(
          kind + " register " + id + " wanted for " + name + " is held by " + holders[id]);
    }
    holders[id] = name;
  }

  void release(int id) {
    if (holders[id] == null) {
      throw new IllegalStateException(kind + " register " + id + " is not held");
    }
    holders[id] = null;
  }

  int free() {
    int n = 0;
    for (int id : order) {
      n += holders[id] == null ? 1 : 0;
    }
    return n;
  }
}
