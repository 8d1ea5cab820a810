package dev.vtc.text;

import java.util.Arrays;

/** A binary heap of longs, the smallest on top. Grows as needed, and keeps its array. */
final class LongHeap {
  private long[] values = {};
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** Makes the heap empty, with room for this many values. */
  void clear(int room) {
    size = 0;
    if (values.length < room) {
      values = new long[room];
    }
  }

  /** Adds a value without order: {@link #order} must follow. */
  void append(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.max(16, size + (size >> 1)));
    }
    values[size++] = value;
  }

  /** Makes a heap of what was appended, in linear time. */
  void order() {
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(i);
    }
  }

  void push(long value) {
    append(value);
    int i = size - 1;
    while (i > 0) {
      int parent = (i - 1) >> 1;
      if (values[parent] <= value) {
        break;
      }
      values[i] = values[parent];
      i = parent;
    }
    values[i] = value;
  }

  /** Takes the smallest value; there must be one. */
  long pop() {
    long top = values[0];
    values[0] = values[--size];
    siftDown(0);
    return top;
  }

  private void siftDown(int i) {
    long value = values[i];
    int half = size >> 1;
    while (i < half) {
      int child = 2 * i + 1;
      if (child + 1 < size && values[child + 1] < values[child]) {
        child++;
      }
      if (values[child] >= value) {
        break;
      }
      values[i] = values[child];
      i = child;
    }
    values[i] = value;
  }
}
