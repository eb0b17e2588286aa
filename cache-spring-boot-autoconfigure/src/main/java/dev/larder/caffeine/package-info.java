/** The heap store on Caffeine, for its policy; the only package that needs Caffeine. */
@NullMarked
package dev.larder.caffeine;

import org.jspecify.annotations.NullMarked;
