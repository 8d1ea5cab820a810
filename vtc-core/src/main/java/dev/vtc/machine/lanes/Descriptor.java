package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.R;

/**
 * What the threads read of an instruction, in native memory. Offsets in bytes.
 *
 * <pre>
 * |   0 kernel 8 | units 4 | chunk 4 | done units 4 | rows 4 | done at 8 | profile 8 | …   line 0: how to claim
 * |  64 claimed 8 | done 8                                         line 1: alone, it is written by all threads
 * | 128 operands of the kernel …                                   lines 2 … 6
 * </pre>
 */
final class Descriptor {
  static final int KERNEL = 0;
  static final int UNITS = 8;
  static final int CHUNK = 12;

  /**
   * How many units must be done, by the counter at {@link #DONE_AT}, before a thread goes on: those
   * of the whole fused group in its last part, 0 in the parts before.
   */
  static final int DONE_UNITS = 16;

  /** Rows of the step that this instruction works on. */
  static final int ROWS = 20;

  /** Address of the counter of done units: the own one, or that of the group's last part. */
  static final int DONE_AT = 24;

  /** Measured steps: where the instruction's row begins in each thread's table. */
  static final int PROFILE = 32;

  static final int CLAIMED = 64;
  static final int DONE = 72;

  static final int IN = 128;
  static final int IN_STRIDE = 136;
  static final int OUT = 144;
  static final int OUT_STRIDE = 152;
  static final int QUANTIZED = 160;
  static final int QUANTIZED_STRIDE = 168;

  /** MatMul: panels and their distance, the bias or 0, the number of panels; tile kernels. */
  static final int PANELS = 176;

  static final int PANEL_STRIDE = 184;
  static final int BIAS = 192;
  static final int PANEL_COUNT = 200;
  static final int TILES = 208;
  static final int MAX_TILES = 6;

  /** A gated MatMul's second matrix. */
  static final int PANELS_2 = 256;

  static final int PANEL_STRIDE_2 = 264;
  static final int IN_2 = 272;
  static final int IN_STRIDE_2 = 280;
  static final int TILES_2 = 288;
  static final int BIAS_2 = 336;
  static final int SCALE = 344;

  /** A product over experts: the list of groups, panels of one expert, the driver's address. */
  static final int GROUPS = 352;

  static final int EXPERT_PANELS = 360;
  static final int DRIVER = 368;

  /** Route, Dispatch and Combine: where rows went, and what each counts. */
  static final int PLACE = 176;

  static final int PLACE_STRIDE = 184;
  static final int WEIGHT_OUT = 192;
  static final int WEIGHT_STRIDE = 200;

  /** RmsNorm: weight vector, index list of the rows to read or 0. */
  static final int WEIGHT = 176;

  static final int GATHER = 184;

  /**
   * RopeStoreKv and Attend: where the layer's keys begin in a page, and where the pages of the
   * layer's group begin in a sequence's list of page addresses.
   */
  static final int KV = 176;

  static final int KV_PAGES = 232;

  static final int K_IN = 184;
  static final int K_STRIDE = 192;
  static final int V_IN = 200;
  static final int V_STRIDE = 208;
  static final int ROPE = 216;
  static final int QUERY_ROPE = 224;

  static final int BYTES = 384;

  private Descriptor() {}

  /** Emits d = base + row · stride, base and stride being fields of the descriptor. */
  static void row(LaneAssembler a, R d, R descriptor, int base, int stride, R row) {
    R s = a.temp("stride");
    a.load64(s, descriptor, stride);
    a.mul(s, row);
    a.load64(d, descriptor, base);
    a.add(d, s);
    a.free(s);
  }
}
