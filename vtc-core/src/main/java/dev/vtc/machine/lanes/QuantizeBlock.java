package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Buffer;
import dev.vtc.program.Numerics;

/**
 * Rule 3: 32 numbers in two registers become a block of a Q8 row. Emitted inline by whoever
 * produces activations.
 */
final class QuantizeBlock {
  private static final int BLOCK = 32;

  private final LaneAssembler a;
  private final Buffer buffer;
  private final V largest;
  private final V other;
  private final V temp;
  private final V inverse;

  /** Takes four vector registers. */
  QuantizeBlock(LaneAssembler a, Buffer buffer) {
    this.a = a;
    this.buffer = buffer;
    largest = a.vec("largest");
    other = a.vec("quantized");
    temp = a.vec("temp");
    inverse = a.vec("inverse");
  }

  /** A register that {@link #emit} uses and nobody else needs between two calls of it. */
  V spare() {
    return temp;
  }

  void free() {
    a.free(largest, other, temp, inverse);
  }

  /**
   * Emits one block. The pointers are those of the row's q, of its scales (4 bytes a block), and of
   * its sums of 16 (8 bytes a block), each moved on to the block; x0 and x1 are destroyed.
   */
  void emit(V x0, V x1, R q, R scales, R sums16) {
    a.constantInt(temp, 0x7fff_ffff);
    a.and(largest, x0, temp);
    a.and(other, x1, temp);
    a.maxInt(largest, largest, other);
    a.foldMaxInt(largest, temp);
    // Where the largest is below the floor, inverse and d become 0, and so do all q.
    a.constant(temp, 127f);
    a.div(inverse, temp, largest);
    a.div(other, largest, temp);
    V d = other;
    a.constant(temp, Numerics.QUANTIZE_FLOOR);
    a.zeroWhereLess(inverse, largest, temp);
    a.zeroWhereLess(d, largest, temp);
    a.mul(x0, x0, inverse);
    a.mul(x1, x1, inverse);
    a.toInt(x0, x0);
    a.toInt(x1, x1);
    a.storeBytes(q, 0, x0);
    a.storeBytes(q, BLOCK / 2, x1);
    a.storeLane0(scales, buffer.dOffset(), d);
    a.foldInt(x0, temp);
    a.foldInt(x1, temp);
    a.zero(temp);
    a.subInt(largest, temp, x0);
    a.storeLane0(sums16, buffer.sum16Offset(), largest);
    a.subInt(temp, temp, x1);
    a.storeLane0(sums16, buffer.sum16Offset() + 4, temp);
    a.addInt(temp, temp, largest);
    for (int shift : new int[] {Buffer.OFFSET_8, Buffer.OFFSET_128}) {
      a.shiftLeft(largest, temp, shift);
      a.storeLane0(scales, buffer.offsetSums(shift), largest);
    }
    a.addInt(x0, x0, x1);
    a.toFloat(x0, x0);
    a.mul(x0, x0, d);
    a.storeLane0(scales, buffer.sOffset(), x0);
  }
}
