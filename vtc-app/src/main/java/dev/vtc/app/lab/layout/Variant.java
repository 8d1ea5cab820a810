package dev.vtc.app.lab.layout;

/** A layout and a way to compute with it. */
public enum Variant {
  ROW_SCALAR("row-major scalar", false, false),
  ROW_SIMD("row-major SIMD", false, true),
  TVL_SCALAR("TVL scalar", true, false),
  TVL_SIMD("TVL SIMD", true, true);

  private final String title;
  private final boolean tvl;
  private final boolean simd;

  Variant(String title, boolean tvl, boolean simd) {
    this.title = title;
    this.tvl = tvl;
    this.simd = simd;
  }

  public String title() {
    return title;
  }

  /** Whether the matrix is stored in panels, else row by row. */
  public boolean tvl() {
    return tvl;
  }

  public boolean simd() {
    return simd;
  }
}
