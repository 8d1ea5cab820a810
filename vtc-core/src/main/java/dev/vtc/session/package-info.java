/** The step loop: tokens of one or many sequences become steps, steps become tokens. */
@NullMarked
package dev.vtc.session;

import org.jspecify.annotations.NullMarked;
