/** The AArch64 machines: how NEON does what the kernels of {@code machine.lanes} ask for. */
@NullMarked
package dev.vtc.machine.a64;

import org.jspecify.annotations.NullMarked;
