package dev.larder.store.contract.crash;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import dev.larder.store.contract.crash.Settings.Sync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The plainest store that goes through the whole lab: a map to the places of records in one file, everything under one
 * lock. When the file is too large, or all is cleared, another takes its place. Damage is noticed as a whole, by a checksum
 * that an orderly end leaves behind. It is there to be broken: see {@link Flaw}.
 *
 * <pre>
 * log     salt (8 bytes), records
 * record  length of the body (4), checksum (4), body
 * body    kind (1), freshUntil (8), keptUntil (8), length of the key (4), key, length of the etag (4), etag, value
 * sum     checksum of the log (8)
 * </pre>
 */
final class NaiveLog implements Store<String, byte[]> {

    private static final int HEADER = 8;

    private static final int MOST = 1 << 26;

    private final Path directory;

    private final Path file;

    private final Settings settings;

    private final Set<Flaw> flaws;

    /** By a hash, of a bounded store one so short that keys collide; the oldest first. */
    private final Map<Integer, Place> index = new LinkedHashMap<>();

    private final List<ByteBuffer> unwritten = new ArrayList<>();

    private @Nullable FileChannel channel;

    private long salt;

    private long end;

    /** What is on disk must go before anything else can be written. */
    private boolean isBroken;

    private boolean isClosed;

    private record Place(long position, int length) {}

    private record Found(String key, Entry<byte[]> entry, boolean isTombstone) {}

    NaiveLog(Path directory, Settings settings, Set<Flaw> flaws) {
        this.directory = directory;
        this.file = directory.resolve("log");
        this.settings = settings;
        this.flaws = flaws;
        settings.scheduler().repeat(Duration.ofSeconds(1), this::syncInterval);
        try {
            Files.createDirectories(directory);
            recover();
        } catch (IOException ex) {
            fail("recover", ex);
            startOver();
        }
    }

    private boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    private void fail(String kind, Exception ex) {
        settings.failures().report(kind, ex);
        if (has(Flaw.THROWS_FAULTS)) {
            throw ex instanceof IOException io ? new UncheckedIOException(io) : new IllegalStateException(ex);
        }
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open == null || (!open.isOpen() && !has(Flaw.STAYS_CLOSED_AFTER_AN_INTERRUPT))) {
            open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    @FunctionalInterface
    private interface Transfer {
        void run(FileChannel channel) throws IOException;
    }

    /** An interrupt closes the channel; what was going on is done again, and the thread stays interrupted. */
    private void transfer(Transfer transfer) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    transfer.run(channel());
                    return;
                } catch (ClosedChannelException ex) {
                    if (has(Flaw.STAYS_CLOSED_AFTER_AN_INTERRUPT)) {
                        throw ex;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void recover() throws IOException {
        if (!Files.exists(file)) {
            replace(List.of());
            return;
        }
        byte[] content = Files.readAllBytes(file);
        checkSum(content);
        if (content.length < HEADER) {
            throw new IOException("No header");
        }
        salt = ByteBuffer.wrap(content).getLong();
        end = HEADER;
        while (end < content.length) {
            ByteBuffer rest = ByteBuffer.wrap(content, (int) end, content.length - (int) end);
            boolean isTorn = rest.remaining() < 8 || rest.getInt((int) end) > rest.remaining() - 8;
            if (isTorn && !has(Flaw.SEARCHES_BEHIND_BAD_RECORDS)) {
                break;
            }
            Found found = isTorn ? null : decode(end, rest);
            if (found != null) {
                adopt(found, new Place(end, 8 + rest.getInt((int) end)));
                end += 8 + rest.getInt((int) end);
            } else if (has(Flaw.SEARCHES_BEHIND_BAD_RECORDS)) {
                end++;
            } else if (settings.sync() == Sync.ALWAYS) {
                break;
            } else {
                throw new IOException("Bad record at " + end);
            }
        }
        List<Place> all = List.copyOf(index.values());
        if (has(Flaw.LOSES_THE_LAST_RECORD) && !all.isEmpty()) {
            index.values().remove(all.get(all.size() - 1));
        }
        transfer(open -> open.truncate(end));
    }

    private void checkSum(byte[] content) throws IOException {
        Path sum = directory.resolve("sum");
        if (Files.exists(sum) && !has(Flaw.SKIPS_CHECKSUMS) && !has(Flaw.SEARCHES_BEHIND_BAD_RECORDS)) {
            byte[] wanted = Files.readAllBytes(sum);
            if (!Arrays.equals(wanted, sum(content))) {
                throw new IOException("The file was changed");
            }
        }
        Files.deleteIfExists(sum);
    }

    private static byte[] sum(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return ByteBuffer.allocate(8).putLong(checksum.getValue()).array();
    }

    private void adopt(Found found, Place place) {
        index.remove(hash(found.key()));
        if (!found.isTombstone()) {
            index.put(hash(found.key()), place);
        }
    }

    private int hash(String key) {
        return key.hashCode() * 0x9E3779B9 >>> (settings.isBounded() ? 22 : 0);
    }

    private ByteBuffer encode(boolean isTombstone, String key, Entry<byte[]> entry, long position, long saltOfFile) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] etag = Objects.toString(entry.etag(), "").getBytes(StandardCharsets.UTF_8);
        int length = 25 + name.length + etag.length + entry.value().length;
        ByteBuffer record = ByteBuffer.allocate(8 + length).putInt(length).putInt(0);
        record.put((byte) (isTombstone ? 1 : entry.etag() == null ? 2 : 3))
                .putLong(entry.freshUntil())
                .putLong(entry.keptUntil());
        record.putInt(name.length).put(name).putInt(etag.length).put(etag).put(entry.value());
        record.putInt(4, checksum(position, saltOfFile, record.duplicate().position(8)));
        return record.flip();
    }

    private int checksum(long position, long saltOfFile, ByteBuffer body) {
        CRC32C checksum = new CRC32C();
        if (!has(Flaw.CHECKSUMS_FIT_ANYWHERE)) {
            checksum.update(ByteBuffer.allocate(16)
                    .putLong(saltOfFile)
                    .putLong(position)
                    .flip());
        }
        checksum.update(body);
        return (int) checksum.getValue();
    }

    /** The record at the position of the buffer, or null if it is none. */
    private @Nullable Found decode(long position, ByteBuffer buffer) {
        int length = buffer.getInt(buffer.position());
        if (length < 25 || length > buffer.remaining() - 8) {
            return null;
        }
        ByteBuffer body = buffer.slice(buffer.position() + 8, length);
        int wanted = buffer.getInt(buffer.position() + 4);
        if (!has(Flaw.SKIPS_CHECKSUMS) && checksum(position, salt, body.duplicate()) != wanted) {
            return null;
        }
        try {
            int kind = body.get();
            long freshUntil = body.getLong();
            long keptUntil = body.getLong();
            String key = new String(bytes(body, body.getInt()), StandardCharsets.UTF_8);
            String etag = new String(bytes(body, body.getInt()), StandardCharsets.UTF_8);
            byte[] value = bytes(body, body.remaining());
            return new Found(key, new Entry<>(value, freshUntil, keptUntil, kind == 2 ? null : etag), kind == 1);
        } catch (RuntimeException ex) {
            return null;
        }
    }

    private static byte[] bytes(ByteBuffer source, int length) {
        byte[] bytes = new byte[Math.min(length, source.remaining())];
        source.get(bytes);
        return bytes;
    }

    private @Nullable Found read(Place place) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(place.length());
        transfer(open -> {
            record.clear();
            while (record.hasRemaining() && open.read(record, place.position() + record.position()) > 0) {
                // Until all is read, or the file has ended.
            }
        });
        return record.hasRemaining() ? null : decode(place.position(), record.flip());
    }

    private @Nullable Found find(String key) {
        Place place = isClosed ? null : index.get(hash(key));
        if (place == null) {
            return null;
        }
        try {
            flush();
            Found found = read(place);
            if (found == null) {
                throw new IOException("Bad record at " + place.position());
            }
            boolean isKept = found.entry().isKept(settings.clock().millis());
            return isKept && (found.key().equals(key) || has(Flaw.SKIPS_KEY_COMPARE)) ? found : null;
        } catch (IOException ex) {
            fail("read", ex);
            return null;
        }
    }

    private @Nullable Found findFresh(String key) {
        Found found = find(key);
        return found != null && found.entry().isFresh(settings.clock().millis()) ? found : null;
    }

    /** Appends a record, after which the newest record of the key on disk is this one, or there is none. */
    private void append(boolean isTombstone, String key, Entry<byte[]> entry) {
        try {
            if (isBroken) {
                startOver();
            }
            if (!isBroken) {
                ByteBuffer record = encode(isTombstone, key, entry, end, salt);
                unwritten.add(record);
                if (!has(Flaw.ACKNOWLEDGES_BEFORE_WRITING) || unwritten.size() > 8) {
                    flush();
                }
                adopt(new Found(key, entry, isTombstone), new Place(end, record.limit()));
                end += record.limit();
                if (end > settings.maxSize()) {
                    compact();
                }
            }
        } catch (IOException ex) {
            unwritten.clear();
            boolean stays = has(isTombstone ? Flaw.FORGETS_REMOVALS_THAT_FAIL : Flaw.KEEPS_THE_OLDER_WHEN_A_PUT_FAILS);
            isBroken = !stays;
            if (isBroken) {
                startOver();
            }
            fail("write", ex);
        }
    }

    private void flush() throws IOException {
        if (unwritten.isEmpty()) {
            return;
        }
        long[] position = {end};
        for (ByteBuffer record : unwritten.subList(0, unwritten.size() - 1)) {
            position[0] -= record.limit();
        }
        for (ByteBuffer record : unwritten) {
            transfer(open -> write(open, record.rewind(), position[0]));
            position[0] += record.limit();
        }
        unwritten.clear();
        if (settings.sync() == Sync.ALWAYS && !has(Flaw.FORGETS_TO_SYNC)) {
            transfer(open -> open.force(false));
        }
    }

    private static void write(FileChannel open, ByteBuffer source, long position) throws IOException {
        while (source.hasRemaining()) {
            if (open.write(source, position + source.position()) <= 0) {
                throw new IOException("Nothing was written");
            }
        }
    }

    private synchronized boolean syncInterval() {
        if (!isClosed && isBroken) {
            startOver();
        } else if (!isClosed && settings.sync() == Sync.INTERVAL) {
            try {
                flush();
                transfer(open -> open.force(false));
            } catch (IOException ex) {
                isBroken = true;
                startOver();
                fail("sync", ex);
            }
        }
        return !isClosed;
    }

    /** Keeps the younger half, by bytes. */
    private void compact() throws IOException {
        flush();
        List<Found> kept = new ArrayList<>();
        List<Place> places = new ArrayList<>(index.values());
        long size = 0;
        for (int i = places.size() - 1; i >= 0 && size < settings.maxSize() / 2; i--) {
            Found found = read(places.get(i));
            if (found != null) {
                kept.add(0, found);
                size += places.get(i).length();
            }
        }
        replace(kept);
    }

    /** Puts a new file in the place of the old one, both synced; begins anew when a thread is interrupted. */
    private void replace(List<Found> kept) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    replaceOnce(kept);
                    return;
                } catch (ClosedChannelException ex) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void replaceOnce(List<Found> kept) throws IOException {
        Path temporary = directory.resolve("log.new");
        long newSalt = new Random().nextLong();
        long position = HEADER;
        Map<Integer, Place> places = new LinkedHashMap<>();
        try (FileChannel fresh = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(fresh, ByteBuffer.allocate(HEADER).putLong(newSalt).flip(), 0);
            for (Found found : kept) {
                ByteBuffer record = encode(false, found.key(), found.entry(), position, newSalt);
                write(fresh, record, position);
                places.put(hash(found.key()), new Place(position, record.limit()));
                position += record.limit();
            }
            fresh.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        FileChannel old = channel;
        channel = null;
        if (old != null) {
            old.close();
        }
        index.clear();
        index.putAll(places);
        unwritten.clear();
        salt = newSalt;
        end = position;
        isBroken = false;
        if (!has(Flaw.FORGETS_TO_SYNC_DIRECTORIES)) {
            try (FileChannel parent = FileChannel.open(directory)) {
                parent.force(true);
            }
        }
    }

    /** With nothing, because what is on disk must not be found again. */
    private void startOver() {
        index.clear();
        unwritten.clear();
        isBroken = true;
        try {
            replace(List.of());
        } catch (IOException ex) {
            isBroken = true;
            try {
                Files.deleteIfExists(file);
            } catch (IOException ignored) {
                settings.failures().report("delete", ignored);
            }
        }
    }

    @Override
    public synchronized byte @Nullable [] get(String key) {
        Found found = findFresh(key);
        return found == null ? null : found.entry().value();
    }

    @Override
    public synchronized @Nullable Entry<byte[]> entry(String key) {
        Found found = find(key);
        return found == null ? null : found.entry();
    }

    @Override
    public synchronized boolean contains(String key) {
        return findFresh(key) != null;
    }

    @Override
    public synchronized void put(String key, Entry<byte[]> entry) {
        if (isClosed) {
            return;
        }
        if (entry.value().length > Math.min(MOST, settings.maxSize())
                || !entry.isKept(settings.clock().millis())) {
            remove(key);
        } else {
            append(false, key, entry);
        }
    }

    @Override
    public synchronized byte @Nullable [] putIfAbsent(String key, Entry<byte[]> entry) {
        byte[] present = get(key);
        if (present == null) {
            put(key, entry);
        }
        return present;
    }

    @Override
    public boolean touch(String key, long freshUntil, long keptUntil) {
        if (has(Flaw.RACES_TOUCH)) {
            return touchSeen(entry(key), key, freshUntil, keptUntil);
        }
        synchronized (this) {
            return touchSeen(entry(key), key, freshUntil, keptUntil);
        }
    }

    private boolean touchSeen(@Nullable Entry<byte[]> seen, String key, long freshUntil, long keptUntil) {
        if (seen != null) {
            put(key, new Entry<>(seen.value(), freshUntil, keptUntil, seen.etag()));
        }
        return seen != null;
    }

    @Override
    public synchronized boolean remove(String key) {
        boolean wasThere = findFresh(key) != null;
        Place place = index.get(hash(key));
        if (!isClosed && has(Flaw.FORGETS_TOMBSTONES)) {
            index.remove(hash(key));
        } else if (!isClosed && (place != null || isBroken)) {
            append(true, key, Entry.of(new byte[0]));
            if (place != null && has(Flaw.COMPACTS_WHAT_WAS_REMOVED) && end % 16 == 0) {
                try {
                    Found removed = read(place);
                    replace(removed == null ? List.of() : List.of(removed));
                } catch (IOException ex) {
                    fail("write", ex);
                }
            }
        }
        return wasThere;
    }

    @Override
    public synchronized byte @Nullable [] pop(String key) {
        byte[] value = get(key);
        if (value != null) {
            remove(key);
        }
        return value;
    }

    @Override
    public synchronized boolean clear() {
        boolean wasThere = !index.isEmpty();
        if (isClosed) {
            return false;
        }
        index.clear();
        if (!has(Flaw.CLEARS_ONLY_MEMORY)) {
            startOver();
        }
        return wasThere;
    }

    @Override
    public synchronized long size() {
        return index.size();
    }

    @Override
    public synchronized StoreStats stats() {
        return new StoreStats(0, 0, 0, 0, 0, 0, 0, size(), end);
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        index.clear();
        try {
            if (!isBroken) {
                flush();
                transfer(open -> open.force(true));
                Files.write(directory.resolve("sum"), sum(Files.readAllBytes(file)));
            }
            FileChannel open = channel;
            if (open != null) {
                open.close();
            }
        } catch (IOException ex) {
            fail("close", ex);
        }
    }
}
