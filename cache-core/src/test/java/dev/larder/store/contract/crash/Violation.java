package dev.larder.store.contract.crash;

/** A store did what it must not. */
public final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    public Violation(String message) {
        super(message);
    }

    public Violation(String message, Throwable cause) {
        super(message, cause);
    }
}
