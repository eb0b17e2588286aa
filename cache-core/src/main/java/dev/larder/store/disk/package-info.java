/** A store on disk: one file per entry, shared by processes, for people to look into. */
@NullMarked
package dev.larder.store.disk;

import org.jspecify.annotations.NullMarked;
