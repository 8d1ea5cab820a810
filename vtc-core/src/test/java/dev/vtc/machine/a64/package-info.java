/** The AArch64 machines under emulation. */
@NullMarked
package dev.vtc.machine.a64;

import org.jspecify.annotations.NullMarked;
