package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.StoreContract;
import dev.larder.store.lru.LruStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SerializingStoreTests extends StoreContract {

    private LruStore<String, byte[]> bytes = bytes(new ManualClock(), new ManualScheduler());

    private Failures failures = new Failures("test", new ManualClock());

    private static LruStore<String, byte[]> bytes(InstantSource clock, Scheduler scheduler) {
        return LruStore.<String, byte[]>builder()
                .maxEntries(10_000)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        bytes = bytes(clock, scheduler);
        failures = new Failures("test", clock);
        return SerializingStore.of(bytes, key -> "key:" + key, new Utf8Codec(), failures);
    }

    @Test
    void callersShareNoObject() {
        String value = new String("value");
        store.put("key", value);
        assertThat(store.get("key")).isEqualTo(value).isNotSameAs(value).isNotSameAs(store.get("key"));
    }

    @Test
    void undecodableBytesAreAMissAndGo() {
        bytes.put("key:key", new byte[] {(byte) 0xff});
        assertThat(store.get("key")).isNull();
        assertThat(store.contains("key")).isFalse();
        assertThat(store.stats().hits()).isZero();
        assertThat(store.stats().misses()).isEqualTo(1);
        bytes.put("key:key", new byte[] {(byte) 0xff});
        assertThat(store.entry("key")).isNull();
        bytes.put("key:key", new byte[] {(byte) 0xff});
        assertThat(store.pop("key")).isNull();
        bytes.put("key:key", new byte[] {(byte) 0xff});
        assertThat(store.putIfAbsent("key", Entry.of("value"))).isNull();
        assertThat(store.get("key")).isEqualTo("value");
        assertThat(failures.counts()).isEqualTo(Map.of("decode", 4L));
    }

    @Test
    void keysAreKeptAsText() {
        store.put("key", "value");
        assertThat(bytes.contains("key:key")).isTrue();
        assertThat(store.touch("key", Entry.FOREVER, Entry.FOREVER)).isTrue();
        assertThat(store.remove("key")).isTrue();
        assertThat(bytes.contains("key:key")).isFalse();
    }

    @Test
    void keysMayStayWhatTheyAre() {
        LruStore<Integer, byte[]> numbers =
                LruStore.<Integer, byte[]>builder().maxEntries(10).build();
        Store<Integer, String> texts = SerializingStore.of(numbers, new Utf8Codec(), failures);
        texts.put(1, "one");
        assertThat(texts.get(1)).isEqualTo("one");
        assertThat(numbers.contains(1)).isTrue();
    }

    @Test
    void valuesMayBeFiles(@TempDir Path directory) {
        LruStore<String, Payload> payloads =
                LruStore.<String, Payload>builder().maxEntries(10).build();
        Store<Integer, Path> files =
                SerializingStore.files(payloads, key -> "" + key, Payload::of, Payload::path, failures);
        files.put(1, directory);
        assertThat(files.get(1)).isEqualTo(directory);
        assertThat(payloads.contains("1")).isTrue();
    }

    @Test
    void unencodableKeyReachesNothing() {
        Store<String, String> strict = SerializingStore.of(
                bytes,
                (KeyCodec<String>) key -> {
                    throw new CodecException("No key: " + key, String.class, null);
                },
                new Utf8Codec(),
                failures);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> strict.get("key"));
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> strict.put("key", "value"));
        assertThat(bytes.size()).isZero();
    }

    @Test
    void unencodableValueIsToldWithItsType() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> store.put("key", "unencodable"))
                .withMessageContaining("java.lang.String")
                .satisfies(ex -> assertThat(ex.type()).isEqualTo(String.class));
    }

    @Test
    void codecThatFailsInItsOwnWayIsTheSame() {
        Codec<String> faulty = new Codec<>() {
            @Override
            public byte[] encode(String value) {
                throw new IllegalStateException("broken");
            }

            @Override
            public String decode(byte[] encoded) {
                throw new NoClassDefFoundError("gone");
            }
        };
        Store<String, String> broken = SerializingStore.of(bytes, key -> key, faulty, failures);
        bytes.put("key", new byte[1]);
        assertThat(broken.get("key")).isNull();
        bytes.put("key", new byte[1]);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> broken.put("key", "value"));
        assertThat(bytes.contains("key")).isFalse();
    }

    /** Whoever walks through a value by recursion gets as far as the stack goes. */
    @Test
    void valueThatIsNestedTooDeepForTheCodecIsUnencodable() {
        Codec<String> recursive = new Codec<>() {
            @Override
            public byte[] encode(String value) {
                throw new StackOverflowError();
            }

            @Override
            public String decode(byte[] encoded) {
                throw new StackOverflowError();
            }
        };
        Store<String, String> deep = SerializingStore.of(bytes, key -> key, recursive, failures);
        bytes.put("key", new byte[1]);
        assertThat(deep.get("key")).isNull();
        bytes.put("key", new byte[1]);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> deep.put("key", "value"))
                .withMessageContaining("java.lang.StackOverflowError")
                .satisfies(ex -> assertThat(ex.type()).isEqualTo(String.class));
        assertThat(bytes.contains("key")).isFalse();
    }

    @Test
    @SuppressWarnings("unchecked")
    void leaseIsThatOfTheStoreBelow() {
        Store<String, byte[]> shared = (Store<String, byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("tryBeginLoad");
                    return arguments[0].equals("key:free") ? LoadLease.ALONE : null;
                });
        Store<String, String> texts = SerializingStore.of(shared, key -> "key:" + key, new Utf8Codec(), failures);
        assertThat(texts.tryBeginLoad("free")).isSameAs(LoadLease.ALONE);
        assertThat(texts.tryBeginLoad("taken")).isNull();
    }

    @Test
    void unencodableValueRemovesTheOneItReplaces() {
        store.put("key", "old");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> store.put("key", "unencodable"));
        assertThat(store.get("key")).isNull();
    }

    @Test
    @Timeout(30)
    void codecThatGivesNothingIsOneThatFails() {
        Codec<String> forgetful = new Utf8Codec() {

            @Override
            @SuppressWarnings("NullAway")
            public String decode(byte[] body) {
                return body.length == 0 ? null : super.decode(body);
            }
        };
        Store<String, String> texts = SerializingStore.of(bytes, forgetful, failures);
        bytes.put("key", new byte[0]);
        assertThat(texts.putIfAbsent("key", Entry.of("value"))).isNull();
        assertThat(texts.get("key")).isEqualTo("value");
        assertThat(failures.counts()).isEqualTo(Map.of("decode", 1L));
    }
}
