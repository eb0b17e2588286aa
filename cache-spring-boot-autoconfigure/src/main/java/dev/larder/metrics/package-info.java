/** Meters of caches; needs Micrometer. */
@NullMarked
package dev.larder.metrics;

import org.jspecify.annotations.NullMarked;
