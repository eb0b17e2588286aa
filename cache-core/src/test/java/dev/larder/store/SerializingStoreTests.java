package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.StoreContract;
import dev.larder.store.lru.LruStore;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class SerializingStoreTests extends StoreContract {

    private LruStore<String, byte[]> bytes = bytes(new ManualClock(), new ManualScheduler());

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
        return new SerializingStore<>(bytes, new Utf8Codec());
    }

    @Test
    void callersShareNoObject() {
        String value = new String("value");
        store.put("key", value);
        assertThat(store.get("key")).isEqualTo(value).isNotSameAs(value).isNotSameAs(store.get("key"));
    }

    @Test
    void undecodableBytesAreAMissAndGo() {
        bytes.put("key", new byte[] {(byte) 0xff});
        assertThat(store.get("key")).isNull();
        assertThat(store.contains("key")).isFalse();
        assertThat(store.stats().hits()).isZero();
        assertThat(store.stats().misses()).isEqualTo(1);
        bytes.put("key", new byte[] {(byte) 0xff});
        assertThat(store.entry("key")).isNull();
        bytes.put("key", new byte[] {(byte) 0xff});
        assertThat(store.pop("key")).isNull();
        bytes.put("key", new byte[] {(byte) 0xff});
        assertThat(store.putIfAbsent("key", Entry.of("value"))).isNull();
        assertThat(store.get("key")).isEqualTo("value");
    }

    @Test
    void unencodableValueRemovesTheOneItReplaces() {
        store.put("key", "old");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> store.put("key", "unencodable"));
        assertThat(store.get("key")).isNull();
    }
}
