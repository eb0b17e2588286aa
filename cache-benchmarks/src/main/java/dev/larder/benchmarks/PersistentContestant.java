package dev.larder.benchmarks;

import java.io.IOException;

/** An open store on disk that is bounded from outside if it does not bound itself. As thread-safe as the store. */
interface PersistentContestant extends DiskContestant {

    /** Removes a value, if there is one. */
    void remove(String key) throws IOException;
}
