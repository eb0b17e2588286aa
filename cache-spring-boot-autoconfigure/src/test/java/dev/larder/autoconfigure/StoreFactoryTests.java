package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spring.LarderCache;
import dev.larder.store.Weigher;
import dev.larder.store.contract.ManualClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.util.unit.DataSize;

class StoreFactoryTests {

    private final ManualClock clock = new ManualClock();

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory(
            Map.of("text", new TextCodec(), "length", (Weigher<String, String>) (key, value) -> value.length()));

    @ParameterizedTest
    @EnumSource
    void ttlHoldsThroughTheWholeStack(CacheType type) {
        LarderCache cache = create(settings(type, Duration.ofMinutes(1), null, null, null, null));
        cache.put("a", "1");
        clock.advance(Duration.ofSeconds(59));
        assertThat(cache.get("a", String.class)).isEqualTo("1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(cache.get("a")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void withoutTtlEntriesDoNotExpire(CacheType type) {
        LarderCache cache = create(settings(type, null, null, null, null, null));
        cache.put("a", "1");
        clock.advance(Duration.ofDays(10_000));
        assertThat(cache.get("a", String.class)).isEqualTo("1");
    }

    @Test
    void withoutBoundThereIsOneOfTenThousandEntries() {
        LarderCache cache = create(settings(CacheType.LRU, null, null, null, null, null));
        for (int i = 0; i < 10_001; i++) {
            cache.put(i, "value");
        }
        assertThat(cache.getNativeCache().size()).isEqualTo(10_000);
    }

    @Test
    void maxEntriesBounds() {
        LarderCache cache = create(settings(CacheType.LRU, null, 2L, null, null, null));
        cache.put("a", "1");
        cache.put("b", "1");
        cache.put("c", "1");
        assertThat(cache.contains("a")).isFalse();
        assertThat(cache.getNativeCache().size()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void maxSizeBoundsWhatTheWeigherWeighs(CacheType type) {
        LarderCache cache = create(settings(type, null, null, DataSize.ofBytes(10), "length", null));
        cache.put("a", "123456");
        assertThat(cache.stats().store().weight()).isEqualTo(6);
        cache.put("b", "12345678901");
        assertThat(cache.contains("b")).isFalse();
        assertThat(cache.contains("a")).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void maxSizeBoundsEncodedBytes(CacheType type) {
        LarderCache cache = create(settings(type, null, null, DataSize.ofBytes(250), null, "text"));
        cache.put("a", "x".repeat(200));
        assertThat(cache.stats().store().weight()).isEqualTo(200);
        cache.put("b", "x".repeat(251));
        assertThat(cache.contains("b")).isFalse();
    }

    @Test
    void bothBoundsHoldForLru() {
        LarderCache cache = create(settings(CacheType.LRU, null, 2L, DataSize.ofBytes(10), "length", null));
        cache.put("a", "1");
        cache.put("b", "1");
        cache.put("c", "1");
        assertThat(cache.getNativeCache().size()).isEqualTo(2);
        cache.put("d", "123456789");
        assertThat(cache.getNativeCache().size()).isEqualTo(2);
        cache.put("e", "1234567890");
        assertThat(cache.getNativeCache().size()).isEqualTo(1);
    }

    @Test
    void codecGivesCopies() {
        LarderCache cache = create(settings(CacheType.LRU, null, null, null, null, "text"));
        String value = new String("value");
        cache.put("a", value);
        assertThat(cache.get("a", String.class)).isEqualTo(value).isNotSameAs(value);
    }

    @ParameterizedTest
    @EnumSource
    void nullsNeedNoCodecAndHaveAWeight(CacheType type) {
        LarderCache cache = create(settings(type, null, null, DataSize.ofKilobytes(1), null, "text"));
        cache.put("null", null);
        cache.put("empty", "");
        assertThat(value(cache, "null")).isNull();
        assertThat(value(cache, "empty")).isEqualTo("");
        assertThat(cache.stats().failures()).isZero();
        assertThat(cache.stats().store().weight()).isEqualTo(2 * StoreFactory.MIN_WEIGHT);
    }

    @Test
    void nullsAreNotShownToTheWeigher() {
        LarderCache cache = create(settings(CacheType.LRU, null, null, DataSize.ofKilobytes(1), "length", null));
        cache.put("null", null);
        assertThat(value(cache, "null")).isNull();
        assertThat(cache.stats().failures()).isZero();
        assertThat(cache.stats().store().weight()).isEqualTo(StoreFactory.MIN_WEIGHT);
    }

    @Test
    void settingsOfTheDefaultsApplyToOtherCachesOnly() {
        LarderProperties.Cache defaults = settings(CacheType.LRU, Duration.ofMinutes(1), 1L, null, null, null);
        LarderProperties.Cache own = settings(null, null, null, null, null, null);
        StoreFactory factory = factory(new LarderProperties(true, null, defaults, Map.of("own", own)));
        LarderCache named = factory.create("own");
        LarderCache other = factory.create("other");
        for (int i = 0; i < 10; i++) {
            named.put(i, "value");
            other.put(i, "value");
        }
        assertThat(named.getNativeCache().size()).isEqualTo(10);
        assertThat(other.getNativeCache().size()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(1));
        assertThat(named.contains(9)).isTrue();
        assertThat(other.contains(9)).isFalse();
    }

    private static Object value(LarderCache cache, Object key) {
        ValueWrapper wrapper = cache.get(key);
        assertThat(wrapper).isNotNull();
        return wrapper.get();
    }

    private static LarderProperties.Cache settings(
            CacheType type, Duration ttl, Long maxEntries, DataSize maxSize, String weigher, String codec) {
        return new LarderProperties.Cache(type, ttl, maxEntries, maxSize, weigher, codec);
    }

    private LarderCache create(LarderProperties.Cache settings) {
        LarderProperties.Cache defaults = settings(null, null, null, null, null, null);
        return factory(new LarderProperties(true, null, defaults, Map.of("quotes", settings)))
                .create("quotes");
    }

    private StoreFactory factory(LarderProperties properties) {
        SettingsCheck check = new SettingsCheck(
                beans, getClass().getClassLoader(), properties.defaults().type());
        return new StoreFactory(properties, check, clock);
    }
}
