package dev.larder.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** What the caches on disk still know after {@code kill -9}. */
@Timeout(120)
class KillTests {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private static final List<String> CACHES = List.of("anagrams", "ladders");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void applicationThatWasKilledFindsTheCachesWarm() throws IOException, InterruptedException {
        List<Object> before = answersAndKill(0);
        List<Object> after = answersAndKill(1);

        assertThat(after).isEqualTo(before);
        assertThat(before.get(1)).hasToString("[\"cold\",\"cord\",\"card\",\"ward\",\"warm\"]");
    }

    /** Starts the application as a process of its own, asks, and kills it. */
    private List<Object> answersAndKill(int hits) throws IOException, InterruptedException {
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleApplication.class.getName(),
                        "--server.port=0",
                        "--larder.directory=" + directory)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader log =
                new BufferedReader(new InputStreamReader(application.getInputStream(), StandardCharsets.UTF_8))) {
            RestClient client = RestClient.create("http://localhost:" + port(log));
            List<Object> answers = List.of(
                    get(client, "/anagrams/astronomer").get("answer"),
                    get(client, "/ladders/cold/warm").get("answer"));
            for (String cache : CACHES) {
                assertThat(count(client, cache, "cache.gets", "result:hit"))
                        .as("hits of %s", cache)
                        .isEqualTo(hits);
                assertThat(count(client, cache, "cache.loads", "result:success"))
                        .as("loads of %s", cache)
                        .isEqualTo(1 - hits);
            }
            return answers;
        } finally {
            application.destroyForcibly().waitFor();
        }
    }

    private static String port(BufferedReader log) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher matcher = PORT.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("The application did not start:\n" + seen);
    }

    private static int count(RestClient client, String cache, String meter, String tag) {
        return get(client, "/actuator/metrics/%s?tag=cache:%s&tag=%s".formatted(meter, cache, tag))
                .at("/measurements/0/value")
                .asInt();
    }

    private static JsonNode get(RestClient client, String path) {
        @Nullable JsonNode body = client.get().uri(path).retrieve().body(JsonNode.class);
        assertThat(body).as(path).isNotNull();
        return body;
    }
}
