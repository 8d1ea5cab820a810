package dev.vtc.asm.a64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads the section {@code .text} of a 64-bit little-endian object file. */
final class ElfText {
  private static final int SHT_PROGBITS = 1;
  private static final int SHF_EXECINSTR = 4;

  private ElfText() {}

  static byte[] of(byte[] file) {
    ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int sections = (int) elf.getLong(0x28);
    int count = elf.getShort(0x3c);
    for (int i = 0; i < count; i++) {
      int header = sections + 64 * i;
      if (elf.getInt(header + 4) == SHT_PROGBITS
          && (elf.getLong(header + 8) & SHF_EXECINSTR) != 0) {
        int offset = (int) elf.getLong(header + 0x18);
        return Arrays.copyOfRange(file, offset, offset + (int) elf.getLong(header + 0x20));
      }
    }
    throw new IllegalArgumentException("no text section");
  }
}
