package dev.vtc.machine;

import dev.vtc.program.Buffer;
import java.lang.foreign.MemorySegment;

/**
 * A program compiled for a machine. Owns the memory of its buffers until closed; the weights and
 * pages belong to others. One step at a time: {@link #run} from one thread, and what it computed is
 * there until the next call.
 */
public interface Executable extends AutoCloseable {
  /** Runs a step with all threads of the team; returns when it is done. Allocates nothing. */
  void run(Step step);

  /**
   * The f32 logits of the i-th wanted token: {@code vocabulary} floats. The segment is valid until
   * {@link #close}, its content until the next step.
   */
  MemorySegment logits(int i);

  /** The largest logit of each 64 of the i-th wanted token, see {@code Instruction.Select}. */
  MemorySegment tileMax(int i);

  /**
   * A row of a buffer after a step, for tests and diagnosis; meaningful only if no later
   * instruction's buffer shares its memory.
   */
  MemorySegment row(Buffer buffer, int i);

  /** Bytes this executable has allocated, code included. */
  long allocatedBytes();

  @Override
  void close();
}
