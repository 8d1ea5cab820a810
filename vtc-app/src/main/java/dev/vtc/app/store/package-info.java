/** The model store: references, downloads, the cache folder. */
@NullMarked
package dev.vtc.app.store;

import org.jspecify.annotations.NullMarked;
