package dev.larder.store.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told to go on. Thread-safe. */
public final class ManualClock implements InstantSource {

    private final AtomicLong millis = new AtomicLong(1_000_000_000_000L);

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    @Override
    public long millis() {
        return millis.get();
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        advanceMillis(duration.toMillis());
    }

    /** Lets so many milliseconds pass. */
    public void advanceMillis(long duration) {
        millis.addAndGet(duration);
    }
}
