/** Values as JSON and CBOR. */
@NullMarked
package dev.larder.jackson;

import org.jspecify.annotations.NullMarked;
