/** The KV cache: pages of 256 positions, allocated and given back as sequences grow and end. */
@NullMarked
package dev.vtc.kv;

import org.jspecify.annotations.NullMarked;
