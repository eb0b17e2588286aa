package dev.larder.caffeine;

import dev.larder.store.Entry;

/**
 * What Caffeine holds: an entry with its weight, which is fixed when it is written although Caffeine asks again later.
 * A class and not a record: two are the same only if they are one object, so that no {@code equals} of a value is called.
 */
final class Held<V> {

    final Entry<V> entry;

    final int weight;

    Held(Entry<V> entry, int weight) {
        this.entry = entry;
        this.weight = weight;
    }
}
