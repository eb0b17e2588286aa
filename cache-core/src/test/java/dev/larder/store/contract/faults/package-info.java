/** A file system whose calls fail when a test says so, to prove what a store does when its disk lets it down. */
@NullMarked
package dev.larder.store.contract.faults;

import org.jspecify.annotations.NullMarked;
