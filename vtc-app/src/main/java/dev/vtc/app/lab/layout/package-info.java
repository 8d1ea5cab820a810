/**
 * The ablation of the memory layout: one matrix–vector product in several layouts and kernels, the
 * addresses that each loads, and the time it takes.
 */
@NullMarked
package dev.vtc.app.lab.layout;

import org.jspecify.annotations.NullMarked;
