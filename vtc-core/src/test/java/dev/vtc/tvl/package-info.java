@NullMarked
package dev.vtc.tvl;

import org.jspecify.annotations.NullMarked;
