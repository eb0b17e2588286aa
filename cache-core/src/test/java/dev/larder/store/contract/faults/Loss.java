package dev.larder.store.contract.faults;

import java.util.Random;

/** How much of what was not synced a loss of power takes. */
record Loss(Kind kind, int salt) {

    private static final int SECTORS_OF_A_PAGE = 8;

    private enum Kind {
        ALL,
        NOTHING,
        /** Sectors, sizes and names by chance. */
        SECTORS,
        /** The same, with 4 KiB at a time, as systems write pages. */
        PAGES
    }

    /** One of them, by chance. */
    static Loss any(Random random) {
        return new Loss(Kind.values()[random.nextInt(Kind.values().length)], random.nextInt());
    }

    /** All is there as if power had not been lost. */
    static Loss nothing() {
        return new Loss(Kind.NOTHING, 0);
    }

    /** Which of several states, the oldest first, is found. */
    int choose(Random random, int count) {
        return switch (kind) {
            case ALL -> 0;
            case NOTHING -> count - 1;
            case SECTORS, PAGES -> random.nextInt(count);
        };
    }

    /** Whether something of a sector that was not synced survives. */
    boolean keeps(int sector) {
        int unit = kind == Kind.PAGES ? sector / SECTORS_OF_A_PAGE : sector;
        return kind == Kind.NOTHING
                || (kind != Kind.ALL && new Random(31L * salt + unit * 0x9E3779B97F4A7C15L).nextBoolean());
    }

    /** Whether a change of a directory that was not synced survives. */
    boolean keepsChange(Random random) {
        return kind == Kind.NOTHING || (kind != Kind.ALL && random.nextBoolean());
    }
}
