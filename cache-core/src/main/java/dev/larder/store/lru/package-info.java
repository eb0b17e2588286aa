/** The heap store: exact least-recently-used order, bounded by entries, weight, or both. */
@NullMarked
package dev.larder.store.lru;

import org.jspecify.annotations.NullMarked;
