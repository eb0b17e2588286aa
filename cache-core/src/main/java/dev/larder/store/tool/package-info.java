/** A command line that reads the directories of stores on disk, and changes nothing. */
@NullMarked
package dev.larder.store.tool;

import org.jspecify.annotations.NullMarked;
