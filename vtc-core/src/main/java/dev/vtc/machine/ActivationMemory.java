package dev.vtc.machine;

import dev.vtc.program.Buffer;
import dev.vtc.program.BufferPlan;
import dev.vtc.program.Program;
import dev.vtc.tvl.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The memory of a program's buffers, as its plan places them; zeroed. Owned by an executable;
 * shared by its threads.
 */
public final class ActivationMemory implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final Program program;
  private final BufferPlan plan;
  private final MemorySegment block;
  private final Limits limits;

  public ActivationMemory(Program program, Limits limits) {
    this.program = program;
    this.limits = limits;
    plan = new BufferPlan(program, limits.tokens(), limits.wanted());
    block = LazyMemory.allocate(arena, plan.bytes());
  }

  /** All rows of a buffer. */
  public MemorySegment of(Buffer buffer) {
    long rows = program.rows(buffer, limits.tokens(), limits.wanted());
    return block.asSlice(plan.offset(buffer), rows * buffer.rowBytes(), 64);
  }

  /** One row of a buffer. */
  public MemorySegment row(Buffer buffer, int i) {
    return of(buffer).asSlice((long) i * buffer.rowBytes(), buffer.rowBytes());
  }

  /** The logits of the i-th wanted token, {@code vocabulary} floats. */
  public MemorySegment logits(int i) {
    return wanted(program.logits(), i, program.vocabulary());
  }

  /** The largest logit of each 64 of the i-th wanted token. */
  public MemorySegment tileMax(int i) {
    return wanted(program.tileMax(), i, program.tileMax().width());
  }

  private MemorySegment wanted(Buffer buffer, int i, int floats) {
    return row(buffer, Objects.checkIndex(i, limits.wanted()))
        .asSlice(0, (long) Float.BYTES * floats);
  }

  /** Bytes of all buffers together. */
  public long bytes() {
    return block.byteSize();
  }

  @Override
  public void close() {
    arena.close();
  }
}
