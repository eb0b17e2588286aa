package dev.larder.caffeine;

import java.lang.ref.WeakReference;
import java.util.function.BooleanSupplier;

/** Holds its store weakly: one that nobody uses any more goes, and its sweep with it. */
final class Sweep implements BooleanSupplier {

    private final WeakReference<CaffeineStore<?, ?>> store;

    Sweep(CaffeineStore<?, ?> store) {
        this.store = new WeakReference<>(store);
    }

    @Override
    public boolean getAsBoolean() {
        CaffeineStore<?, ?> current = store.get();
        return current != null && current.sweep();
    }
}
