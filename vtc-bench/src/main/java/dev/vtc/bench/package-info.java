/** Benchmarks of the kernels and of whole steps; programs that print Markdown. */
@NullMarked
package dev.vtc.bench;

import org.jspecify.annotations.NullMarked;
