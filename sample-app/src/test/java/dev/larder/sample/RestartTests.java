package dev.larder.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** What the caches on disk still know after a restart. */
class RestartTests {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void restartFindsTheCachesWarm() {
        List<Object> before = answers(1);
        List<Object> after = answers(0);

        assertThat(after).isEqualTo(before);
    }

    /** Starts the application, asks, and counts what was computed for the answers. */
    private List<Object> answers(int computed) {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(SampleApplication.class)
                .run("--server.port=0", "--larder.directory=" + directory)) {
            RestClient client = RestClient.create(
                    "http://localhost:" + application.getEnvironment().getProperty("local.server.port"));
            JsonNode anagrams = get(client, "/anagrams/astronomer", JsonNode.class);
            byte[] picture = get(client, "/pictures/zi.png", byte[].class);
            for (String cache : List.of("anagrams", "pictures")) {
                assertThat(meter(client, cache, "cache.gets", "&tag=result:hit"))
                        .isEqualTo(1 - computed);
                assertThat(meter(client, cache, "cache.gets", "&tag=result:miss"))
                        .isEqualTo(computed);
                assertThat(meter(client, cache, "cache.loads", "&tag=result:success"))
                        .isEqualTo(computed);
                assertThat(meter(client, cache, "cache.puts", "")).isEqualTo(computed);
                assertThat(meter(client, cache, "cache.size", "")).isEqualTo(1);
                assertThat(meter(client, cache, "cache.bytes", "")).isPositive();
            }
            return List.of(anagrams.get("answer"), HexFormat.of().formatHex(picture));
        }
    }

    private static int meter(RestClient client, String cache, String name, String tags) {
        return get(client, "/actuator/metrics/" + name + "?tag=cache:" + cache + tags, JsonNode.class)
                .at("/measurements/0/value")
                .asInt();
    }

    private static <T> T get(RestClient client, String path, Class<T> type) {
        @Nullable T body = client.get().uri(path).retrieve().body(type);
        assertThat(body).as(path).isNotNull();
        return body;
    }
}
