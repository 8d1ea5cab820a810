/**
 * The x86-64 assembler: typed registers and operands, one table row per instruction, one-line
 * mnemonic methods, labels, loops, register pools and constants. {@link
 * dev.vtc.asm.x64.X64Assembler} is where to start.
 */
@NullMarked
package dev.vtc.asm.x64;

import org.jspecify.annotations.NullMarked;
