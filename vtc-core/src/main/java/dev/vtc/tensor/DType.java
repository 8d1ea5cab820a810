package dev.vtc.tensor;

/**
 * The element types in which model files store weights, with the block geometry of ggml's {@code
 * ggml_type_traits}.
 *
 * <p>A tensor's row of {@code k} elements is {@code k / blockSize} blocks of {@code blockBytes}
 * bytes, one after the other.
 */
public enum DType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  IQ4_NL(20, 32, 18),
  IQ4_XS(23, 256, 136),
  I8(24, 1, 1),
  I16(25, 1, 2),
  I32(26, 1, 4),
  I64(27, 1, 8),
  F64(28, 1, 8),
  BF16(30, 1, 2),
  MXFP4(39, 32, 17);

  private static final DType[] BY_ID = new DType[64];

  static {
    for (DType type : values()) {
      BY_ID[type.ggmlId] = type;
    }
  }

  private final int ggmlId;
  private final int blockSize;
  private final int blockBytes;

  DType(int ggmlId, int blockSize, int blockBytes) {
    this.ggmlId = ggmlId;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /** The number that stands for this type in a GGUF file ({@code enum ggml_type}). */
  public int ggmlId() {
    return ggmlId;
  }

  /** Elements in one block. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes of one block. */
  public int blockBytes() {
    return blockBytes;
  }

  /**
   * True for the types that hold weights this engine can decode to f32; false for integers and F64.
   */
  public boolean isWeight() {
    return switch (this) {
      case I8, I16, I32, I64, F64 -> false;
      default -> true;
    };
  }

  /**
   * Bytes of a row of {@code elements} elements.
   *
   * @throws IllegalArgumentException when {@code elements} is no multiple of the block size
   * @throws ArithmeticException when the size does not fit a long
   */
  public long rowBytes(long elements) {
    if (elements % blockSize != 0) {
      throw new IllegalArgumentException(
          "A row of "
              + elements
              + " elements is no multiple of "
              + this
              + "'s block of "
              + blockSize
              + ".");
    }
    return Math.multiplyExact(elements / blockSize, (long) blockBytes);
  }

  /** True if a type of this class has the GGUF number {@code id}. */
  public static boolean isGgmlId(int id) {
    return id >= 0 && id < BY_ID.length && BY_ID[id] != null;
  }

  /** What ggml calls the type with this GGUF number, also if it is not supported here. */
  public static String ggmlName(int id) {
    if (isGgmlId(id)) {
      return BY_ID[id].name();
    }
    String name =
        switch (id) {
          case 4 -> "Q4_2";
          case 5 -> "Q4_3";
          case 9 -> "Q8_1";
          case 15 -> "Q8_K";
          case 16 -> "IQ2_XXS";
          case 17 -> "IQ2_XS";
          case 18 -> "IQ3_XXS";
          case 19 -> "IQ1_S";
          case 21 -> "IQ3_S";
          case 22 -> "IQ2_S";
          case 29 -> "IQ1_M";
          case 31 -> "Q4_0_4_4";
          case 32 -> "Q4_0_4_8";
          case 33 -> "Q4_0_8_8";
          case 34 -> "TQ1_0";
          case 35 -> "TQ2_0";
          case 40 -> "NVFP4";
          default -> null;
        };
    return "type number " + Integer.toUnsignedString(id) + (name == null ? "" : " (" + name + ")");
  }

  /**
   * The type with this GGUF number.
   *
   * @throws IllegalArgumentException when no supported type has it
   */
  public static DType ofGgmlId(int id) {
    if (!isGgmlId(id)) {
      throw new IllegalArgumentException("Tensor " + ggmlName(id) + " is not supported.");
    }
    return BY_ID[id];
  }
}
