package dev.larder.store.tool;

import dev.larder.store.StoredEntries;
import dev.larder.store.StoredEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What can be asked of caches. Each command returns an exit code. */
final class Commands {

    /** How often an entry is looked for that is replaced each time: more than that is not chance. */
    private static final int ATTEMPTS = 10;

    private final Map<String, StoredEntries> caches;

    private final PrintStream out;

    private final PrintStream err;

    private final long now;

    /** Commands for caches by where they are, as {@link Caches} has them. */
    Commands(Map<String, StoredEntries> caches, PrintStream out, PrintStream err, long now) {
        this.caches = caches;
        this.out = out;
        this.err = err;
        this.now = now;
    }

    /** Counts what it is shown. */
    private static class Count implements StoredEntries.Visitor {

        private final Map<Life, Long> entries = new EnumMap<>(Life.class);

        private final long now;

        private long bodies;

        private long encrypted;

        private long damaged;

        Count(long now) {
            this.now = now;
        }

        @Override
        public void entry(StoredEntry entry) {
            entries.merge(Life.of(entry, now), 1L, Long::sum);
            bodies += entry.size();
            encrypted += entry.isEncrypted() ? 1 : 0;
        }

        @Override
        public void damaged(String where, String what) {
            damaged++;
        }

        long all() {
            return entries.values().stream().mapToLong(Long::longValue).sum();
        }

        long of(Life life) {
            return entries.getOrDefault(life, 0L);
        }
    }

    int stat() throws IOException {
        boolean first = true;
        for (Map.Entry<String, StoredEntries> cache : caches.entrySet()) {
            if (!first) {
                out.println();
            }
            first = false;
            if (!cache.getKey().isEmpty()) {
                line("cache", Text.printable(cache.getKey()));
            }
            cache.getValue().describe().forEach(this::line);
            Count count = new Count(now);
            cache.getValue().read(false, count);
            line(
                    "entries",
                    "%d: %d fresh, %d stale, %d expired"
                            .formatted(
                                    count.all(), count.of(Life.FRESH), count.of(Life.STALE), count.of(Life.EXPIRED)));
            line("bytes of bodies", Long.toString(count.bodies));
            line("encrypted", count.encrypted + " entries");
            if (count.damaged > 0) {
                line("damaged", "%d places: see verify".formatted(count.damaged));
            }
        }
        return Main.FINE;
    }

    private void line(String name, String value) {
        out.printf("%-20s %s%n", name, Text.printable(value));
    }

    int list(boolean json) throws IOException {
        for (Map.Entry<String, StoredEntries> cache : caches.entrySet()) {
            cache.getValue().read(false, new StoredEntries.Visitor() {

                @Override
                public void entry(StoredEntry entry) {
                    String where = cache.getKey() + entry.where();
                    out.println(json ? json(entry, where) : text(entry, where));
                }

                @Override
                public void damaged(String where, String what) {
                    tellDamage(err, cache.getKey() + where, what);
                }
            });
        }
        return Main.FINE;
    }

    private String text(StoredEntry entry, String where) {
        Long created = entry.created();
        return String.join(
                "\t",
                "%-7s".formatted(Life.of(entry, now).label()),
                "%10d".formatted(entry.size()),
                "%-24s".formatted(created == null ? "-" : Text.instant(created)),
                "%-24s".formatted(Text.instant(entry.freshUntil())),
                "%-24s".formatted(Text.instant(entry.keptUntil())),
                Keys.show(entry.key()),
                Text.printable(where));
    }

    private String json(StoredEntry entry, String where) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", Text.json(entry.key()));
        fields.put("state", Text.json(Life.of(entry, now).label()));
        fields.put("size", Long.toString(entry.size()));
        fields.put("bytes", Long.toString(entry.bytes()));
        if (entry.created() != null) {
            fields.put("created", Text.json(Text.instant(entry.created())));
        }
        fields.put("freshUntil", Text.json(Text.instant(entry.freshUntil())));
        fields.put("keptUntil", Text.json(Text.instant(entry.keptUntil())));
        if (entry.etag() != null) {
            fields.put("etag", Text.json(entry.etag()));
        }
        if (entry.codec() != null) {
            fields.put("codec", Text.json(entry.codec()));
        }
        fields.put("encrypted", Boolean.toString(entry.isEncrypted()));
        fields.put("where", Text.json(where));
        StringBuilder json = new StringBuilder();
        fields.forEach((name, value) -> json.append(json.isEmpty() ? "{" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
        return json.append('}').toString();
    }

    private static void tellDamage(PrintStream target, String where, String what) {
        target.println("damaged\t" + Text.printable(where) + "\t" + Text.printable(what));
    }

    int get(String key, boolean raw) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Map<String, StoredEntry> found = find(key);
            if (found.size() > 1) {
                throw new ToolException(
                        "There is more than one entry like '%s': name the directory of the cache, and the key as one of %s"
                                .formatted(Text.printable(key), Text.printable(String.join("  ", found.keySet()))));
            }
            if (found.isEmpty()) {
                err.println("There is no entry '%s'".formatted(Text.printable(key)));
                return Main.MISSING;
            }
            try {
                return print(found.values().iterator().next(), raw);
            } catch (NoSuchFileException ex) {
                if (attempt == ATTEMPTS) {
                    throw ex;
                }
            }
        }
    }

    /** All entries that the key may mean, by cache and key. */
    private Map<String, StoredEntry> find(String key) throws IOException {
        Map<String, StoredEntry> exact = new LinkedHashMap<>();
        Map<String, StoredEntry> found = new LinkedHashMap<>();
        for (Map.Entry<String, StoredEntries> cache : caches.entrySet()) {
            for (String candidate : Keys.candidates(key)) {
                StoredEntry entry = cache.getValue().find(candidate);
                if (entry != null) {
                    (candidate.equals(key) ? exact : found).put(cache.getKey() + " " + candidate, entry);
                }
            }
        }
        return exact.isEmpty() ? found : exact;
    }

    private int print(StoredEntry entry, boolean raw) throws IOException {
        Life life = Life.of(entry, now);
        if (life != Life.FRESH && !raw) {
            err.println("The entry is %s since %s, so the cache misses it; --raw prints it all the same"
                    .formatted(life.label(), Text.instant(entry.freshUntil())));
            return Main.MISSING;
        }
        if (entry.isEncrypted() && !raw) {
            err.println("The entry is encrypted, and only the application has the key; --raw prints it as it is");
            return Main.IMPOSSIBLE;
        }
        entry.body().writeTo(out);
        out.flush();
        return Main.FINE;
    }

    int verify() throws IOException {
        long damaged = 0;
        long entries = 0;
        for (Map.Entry<String, StoredEntries> cache : caches.entrySet()) {
            Count count = new Count(now) {

                @Override
                public void damaged(String where, String what) {
                    super.damaged(where, what);
                    tellDamage(out, cache.getKey() + where, what);
                }
            };
            cache.getValue().read(true, count);
            damaged += count.damaged;
            entries += count.all();
        }
        out.println("%d entries are as they were written; %d damaged".formatted(entries, damaged));
        return damaged == 0 ? Main.FINE : Main.MISSING;
    }
}
