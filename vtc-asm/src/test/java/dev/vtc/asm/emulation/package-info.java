/**
 * Runs Java programs on emulated AArch64 CPUs; used by the tests of this module and of vtc-core.
 */
@NullMarked
package dev.vtc.asm.emulation;

import org.jspecify.annotations.NullMarked;
