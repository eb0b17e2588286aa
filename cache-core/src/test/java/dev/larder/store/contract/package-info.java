/** What every {@link dev.larder.store.Store} and every composition of stores has to hold: one suite, run by each of them. */
@NullMarked
package dev.larder.store.contract;

import org.jspecify.annotations.NullMarked;
