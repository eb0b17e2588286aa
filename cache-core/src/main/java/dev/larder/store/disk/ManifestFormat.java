package dev.larder.store.disk;

import dev.larder.store.CodecException;
import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads manifests: one line of JSON, in one form only, with a line feed at its end. Broken here for reading:
 *
 * <pre>
 * {"larder":1,                                version of the format
 *  "key":"…",                                 the whole key
 *  "codec":"json",                            what made the body from the value
 *  "etag":"…",                                only if there is one
 *  "created":"2025-11-21T15:32:05.123Z",
 *  "freshUntil":"2025-11-21T16:32:05.123Z",   first instant at which reads miss, or "never" and 19 spaces
 *  "keptUntil":"never                   ",    first instant at which the entry is gone
 *  "size":1024,                               length of the body in bytes, as it is stored
 *  "crc32c":"0a1b2c3d",                       checksum of the body, as it is stored
 *  "body":"body-5d41…",                       the file that is the body; not where the body follows the line
 *  "seal":"…",                                only with encryption: base64 of nothing, encrypted
 *  "check":"89abcdef"}                        CRC32C of the line up to the quote that ends the field before
 * </pre>
 *
 * <p>What a touch changes stands in a row and has a fixed length, so that it is overwritten in place. With encryption the
 * line up to {@code created} authenticates the body, and the line up to {@code body} authenticates the seal: a body that
 * belongs to another key or a life that somebody prolonged is not accepted.
 *
 * <p>A line that differs from this form in any byte is no manifest. Immutable, thread-safe.
 */
final class ManifestFormat {

    /** Longer ones are not written. Keys and etags are shorter, and whoever reads a line has to have room for it. */
    static final int MAX_LENGTH = 1 << 20;

    private static final byte[] KEY = ascii("{\"larder\":1,\"key\":\"");
    private static final byte[] CODEC = ascii("\",\"codec\":\"");
    private static final byte[] ETAG = ascii("\",\"etag\":\"");
    private static final byte[] CREATED = ascii("\",\"created\":\"");
    private static final byte[] FRESH_UNTIL = ascii("\",\"freshUntil\":\"");
    private static final byte[] KEPT_UNTIL = ascii("\",\"keptUntil\":\"");
    private static final byte[] SIZE = ascii("\",\"size\":");
    private static final byte[] CRC = ascii(",\"crc32c\":\"");
    private static final byte[] BODY = ascii("\",\"body\":\"");
    private static final byte[] SEAL = ascii("\",\"seal\":\"");
    private static final byte[] CHECK = ascii("\",\"check\":\"");
    private static final byte[] END = ascii("\"}\n");

    /** Room for a line with an ordinary key. */
    private static final int USUAL_LENGTH = 512;

    private static final byte[] NOTHING = {};

    private final byte[] codec;

    private final @Nullable Encryption encryption;

    ManifestFormat(String codec, @Nullable Encryption encryption) {
        this.codec = JsonText.escape(codec);
        this.encryption = encryption;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The line up to {@code created}: what stays the same as long as the entry is there. */
    Line begin(Key key, @Nullable String etag, long created) {
        Line line = new Line(USUAL_LENGTH + key.escaped().length)
                .add(KEY)
                .add(key.escaped())
                .add(CODEC)
                .add(codec);
        if (etag != null) {
            line.add(ETAG).add(JsonText.escape(etag));
        }
        return line.add(CREATED).addInstant(created);
    }

    /**
     * Writes the rest of a line.
     *
     * @param line what {@link #begin} gave
     * @param body the name of the file that is the body, if it is one
     */
    Line end(Line line, Entry<?> life, long size, int crc, @Nullable String body) {
        line.add(FRESH_UNTIL)
                .addInstant(life.freshUntil())
                .add(KEPT_UNTIL)
                .addInstant(life.keptUntil())
                .add(SIZE)
                .addNumber(size)
                .add(CRC)
                .addHex(crc);
        if (body != null) {
            line.add(BODY).add(ascii(body));
        }
        return close(line);
    }

    /**
     * A line of the same length with another life.
     *
     * @param bytes begin with the line
     * @param old what was read from them
     */
    byte[] withLife(byte[] bytes, Manifest old, Entry<?> life) {
        int afterLife = old.lifeAt() + FRESH_UNTIL.length + Instants.LENGTH + KEPT_UNTIL.length + Instants.LENGTH;
        int end = indexOf(bytes, afterLife, old.length(), encryption == null ? CHECK : SEAL);
        Line line = new Line(old.length() + USUAL_LENGTH)
                .add(bytes, 0, old.lifeAt())
                .add(FRESH_UNTIL)
                .addInstant(life.freshUntil())
                .add(KEPT_UNTIL)
                .addInstant(life.keptUntil())
                .add(bytes, afterLife, end);
        if (encryption != null) {
            // With the same key, whose name is in the seal: another length would not fit in place.
            byte[] seal = seal(bytes, end, indexOf(bytes, end, old.length(), CHECK));
            return check(seal(line, encryption.encryptAgain(seal, NOTHING, line.copy())))
                    .copy();
        }
        return check(line).copy();
    }

    private static int indexOf(byte[] bytes, int from, int to, byte[] part) {
        for (int at = from; at <= to - part.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("Not a line that was read before");
    }

    private Line close(Line line) {
        return check(encryption == null ? line : seal(line, encryption.encrypt(NOTHING, line.copy())));
    }

    private static Line seal(Line line, byte[] seal) {
        return line.add(SEAL).add(Base64.getEncoder().encode(seal));
    }

    private static Line check(Line line) {
        int check = crc(line.array(), 0, line.length());
        line.add(CHECK).addHex(check).add(END);
        if (line.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("A manifest has at most %d bytes, but this key and its etag need %d"
                    .formatted(MAX_LENGTH, line.length()));
        }
        return line;
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /**
     * Reads a manifest.
     *
     * @param bytes begin with the line
     * @param length how many bytes there are
     * @param key the key that the line must have; null if any will do
     * @return null if the bytes do not begin with the manifest of the key
     */
    @Nullable
    Manifest read(byte[] bytes, int length, @Nullable Key key) {
        Cursor cursor = new Cursor(bytes, length);
        cursor.expect(KEY);
        cursor.text(key == null ? null : key.escaped());
        cursor.expect(CODEC);
        boolean isReadable = cursor.accept(codec) && cursor.isAt('"');
        cursor.text(null);
        int etagFrom = cursor.accept(ETAG) ? cursor.at() : -1;
        int etagTo = etagFrom < 0 ? -1 : cursor.text(null);
        cursor.expect(CREATED);
        cursor.skip(Instants.LENGTH);
        int lifeAt = cursor.at();
        cursor.expect(FRESH_UNTIL);
        long freshUntil = cursor.instant();
        cursor.expect(KEPT_UNTIL);
        long keptUntil = cursor.instant();
        cursor.expect(SIZE);
        long size = cursor.number();
        cursor.expect(CRC);
        int crc = cursor.hex();
        int bodyFrom = cursor.accept(BODY) ? cursor.at() : -1;
        int bodyTo = bodyFrom < 0 ? -1 : cursor.text(null);
        int sealAt = cursor.at();
        boolean sealed = cursor.accept(SEAL);
        int sealTo = sealed ? cursor.text(null) : sealAt;
        int checkAt = cursor.at();
        cursor.expect(CHECK);
        int check = cursor.hex();
        cursor.expect(END);
        if (cursor.hasFailed() || check != crc(bytes, 0, checkAt) || keptUntil < freshUntil) {
            return null;
        }
        if (key != null && isReadable && (isReadable = sealed == (encryption != null)) && encryption != null) {
            unseal(encryption, bytes, sealAt, sealTo);
        }
        return new Manifest(
                freshUntil,
                keptUntil,
                etagFrom < 0 ? null : JsonText.unescape(bytes, etagFrom, etagTo),
                size,
                crc,
                bodyFrom < 0 ? null : new String(bytes, bodyFrom, bodyTo - bodyFrom, StandardCharsets.US_ASCII),
                cursor.at(),
                lifeAt,
                encryption == null ? NOTHING : Arrays.copyOf(bytes, lifeAt),
                isReadable);
    }

    /** Throws {@link CodecException} unless the line up to its seal was written by somebody who has the key. */
    private static void unseal(Encryption encryption, byte[] bytes, int sealAt, int sealTo) {
        encryption.decrypt(seal(bytes, sealAt, sealTo), Arrays.copyOf(bytes, sealAt));
    }

    private static byte[] seal(byte[] bytes, int from, int to) {
        return Base64.getDecoder().decode(Arrays.copyOfRange(bytes, from + SEAL.length, to));
    }

    /** Where a reader is in a line. After the first thing that is not as it should be it stays there, and fails. */
    private static final class Cursor {

        private final byte[] bytes;

        private final int length;

        private int at;

        private boolean failed;

        Cursor(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        int at() {
            return at;
        }

        boolean hasFailed() {
            return failed;
        }

        boolean isAt(char c) {
            return at < length && bytes[at] == c;
        }

        boolean accept(byte[] part) {
            if (failed
                    || length - at < part.length
                    || !Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return false;
            }
            at += part.length;
            return true;
        }

        void expect(byte[] part) {
            if (!accept(part)) {
                failed = true;
            }
        }

        void skip(int count) {
            if (length - at < count) {
                failed = true;
            } else {
                at += count;
            }
        }

        /** Goes to the quote that ends a text, and returns where it is. */
        int text(byte @Nullable [] expected) {
            if (expected != null) {
                expect(expected);
            }
            while (!failed && !isAt('"')) {
                if (at >= length || expected != null || bytes[at] == '\n') {
                    failed = true;
                } else {
                    at += bytes[at] == '\\' ? 2 : 1;
                }
            }
            return at;
        }

        long instant() {
            if (failed || length - at < Instants.LENGTH) {
                failed = true;
                return 0;
            }
            long instant = Instants.read(bytes, at);
            at += Instants.LENGTH;
            return instant;
        }

        long number() {
            long number = 0;
            int from = at;
            while (at < length && at - from < 18 && bytes[at] >= '0' && bytes[at] <= '9') {
                number = number * 10 + (bytes[at++] - '0');
            }
            failed |= at == from;
            return number;
        }

        int hex() {
            if (failed || length - at < 8) {
                failed = true;
                return 0;
            }
            int number = 0;
            for (int i = at; i < at + 8; i++) {
                int digit = Character.digit(bytes[i], 16);
                // Capitals are digits too, but not ours.
                failed |= digit < 0 || (bytes[i] >= 'A' && bytes[i] <= 'Z');
                number = (number << 4) | digit;
            }
            at += 8;
            return number;
        }
    }
}
