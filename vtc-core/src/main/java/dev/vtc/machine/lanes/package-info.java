/**
 * The kernels of the machines that emit machine code, written once over sixteen lanes of 32 bits:
 * one ZMM register, two YMM or four Q registers. A backend ({@code machine.x64}, {@code
 * machine.a64}) says how its CPU does each of some sixty operations; what a kernel computes, and in
 * which order, stands here alone, so that all machines give the same bits.
 */
@NullMarked
package dev.vtc.machine.lanes;

import org.jspecify.annotations.NullMarked;
