package dev.vtc.asm.x64;

/** A general purpose register or a memory operand. */
public sealed interface GpMem permits Gp, Mem {}
