package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.Payload;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Text in files, for the contract. */
final class PayloadTextStore implements Store<String, String> {

    private final Store<String, Payload> files;

    PayloadTextStore(Store<String, Payload> files) {
        this.files = files;
    }

    static Payload payload(String text) {
        Objects.requireNonNull(text, "value");
        return Payload.of(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    static @Nullable String text(@Nullable Payload payload) {
        if (payload == null) {
            return null;
        }
        try (InputStream in = payload.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public @Nullable String get(String key) {
        return text(files.get(key));
    }

    @Override
    public @Nullable Entry<String> entry(String key) {
        Entry<Payload> entry = files.entry(key);
        String text = entry == null ? null : text(entry.value());
        return entry == null || text == null ? null : entry.withValue(text);
    }

    @Override
    public boolean contains(String key) {
        return files.contains(key);
    }

    @Override
    public void put(String key, Entry<String> entry) {
        files.put(key, entry.withValue(payload(entry.value())));
    }

    @Override
    public @Nullable String putIfAbsent(String key, Entry<String> entry) {
        return text(files.putIfAbsent(key, entry.withValue(payload(entry.value()))));
    }

    @Override
    public boolean touch(String key, long freshUntil, long keptUntil) {
        return files.touch(key, freshUntil, keptUntil);
    }

    @Override
    public boolean remove(String key) {
        return files.remove(key);
    }

    @Override
    public @Nullable String pop(String key) {
        return text(files.pop(key));
    }

    @Override
    public boolean clear() {
        return files.clear();
    }

    @Override
    public long size() {
        return files.size();
    }

    @Override
    public StoreStats stats() {
        return files.stats();
    }

    @Override
    public void close() {
        files.close();
    }
}
