package dev.larder.spring;

import dev.larder.store.CodecException;
import dev.larder.store.Entry;
import dev.larder.store.KeyCodec;
import dev.larder.store.LoadLease;
import dev.larder.store.Payload;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;
import org.springframework.core.io.Resource;

/**
 * A store of any keys, and of whatever Spring knows as a file, on top of one of files. What it gives back are {@link
 * Payload}s. A null is an empty file with an etag that says so, which no caller sees.
 *
 * <p>A key or a value that is nothing of that kind is a {@link CodecException}; what the key held before is removed. Thread-safe. Closing it closes
 * the store below.
 */
public final class PayloadStore implements Store<Object, Object> {

    private static final String NULL = "larder:null";

    private final Store<String, Payload> files;

    private final KeyCodec<Object> keys;

    /** A store that keeps its values in another, under keys that are text. */
    public PayloadStore(Store<String, Payload> files, KeyCodec<Object> keys) {
        this.files = files;
        this.keys = keys;
    }

    @Override
    public @Nullable Object get(Object key) {
        String text = keys.encode(key);
        Payload payload = files.get(text);
        return payload == null ? null : restored(text, payload);
    }

    @Override
    public @Nullable Entry<Object> entry(Object key) {
        Entry<Payload> entry = files.entry(keys.encode(key));
        return entry == null ? null : restored(entry);
    }

    @Override
    public boolean contains(Object key) {
        return files.contains(keys.encode(key));
    }

    @Override
    public void put(Object key, Entry<Object> entry) {
        String text = keys.encode(key);
        files.put(text, stored(text, entry));
    }

    @Override
    public @Nullable Object putIfAbsent(Object key, Entry<Object> entry) {
        String text = keys.encode(key);
        Payload present = files.putIfAbsent(text, stored(text, entry));
        return present == null ? null : restored(text, present);
    }

    @Override
    public boolean touch(Object key, long freshUntil, long keptUntil) {
        return files.touch(keys.encode(key), freshUntil, keptUntil);
    }

    @Override
    public boolean remove(Object key) {
        return files.remove(keys.encode(key));
    }

    @Override
    public @Nullable Object pop(Object key) {
        String text = keys.encode(key);
        Entry<Payload> seen = files.entry(text);
        Payload payload = files.pop(text);
        if (payload == null) {
            return null;
        }
        return seen != null && isNull(seen) && isEmpty(payload) ? NullValue.INSTANCE : payload;
    }

    @Override
    public boolean clear() {
        return files.clear();
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(Object key) {
        return files.tryBeginLoad(keys.encode(key));
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

    private Entry<Payload> stored(String key, Entry<Object> entry) {
        if (entry.value() instanceof NullValue) {
            Payload nothing = Payload.of(() -> new ByteArrayInputStream(new byte[0]));
            return new Entry<>(nothing, entry.freshUntil(), entry.keptUntil(), NULL);
        }
        try {
            return entry.withValue(payload(entry.value()));
        } catch (CodecException ex) {
            files.remove(key);
            throw ex;
        }
    }

    private static Payload payload(Object value) {
        if (value instanceof Payload payload) {
            return payload;
        }
        if (value instanceof Path path) {
            return Payload.of(path);
        }
        if (value instanceof java.io.File file) {
            return Payload.of(file.toPath());
        }
        if (value instanceof Resource resource) {
            return Payload.of(resource::getInputStream);
        }
        if (value instanceof Payload.Source source) {
            return Payload.of(source);
        }
        throw new CodecException(
                "A value of %s is not a file: return a Path, a Resource or an InputStream, or choose another codec"
                        .formatted(value.getClass().getName()),
                null);
    }

    private Entry<Object> restored(Entry<Payload> entry) {
        return isNull(entry)
                ? new Entry<>(NullValue.INSTANCE, entry.freshUntil(), entry.keptUntil(), null)
                : entry.withValue(entry.value());
    }

    /** Only an empty file may stand for null, so that others cost no second look. */
    private Object restored(String key, Payload payload) {
        if (isEmpty(payload)) {
            Entry<Payload> entry = files.entry(key);
            if (entry != null && isNull(entry)) {
                return NullValue.INSTANCE;
            }
        }
        return payload;
    }

    private static boolean isNull(Entry<Payload> entry) {
        return NULL.equals(entry.etag());
    }

    private static boolean isEmpty(Payload payload) {
        Path path = payload.path();
        try {
            return path != null && Files.size(path) == 0;
        } catch (IOException ex) {
            return false;
        }
    }
}
