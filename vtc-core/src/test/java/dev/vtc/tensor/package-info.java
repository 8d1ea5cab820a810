/** Tests of stored tensors. */
@NullMarked
package dev.vtc.tensor;

import org.jspecify.annotations.NullMarked;
