package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds records by their keys. Thread-safe, without a lock. */
final class Reads {

    /** Each time the segment was dropped between looking into the index and reading. More than that cannot be bad luck. */
    private static final int TRIES = 100;

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Failures failures;

    Reads(Index index, Log log, LargeFiles large, Failures failures) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.failures = failures;
    }

    /**
     * Reads the record of a key: its header, key and etag into {@link Scratch#seen}, its value, if {@code whole}, into {@link
     * Scratch#value}, where it is into {@link Scratch#place}. Its life may be over.
     */
    Outcome find(Scratch scratch, long now, boolean whole) {
        try {
            for (int tries = 0; tries < TRIES; tries++) {
                long place = index.find(scratch.hash, now);
                if (place == Place.ABSENT) {
                    return Outcome.ABSENT;
                }
                scratch.place = place;
                Segment segment = log.at(Place.segment(place));
                Outcome outcome = segment == null ? Outcome.GONE : segment.read(scratch, Place.offset(place), whole);
                if (outcome != Outcome.GONE) {
                    return outcome;
                }
            }
            return Outcome.GONE;
        } catch (IOException | RuntimeException ex) {
            failures.report("read", ex);
            return Outcome.UNREADABLE;
        }
    }

    /** Reads the record of a key and its value, be it in a file of its own. */
    Outcome findValue(Scratch scratch, long now) {
        for (int tries = 0; tries < TRIES; tries++) {
            Outcome outcome = find(scratch, now, true);
            if (outcome != Outcome.FOUND || RecordFormat.kind(scratch.seen, 0) != RecordFormat.LARGE) {
                return outcome;
            }
            try {
                byte[] value = readFile(scratch);
                if (value != null) {
                    scratch.value = value;
                    scratch.valueAt = 0;
                    return Outcome.FOUND;
                }
            } catch (IOException | RuntimeException ex) {
                failures.report("read", ex);
                return Outcome.UNREADABLE;
            }
            if (Place.isSame(scratch.place, index.find(scratch.hash, now))) {
                return Outcome.DAMAGED;
            }
        }
        return Outcome.GONE;
    }

    /** Reads the record of a key and its value, and returns whether there is one that is fresh. */
    boolean findFresh(Scratch scratch, long now) {
        return findValue(scratch, now) == Outcome.FOUND && now < RecordFormat.freshUntil(scratch.seen, 0);
    }

    private byte @Nullable [] readFile(Scratch scratch) throws IOException {
        byte[] told = scratch.value();
        return told == null ? null : large.read(scratch.hash, told);
    }

    /** The etag of the record that was read. */
    static @Nullable String etag(Scratch scratch) {
        int flags = RecordFormat.flags(scratch.seen, 0);
        return (flags & RecordFormat.WITH_ETAG) == 0
                ? null
                : Texts.decode(
                        scratch.seen,
                        RecordFormat.HEADER + scratch.keyLength,
                        RecordFormat.etagLength(scratch.seen, 0),
                        (flags & RecordFormat.ETAG_UTF16) != 0);
    }

    /** The key that was set, as it stands in records. */
    static byte[] key(Scratch scratch) {
        return Arrays.copyOfRange(scratch.record, RecordFormat.HEADER, RecordFormat.HEADER + scratch.keyLength);
    }
}
