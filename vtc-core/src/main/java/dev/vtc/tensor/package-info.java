/** Stored tensors and the decoding of every stored type to f32. Depends on nothing. */
@NullMarked
package dev.vtc.tensor;

import org.jspecify.annotations.NullMarked;
