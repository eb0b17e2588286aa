/** Stores: thread-safe maps with a life time on each entry, and what composes them. */
@NullMarked
package dev.larder.store;

import org.jspecify.annotations.NullMarked;
