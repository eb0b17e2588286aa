package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.cache.support.SimpleValueWrapper;

/** Values that are files, some of which are not there any more when they are looked at. */
class FileValuesTests {

    private final Store<Object, Object> store = CacheFixture.lruStore(new ManualClock());

    private final LarderCache cache =
            LarderCache.builder("files", store).files(FileValues.STREAM).build();

    @TempDir
    private Path directory;

    @BeforeEach
    void putWhatIsGone() {
        store.put("key", Entry.of(directory.resolve("gone")));
    }

    @Test
    void fileThatIsGoneIsAMiss() {
        assertThat(cache.get("key")).isNull();
        assertThat(cache.stats().failures()).isEqualTo(1);
    }

    @Test
    void entryWhoseFileIsGoneIsNone() {
        assertThat(cache.entry("key")).isNull();
    }

    @Test
    void fileThatIsGoneIsReplacedByPutIfAbsent() {
        assertThat(cache.putIfAbsent("key", "other")).isNull();
        assertThat(cache.get("key")).isEqualTo(new SimpleValueWrapper("other"));
    }

    @Test
    void errorWhileAValueIsLookedAtEndsTheWaitForIt() {
        ValueForm broken = new ValueForm() {
            @Override
            public Object stored(Object value) {
                return value;
            }

            @Override
            public Object restored(Object stored) {
                throw new StackOverflowError();
            }
        };
        CompletableFuture<Object> future = new CompletableFuture<>();
        Outcome.success("value").passTo(future, broken);
        assertThatThrownBy(future::join).hasCauseInstanceOf(StackOverflowError.class);
    }
}
