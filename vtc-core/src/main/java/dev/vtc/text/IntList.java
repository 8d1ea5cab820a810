package dev.vtc.text;

import java.util.Arrays;

/** A growing array of ints. */
final class IntList {
  private int[] values = new int[64];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
    }
    values[size++] = value;
  }

  int get(int index) {
    return values[index];
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /** Reverses the values from an index on. */
  void reverse(int from) {
    for (int i = from, j = size - 1; i < j; i++, j--) {
      int v = values[i];
      values[i] = values[j];
      values[j] = v;
    }
  }
}
