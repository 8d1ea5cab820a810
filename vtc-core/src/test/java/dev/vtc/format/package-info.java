/** Tests of the readers of model files. */
@NullMarked
package dev.vtc.format;

import org.jspecify.annotations.NullMarked;
