/**
 * The instruction set of the Virtual Tensor Core: what a machine runs. A program is a list of
 * coarse instructions over named buffers that are placed before the first step; docs/numerics.md
 * fixes what each computes, to the last bit.
 */
@NullMarked
package dev.vtc.program;

import org.jspecify.annotations.NullMarked;
