package dev.vtc.asm.a64;

/** What {@code prfm} shall do: for load or store, into which cache, kept or used once. */
public enum Prefetch {
  PLDL1KEEP(0, "pldl1keep"),
  PLDL1STRM(1, "pldl1strm"),
  PLDL2KEEP(2, "pldl2keep"),
  PLDL2STRM(3, "pldl2strm"),
  PLDL3KEEP(4, "pldl3keep"),
  PLDL3STRM(5, "pldl3strm"),
  PSTL1KEEP(16, "pstl1keep"),
  PSTL1STRM(17, "pstl1strm"),
  PSTL2KEEP(18, "pstl2keep"),
  PSTL2STRM(19, "pstl2strm"),
  PSTL3KEEP(20, "pstl3keep"),
  PSTL3STRM(21, "pstl3strm");

  final int code;
  final String text;

  Prefetch(int code, String text) {
    this.code = code;
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
