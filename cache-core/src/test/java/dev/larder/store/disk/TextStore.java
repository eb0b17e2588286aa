package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store of text on top of one whose values can be made of text, so that one test serves both kinds of disk stores. */
final class TextStore<V> implements Store<String, String> {

    private final Store<String, V> below;

    private final Function<String, V> encode;

    private final Function<V, String> decode;

    TextStore(Store<String, V> below, Function<String, V> encode, Function<V, String> decode) {
        this.below = below;
        this.encode = encode;
        this.decode = decode;
    }

    private @Nullable String text(@Nullable V value) {
        return value == null ? null : decode.apply(value);
    }

    private Entry<V> encoded(Entry<String> entry) {
        return entry.withValue(encode.apply(entry.value()));
    }

    @Override
    public @Nullable String get(String key) {
        return text(below.get(key));
    }

    @Override
    public @Nullable Entry<String> entry(String key) {
        Entry<V> entry = below.entry(key);
        return entry == null ? null : entry.withValue(decode.apply(entry.value()));
    }

    @Override
    public boolean contains(String key) {
        return below.contains(key);
    }

    @Override
    public void put(String key, Entry<String> entry) {
        below.put(key, encoded(entry));
    }

    @Override
    public @Nullable String putIfAbsent(String key, Entry<String> entry) {
        return text(below.putIfAbsent(key, encoded(entry)));
    }

    @Override
    public boolean touch(String key, long freshUntil, long keptUntil) {
        return below.touch(key, freshUntil, keptUntil);
    }

    @Override
    public boolean remove(String key) {
        return below.remove(key);
    }

    @Override
    public @Nullable String pop(String key) {
        return text(below.pop(key));
    }

    @Override
    public boolean clear() {
        return below.clear();
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(String key) {
        return below.tryBeginLoad(key);
    }

    @Override
    public long size() {
        return below.size();
    }

    @Override
    public StoreStats stats() {
        return below.stats();
    }

    @Override
    public void close() {
        below.close();
    }
}
