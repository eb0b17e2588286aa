/** The crash lab: does everything to a store that can happen to one, and knows what the store may show afterwards. */
@NullMarked
package dev.larder.store.contract.crash;

import org.jspecify.annotations.NullMarked;
