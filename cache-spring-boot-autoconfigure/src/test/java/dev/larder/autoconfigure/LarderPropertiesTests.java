package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import dev.larder.store.disk.Layout;
import dev.larder.store.log.Durability;
import dev.larder.store.log.OnLocked;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class LarderPropertiesTests {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    @Test
    void allKeysAndTheirDefaultsAreDescribed() throws IOException {
        Map<String, Object> defaults = new LinkedHashMap<>();
        for (Map<String, Object> property : properties()) {
            defaults.put((String) property.get("name"), property.get("defaultValue"));
            assertThat((String) property.get("description"))
                    .as("description of %s", property.get("name"))
                    .isNotBlank();
        }
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("larder.caches", null);
        expected.put("larder.defaults.allow-network", false);
        expected.put("larder.defaults.codec", null);
        expected.put("larder.defaults.compression", "none");
        expected.put("larder.defaults.compression-threshold", "1KB");
        expected.put("larder.defaults.durability", "process");
        expected.put("larder.defaults.encrypted", null);
        expected.put("larder.defaults.layout", "hashed");
        expected.put("larder.defaults.load-wait", "30s");
        expected.put("larder.defaults.lock-wait", "10s");
        expected.put("larder.defaults.max-entries", null);
        expected.put("larder.defaults.max-open", 4096);
        expected.put("larder.defaults.max-size", null);
        expected.put("larder.defaults.min-free", "0B");
        expected.put("larder.defaults.on-locked", "wait");
        expected.put("larder.defaults.open-at-start", false);
        expected.put("larder.defaults.payload-grace", "1m");
        expected.put("larder.defaults.segment-size", null);
        expected.put("larder.defaults.shards", null);
        expected.put("larder.defaults.ttl", null);
        expected.put("larder.defaults.type", "lru");
        expected.put("larder.defaults.value-type", null);
        expected.put("larder.defaults.weigher", null);
        expected.put("larder.directory", "larder");
        expected.put("larder.dynamic", null);
        expected.put("larder.enabled", true);
        expected.put("larder.encryption.current-key", null);
        expected.put("larder.encryption.keys", null);
        expected.put("larder.namespace", "");
        expected.put("larder.trusted-packages", null);
        assertThat(defaults).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void settingsOfACacheAreThoseOfTheDefaults() {
        assertThat(Arrays.stream(LarderProperties.Cache.class.getRecordComponents())
                        .map(c -> c.getName()))
                .containsExactly(
                        "type",
                        "ttl",
                        "maxEntries",
                        "maxSize",
                        "weigher",
                        "codec",
                        "valueType",
                        "compression",
                        "compressionThreshold",
                        "encrypted",
                        "layout",
                        "durability",
                        "payloadGrace",
                        "loadWait",
                        "shards",
                        "segmentSize",
                        "onLocked",
                        "lockWait",
                        "minFree",
                        "maxOpen",
                        "openAtStart",
                        "allowNetwork");
    }

    @Test
    void typesAreHinted() throws IOException {
        assertThat(hints())
                .contains(
                        "larder.defaults.type",
                        "larder.defaults.weigher",
                        "larder.defaults.codec",
                        "larder.defaults.compression",
                        "larder.defaults.layout",
                        "larder.defaults.durability",
                        "larder.defaults.on-locked");
    }

    @Test
    void nothingSetGivesTheDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new LarderProperties(
                        true,
                        null,
                        "larder",
                        "",
                        List.of(),
                        new LarderProperties.Keys(null, Map.of()),
                        LarderProperties.Cache.UNSET,
                        Map.of()));
    }

    @Test
    void allSettingsAreBound() {
        Map<String, String> source = new HashMap<>(Map.of(
                "larder.enabled", "false",
                "larder.dynamic", "false",
                "larder.directory", "/var/cache/shop",
                "larder.namespace", "release-7",
                "larder.trusted-packages", "com.example, org.example",
                "larder.encryption.current-key", "k2",
                "larder.encryption.keys.k1", "a",
                "larder.encryption.keys.k2", "b"));
        Map.ofEntries(
                        Map.entry("type", "Disk"),
                        Map.entry("ttl", "7d"),
                        Map.entry("max-entries", "10"),
                        Map.entry("max-size", "512MB"),
                        Map.entry("weigher", "w"),
                        Map.entry("codec", "c"),
                        Map.entry("value-type", "java.lang.String"),
                        Map.entry("compression", "zstd"),
                        Map.entry("compression-threshold", "2KB"),
                        Map.entry("encrypted", "true"),
                        Map.entry("layout", "folder"),
                        Map.entry("durability", "always"),
                        Map.entry("payload-grace", "2m"),
                        Map.entry("load-wait", "3s"),
                        Map.entry("shards", "8"),
                        Map.entry("segment-size", "4MB"),
                        Map.entry("on-locked", "private"),
                        Map.entry("lock-wait", "4s"),
                        Map.entry("min-free", "1GB"),
                        Map.entry("max-open", "64"),
                        Map.entry("open-at-start", "true"),
                        Map.entry("allow-network", "true"))
                .forEach((name, value) -> source.put("larder.caches.quotes." + name, value));

        assertThat(bind(source))
                .isEqualTo(new LarderProperties(
                        false,
                        false,
                        "/var/cache/shop",
                        "release-7",
                        List.of("com.example", "org.example"),
                        new LarderProperties.Keys("k2", Map.of("k1", "a", "k2", "b")),
                        LarderProperties.Cache.UNSET,
                        Map.of(
                                "quotes",
                                new LarderProperties.Cache(
                                        CacheType.DISK,
                                        Duration.ofDays(7),
                                        10L,
                                        DataSize.ofMegabytes(512),
                                        "w",
                                        "c",
                                        "java.lang.String",
                                        CompressionType.ZSTD,
                                        DataSize.ofKilobytes(2),
                                        true,
                                        Layout.FOLDER,
                                        Durability.ALWAYS,
                                        Duration.ofMinutes(2),
                                        Duration.ofSeconds(3),
                                        8,
                                        DataSize.ofMegabytes(4),
                                        OnLocked.PRIVATE,
                                        Duration.ofSeconds(4),
                                        DataSize.ofGigabytes(1),
                                        64,
                                        true,
                                        true))));
    }

    @Test
    void keysToEncryptWithAreNotPrinted() {
        assertThat(bind(Map.of("larder.encryption.keys.k1", "secret")).toString())
                .contains("k1")
                .doesNotContain("secret");
    }

    @Test
    void keyOfANameHasBracketsWhereItNeedsThem() {
        assertThat(LarderProperties.keyOf("exchangeRates-2")).isEqualTo("larder.caches.exchangeRates-2");
        assertThat(LarderProperties.keyOf("My.Cache")).isEqualTo("larder.caches[My.Cache]");
        assertThat(LarderProperties.keyOf("a b")).isEqualTo("larder.caches[a b]");
    }

    private static LarderProperties bind(Map<String, String> source) {
        return new Binder(new MapConfigurationPropertySource(source)).bindOrCreate("larder", LarderProperties.class);
    }

    private static List<Map<String, Object>> properties() throws IOException {
        return list("properties");
    }

    private static List<Object> hints() throws IOException {
        return list("hints").stream().map(hint -> hint.get("name")).toList();
    }

    private static List<Map<String, Object>> list(String name) throws IOException {
        // Other jars have a file of this name too.
        Enumeration<URL> all = LarderProperties.class.getClassLoader().getResources(METADATA);
        List<Map<String, Object>> found = new ArrayList<>();
        while (all.hasMoreElements()) {
            try (InputStream stream = all.nextElement().openStream()) {
                Map<String, List<Map<String, Object>>> metadata =
                        JsonPath.parse(stream).json();
                found.addAll(metadata.getOrDefault(name, List.of()));
            }
        }
        found.removeIf(entry -> !entry.get("name").toString().startsWith("larder."));
        return found;
    }
}
