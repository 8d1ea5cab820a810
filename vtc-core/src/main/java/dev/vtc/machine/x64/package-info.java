/**
 * The x86-64 machines: how AVX-512 and AVX2 do what the kernels of {@code machine.lanes} ask for.
 */
@NullMarked
package dev.vtc.machine.x64;

import org.jspecify.annotations.NullMarked;
