/** What several tests use. */
@NullMarked
package dev.vtc.testing;

import org.jspecify.annotations.NullMarked;
