/** Values as bytes or files without a library, ways to compress them, and the types that may be read back. */
@NullMarked
package dev.larder.codec;

import org.jspecify.annotations.NullMarked;
