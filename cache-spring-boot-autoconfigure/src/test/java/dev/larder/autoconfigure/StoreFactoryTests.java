package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.spring.LarderCache;
import dev.larder.store.UnusableDirectoryException;
import dev.larder.store.Weigher;
import dev.larder.store.contract.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.util.unit.DataSize;

class StoreFactoryTests {

    private final ManualClock clock = new ManualClock();

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private @Nullable LarderCache opened;

    @BeforeEach
    void registerBeans() {
        beans.registerSingleton("text", new TextCodec());
        beans.registerSingleton("length", (Weigher<String, String>) (key, value) -> value.length());
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

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
    @EnumSource(
            names = {"DISK", "SHARDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void maxSizeBoundsWhatTheWeigherWeighs(CacheType type) {
        LarderCache cache = create(settings(type, null, null, DataSize.ofBytes(10), "length", null));
        cache.put("a", "123456");
        assertThat(cache.stats().store().weight()).isEqualTo(6);
        cache.put("b", "12345678901");
        assertThat(cache.contains("b")).isFalse();
        assertThat(cache.contains("a")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"DISK", "SHARDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void maxSizeBoundsEncodedBytes(CacheType type) {
        LarderCache cache = create(settings(type, null, null, DataSize.ofBytes(250), null, "text"));
        cache.put("a", "x".repeat(200));
        assertThat(cache.stats().store().weight()).isEqualTo(201);
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
    @EnumSource(
            names = {"DISK", "SHARDED"},
            mode = EnumSource.Mode.EXCLUDE)
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
        StoreFactory factory = factory(defaults, Map.of("own", own));
        LarderCache named = factory.create("own", false);
        LarderCache other = factory.create("other", false);
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

    @ParameterizedTest
    @EnumSource(names = {"DISK", "SHARDED"})
    void cacheOnDemandIsEmptyUntilItsDirectoryCanBeUsed(CacheType type) throws IOException {
        Path inTheWay = Files.createFile(directory.resolve("late"));
        StoreFactory factory = factory(settings(type, null, null, null, null, "text"), Map.of());
        assertThatExceptionOfType(UnusableDirectoryException.class).isThrownBy(() -> factory.create("late", false));
        LarderCache cache = factory.create("late", true);
        opened = cache;
        cache.put("a", "1");
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("a", () -> "loaded")).isEqualTo("loaded");
        assertThat(cache.stats().failures()).isPositive();

        Files.delete(inTheWay);
        clock.advance(Duration.ofSeconds(1));
        cache.put("a", "2");
        assertThat(cache.get("a", String.class)).isEqualTo("2");
    }

    private static LarderProperties.Cache settings(
            CacheType type, Duration ttl, Long maxEntries, DataSize maxSize, String weigher, String codec) {
        return new LarderProperties.Cache(
                type,
                ttl,
                maxEntries,
                maxSize,
                weigher,
                codec,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private LarderCache create(LarderProperties.Cache settings) {
        opened = factory(LarderProperties.Cache.UNSET, Map.of("quotes", settings))
                .create("quotes", false);
        return opened;
    }

    private StoreFactory factory(LarderProperties.Cache defaults, Map<String, LarderProperties.Cache> caches) {
        LarderProperties properties = new LarderProperties(
                true,
                null,
                directory.toString(),
                "",
                List.of(),
                new LarderProperties.Keys(null, Map.of()),
                defaults,
                caches);
        ValueCodecs codecs = new ValueCodecs(beans, List.of());
        SettingsCheck check = new SettingsCheck(beans, getClass().getClassLoader(), defaults.type(), codecs, false);
        return new StoreFactory(properties, check, codecs, null, clock);
    }
}
