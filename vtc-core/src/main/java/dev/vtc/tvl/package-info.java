/**
 * The Tensor Virtualization Layout: the layout as equations, the packer, the packed file and its
 * cache.
 */
@NullMarked
package dev.vtc.tvl;

import org.jspecify.annotations.NullMarked;
