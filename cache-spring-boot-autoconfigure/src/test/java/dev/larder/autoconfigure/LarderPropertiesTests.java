package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
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
        expected.put("larder.defaults.codec", null);
        expected.put("larder.defaults.max-entries", null);
        expected.put("larder.defaults.max-size", null);
        expected.put("larder.defaults.ttl", null);
        expected.put("larder.defaults.type", "lru");
        expected.put("larder.defaults.weigher", null);
        expected.put("larder.dynamic", null);
        expected.put("larder.enabled", true);
        assertThat(defaults).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void settingsOfACacheAreThoseOfTheDefaults() {
        assertThat(Arrays.stream(LarderProperties.Cache.class.getRecordComponents())
                        .map(c -> c.getName()))
                .containsExactly("type", "ttl", "maxEntries", "maxSize", "weigher", "codec");
    }

    @Test
    void typesAreHinted() throws IOException {
        assertThat(hints()).contains("larder.defaults.type", "larder.defaults.weigher", "larder.defaults.codec");
    }

    @Test
    void nothingSetGivesTheDefaults() {
        LarderProperties.Cache unset = new LarderProperties.Cache(null, null, null, null, null, null);
        assertThat(bind(Map.of())).isEqualTo(new LarderProperties(true, null, unset, Map.of()));
    }

    @Test
    void allSettingsAreBound() {
        LarderProperties properties = bind(Map.of(
                "larder.enabled", "false",
                "larder.dynamic", "false",
                "larder.caches.quotes.type", "Caffeine",
                "larder.caches.quotes.ttl", "7d",
                "larder.caches.quotes.max-entries", "10",
                "larder.caches.quotes.max-size", "512MB",
                "larder.caches.quotes.weigher", "w",
                "larder.caches.quotes.codec", "c"));

        assertThat(properties.enabled()).isFalse();
        assertThat(properties.dynamic()).isFalse();
        assertThat(properties.caches())
                .containsExactly(Map.entry(
                        "quotes",
                        new LarderProperties.Cache(
                                CacheType.CAFFEINE, Duration.ofDays(7), 10L, DataSize.ofMegabytes(512), "w", "c")));
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
