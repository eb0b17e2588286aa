package dev.larder.store.disk;

import dev.larder.store.Entry;
import java.nio.charset.StandardCharsets;

/**
 * Instants as text of always the same length, so that one can be overwritten in place: ISO 8601 in UTC with milliseconds
 * ({@code 2025-11-21T15:32:05.123Z}), or {@code never} and spaces. Those outside of the years 0 to 9999 become the nearest
 * inside: an end of life may come early, by some thousand years, but not late.
 *
 * <p>Not {@code java.time}: a hit reads two of them.
 */
final class Instants {

    static final int LENGTH = 24;

    private static final byte[] NEVER = "never                   ".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] PATTERN = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.US_ASCII);

    private static final long FIRST = -62_167_219_200_000L;

    private static final long LAST = 253_402_300_799_999L;

    private static final long DAY = 86_400_000;

    private Instants() {}

    /** Writes milliseconds since the epoch. */
    static void write(long millis, byte[] to, int at) {
        if (millis == Entry.FOREVER) {
            System.arraycopy(NEVER, 0, to, at, LENGTH);
            return;
        }
        System.arraycopy(PATTERN, 0, to, at, LENGTH);
        long bounded = Math.max(FIRST, Math.min(LAST, millis));
        writeDay(Math.floorDiv(bounded, DAY), to, at);
        int time = (int) Math.floorMod(bounded, DAY);
        digits(time / 3_600_000, to, at + 11, 2);
        digits(time / 60_000 % 60, to, at + 14, 2);
        digits(time / 1000 % 60, to, at + 17, 2);
        digits(time % 1000, to, at + 20, 3);
    }

    /**
     * The civil calendar from days since the epoch, in eras of 400 years that begin in March.
     *
     * @see <a href="https://howardhinnant.github.io/date_algorithms.html">Howard Hinnant's algorithms</a>
     */
    private static void writeDay(long daysSinceEpoch, byte[] to, int at) {
        long days = daysSinceEpoch + 719_468;
        long era = Math.floorDiv(days, 146_097);
        long dayOfEra = days - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long month = (5 * dayOfYear + 2) / 153;
        digits((int) (yearOfEra + era * 400 + (month >= 10 ? 1 : 0)), to, at, 4);
        digits((int) (month < 10 ? month + 3 : month - 9), to, at + 5, 2);
        digits((int) (dayOfYear - (153 * month + 2) / 5 + 1), to, at + 8, 2);
    }

    private static void digits(int number, byte[] to, int at, int count) {
        int rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** The inverse of {@link #write} for text that it wrote, and any number for other text. */
    static long read(byte[] from, int at) {
        if (from[at] == 'n') {
            return Entry.FOREVER;
        }
        long month = number(from, at + 5, 2);
        long year = number(from, at, 4) - (month <= 2 ? 1L : 0L);
        long era = Math.floorDiv(year, 400);
        long yearOfEra = year - era * 400;
        long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + number(from, at + 8, 2) - 1L;
        long days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
        return days * DAY
                + number(from, at + 11, 2) * 3_600_000L
                + number(from, at + 14, 2) * 60_000L
                + number(from, at + 17, 2) * 1000L
                + number(from, at + 20, 3);
    }

    private static int number(byte[] from, int at, int count) {
        int number = 0;
        for (int i = at; i < at + count; i++) {
            number = number * 10 + (from[i] - '0');
        }
        return number;
    }
}
