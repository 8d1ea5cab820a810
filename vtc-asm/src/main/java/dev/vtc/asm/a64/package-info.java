/**
 * The AArch64 assembler: base integer instructions, NEON, dot products (FEAT_DotProd), 8-bit matrix
 * multiplication (FEAT_I8MM) and half-precision conversions.
 *
 * <p>The encodings come from the Arm Architecture Reference Manual for A-profile (DDI 0487). A
 * constant per instruction is in the {@code ...Rows} classes, the encode methods of {@code
 * IntegerEncoder} and {@code VectorEncoder} are the only code that knows bits, and the mnemonic
 * methods of {@link dev.vtc.asm.a64.A64Assembler} are one line each.
 */
@NullMarked
package dev.vtc.asm.a64;

import org.jspecify.annotations.NullMarked;
