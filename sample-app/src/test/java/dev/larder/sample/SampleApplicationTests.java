package dev.larder.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** Does what the README says, over HTTP. Each test has questions of its own, because they share the caches. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleApplicationTests {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    private final RestClient client;

    SampleApplicationTests(@LocalServerPort int port) {
        client = RestClient.builder()
                .baseUrl("http://localhost:" + port)
                .defaultStatusHandler(status -> true, (request, response) -> {})
                .build();
    }

    @DynamicPropertySource
    static void useDirectory(DynamicPropertyRegistry registry) {
        registry.add("larder.directory", directory::toString);
    }

    @Test
    void secondQuestionIsAnsweredFromTheCache() {
        Counts before = counts("anagrams");
        JsonNode first = json("/anagrams/Clint Eastwood");
        assertThat(first.at("/answer/count").asInt()).isEqualTo(13_079);
        assertThat(first.at("/answer/examples/0").asString()).isEqualTo("dislocate town");
        assertThat(first.at("/millis").isNumber()).isTrue();
        assertThat(counts("anagrams").since(before)).isEqualTo(new Counts(0, 1, 1));

        JsonNode second = json("/anagrams/clinteastwood");
        assertThat(second.get("answer")).isEqualTo(first.get("answer"));
        assertThat(counts("anagrams").since(before)).isEqualTo(new Counts(1, 1, 1));
    }

    @Test
    void evictedQuestionIsAnsweredAnew() {
        json("/anagrams/dormitory");
        json("/anagrams/moon starer");
        Counts before = counts("anagrams");

        delete("/anagrams/dormitory");
        json("/anagrams/dormitory");
        json("/anagrams/moon starer");
        assertThat(counts("anagrams").since(before)).isEqualTo(new Counts(1, 1, 1));

        delete("/anagrams");
        json("/anagrams/dormitory");
        json("/anagrams/moon starer");
        assertThat(counts("anagrams").since(before)).isEqualTo(new Counts(1, 3, 3));
    }

    @Test
    void pictureIsDrawnOnceAndSaysHowLongItTook() {
        Counts before = counts("pictures");
        ResponseEntity<byte[]> first = picture("/pictures/zo.png");
        ResponseEntity<byte[]> second = picture("/pictures/zo.png");

        assertThat(first.getHeaders().getContentType()).isEqualTo(MediaType.IMAGE_PNG);
        assertThat(first.getHeaders().getFirst("Server-Timing")).startsWith("picture;dur=");
        assertThat(first.getBody()).startsWith(0x89, 'P', 'N', 'G').isEqualTo(second.getBody());
        assertThat(counts("pictures").since(before)).isEqualTo(new Counts(1, 1, 1));
    }

    @Test
    void cacheThatIsNotConfiguredComesIntoBeingAtFirstUseAndHasMeters() {
        JsonNode first = json("/neighbours/larder");
        JsonNode second = json("/neighbours/larder");

        assertThat(first.get("answer").toString())
                .contains("\"ladder\"", "\"warden\"")
                .doesNotContain("\"pantry\"");
        assertThat(second.get("answer")).isEqualTo(first.get("answer"));
        assertThat(json("/actuator/caches")
                        .at("/cacheManagers/cacheManager/caches/neighbours")
                        .isMissingNode())
                .isFalse();
        assertThat(counts("neighbours").hits()).isPositive();
    }

    @Test
    void configuredCachesAreThereFromTheStart() {
        JsonNode caches = json("/actuator/caches").at("/cacheManagers/cacheManager/caches");

        assertThat(caches.propertyNames()).contains("anagrams", "pictures");
        assertThat(caches.at("/anagrams/target").asString()).isEqualTo("dev.larder.store.SerializingStore");
    }

    @Test
    void prometheusSeesHits() {
        picture("/pictures/zig.png");
        picture("/pictures/zig.png");

        String scrape = client.get().uri("/actuator/prometheus").retrieve().body(String.class);
        assertThat(scrape)
                .containsPattern("(?m)^cache_gets_total\\{[^}]*cache=\"pictures\"[^}]*result=\"hit\"[^}]*} [1-9]")
                .containsPattern("(?m)^cache_gets_total\\{[^}]*cache=\"pictures\"[^}]*result=\"miss\"[^}]*} [1-9]");
    }

    @Test
    void healthIsUp() {
        assertThat(json("/actuator/health").get("status").asString()).isEqualTo("UP");
    }

    @Test
    void unsuitablePhraseIsRefusedWithAReason() {
        ResponseEntity<JsonNode> answer =
                client.get().uri("/anagrams/{phrase}", "w0rd").retrieve().toEntity(JsonNode.class);

        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
        assertThat(answer.getBody()).isNotNull();
        assertThat(answer.getBody().get("detail").asString()).isEqualTo("'w0rd' must have 1 to 15 letters from a to z");
    }

    private JsonNode json(String path) {
        ResponseEntity<JsonNode> answer = client.get().uri(path).retrieve().toEntity(JsonNode.class);
        assertThat(answer.getStatusCode()).as(path).isEqualTo(HttpStatus.OK);
        JsonNode body = answer.getBody();
        assertThat(body).as(path).isNotNull();
        return body;
    }

    private ResponseEntity<byte[]> picture(String path) {
        return client.get().uri(path).retrieve().toEntity(byte[].class);
    }

    private void delete(String path) {
        assertThat(client.delete().uri(path).retrieve().toBodilessEntity().getStatusCode())
                .isEqualTo(HttpStatus.NO_CONTENT);
    }

    private Counts counts(String cache) {
        return new Counts(
                meter("cache.gets?tag=cache:" + cache + "&tag=result:hit"),
                meter("cache.gets?tag=cache:" + cache + "&tag=result:miss"),
                meter("cache.puts?tag=cache:" + cache));
    }

    private int meter(String meter) {
        return json("/actuator/metrics/" + meter).at("/measurements/0/value").asInt();
    }

    /** What the meters of one cache count. */
    private record Counts(int hits, int misses, int puts) {

        Counts since(Counts before) {
            return new Counts(hits - before.hits, misses - before.misses, puts - before.puts);
        }
    }
}
