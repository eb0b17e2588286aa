/** Auto-configuration: from keys under {@code larder} to stores, caches, their manager and meters. */
@NullMarked
package dev.larder.autoconfigure;

import org.jspecify.annotations.NullMarked;
