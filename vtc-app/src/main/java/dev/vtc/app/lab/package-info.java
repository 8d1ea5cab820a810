/** The lab: measurements that show where an inference engine's time goes, and their reports. */
@NullMarked
package dev.vtc.app.lab;

import org.jspecify.annotations.NullMarked;
