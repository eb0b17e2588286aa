/** Speed, heap and hit ratio of the stores, next to those of their peers. */
@NullMarked
package dev.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
