package dev.vtc.asm.x64;

/** A vector register or a memory operand. */
public sealed interface VecMem permits Vec, Mem {}
