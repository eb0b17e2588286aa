package dev.larder.sample;

import java.util.function.Supplier;

/**
 * An answer and the time it took to get it.
 *
 * @param millis milliseconds, to a thousandth
 * @param answer the answer
 */
record Timed<T>(double millis, T answer) {

    static <T> Timed<T> of(Supplier<T> question) {
        long start = System.nanoTime();
        T answer = question.get();
        long micros = (System.nanoTime() - start) / 1_000;
        return new Timed<>(micros / 1_000.0, answer);
    }
}
