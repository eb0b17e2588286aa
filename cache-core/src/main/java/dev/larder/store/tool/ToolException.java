package dev.larder.store.tool;

/** What a command cannot do; the message is all that is printed. */
final class ToolException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ToolException(String message) {
        super(message);
    }
}
