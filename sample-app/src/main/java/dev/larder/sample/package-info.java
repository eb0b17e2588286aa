/** A small web application that answers slow questions about English words, and remembers the answers. */
@NullMarked
package dev.larder.sample;

import org.jspecify.annotations.NullMarked;
