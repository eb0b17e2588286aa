/** Tests of the sample. */
@NullMarked
package dev.larder.sample;

import org.jspecify.annotations.NullMarked;
