/** The caches of Larder as Spring sees them. */
@NullMarked
package dev.larder.spring;

import org.jspecify.annotations.NullMarked;
