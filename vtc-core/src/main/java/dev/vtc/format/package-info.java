/** Readers of model files: each yields metadata and tensors over one mapping. */
@NullMarked
package dev.vtc.format;

import org.jspecify.annotations.NullMarked;
