/** Tests of the AArch64 assembler against {@code llvm-mc}, and of its code under emulation. */
@NullMarked
package dev.vtc.asm.a64;

import org.jspecify.annotations.NullMarked;
