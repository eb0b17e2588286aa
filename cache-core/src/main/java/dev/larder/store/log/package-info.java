/** The store of many entries: append-only segments on disk, an index in memory, bounded bytes. */
@NullMarked
package dev.larder.store.log;

import org.jspecify.annotations.NullMarked;
