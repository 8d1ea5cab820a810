package dev.vtc.machine.lanes;

/**
 * What a thread of the team is given, in native memory. Offsets in bytes; one context a thread, a
 * multiple of 128 bytes apart.
 */
final class Context {
  /** First descriptor; the list ends with one whose kernel is 0. */
  static final int DESCRIPTORS = 0;

  /** This thread's scratch. */
  static final int SCRATCH = 24;

  /** Address of sched_yield. */
  static final int YIELD = 32;

  /** int32 token ids, positions, and indexes of wanted tokens of the step. */
  static final int IDS = 40;

  static final int POSITIONS = 48;

  /**
   * 8 bytes a token: address of the list of its sequence's page addresses, one list a group of
   * layers. The address of a page that no token of the step needs is 0.
   */
  static final int PAGES = 56;

  /** 16 bytes an attention tile: first token, tokens. */
  static final int TILES = 64;

  /** Measured steps: this thread's table of a {@link dev.vtc.machine.Profile}. */
  static final int PROFILE = 72;

  /** Measured steps: when the thread last looked at the time, in ticks. */
  static final int LAST = 80;

  static final int BYTES = 128;

  private Context() {}
}
