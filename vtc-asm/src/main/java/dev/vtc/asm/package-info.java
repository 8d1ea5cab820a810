/**
 * Executable memory and CPU features; the assemblers themselves are in {@code dev.vtc.asm.x64} and
 * {@code dev.vtc.asm.a64}. Nothing here knows a tensor.
 */
@NullMarked
package dev.vtc.asm;

import org.jspecify.annotations.NullMarked;
