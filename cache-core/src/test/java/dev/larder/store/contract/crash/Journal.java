package dev.larder.store.contract.crash;

/** Who gets to know what a thread is about to do, and then what came of it. Thread-safe. */
public interface Journal {

    /** What a thread saw that found nothing. */
    long NOTHING = 0;

    /**
     * A thread is about to do something.
     *
     * @param thread a small number; a thread does one thing at a time
     * @param key which of the keys; any for {@link Act#CLEAR}
     * @param version the number of the value it puts, unique and positive; {@link #NOTHING} if it puts none
     */
    void begin(int thread, Act act, int key, long version);

    /**
     * It is done.
     *
     * @param seen the number of the value that it found, or {@link #NOTHING}
     */
    void end(int thread, long seen);
}
