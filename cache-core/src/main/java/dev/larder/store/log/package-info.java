/** A store in append-only files: many entries, an index in memory, and nothing lost when the process is killed. */
@NullMarked
package dev.larder.store.log;

import org.jspecify.annotations.NullMarked;
