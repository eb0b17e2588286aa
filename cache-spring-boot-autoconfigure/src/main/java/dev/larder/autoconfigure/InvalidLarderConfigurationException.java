package dev.larder.autoconfigure;

/** A key under {@code larder} whose value cannot work, and what to do about it. */
final class InvalidLarderConfigurationException extends RuntimeException {

    private final String key;

    private final String value;

    private final String reason;

    private final String remedy;

    InvalidLarderConfigurationException(String key, Object value, String reason, String remedy) {
        super("%s is '%s': %s. %s".formatted(key, value, reason, remedy));
        this.key = key;
        this.value = value.toString();
        this.reason = reason;
        this.remedy = remedy;
    }

    String key() {
        return key;
    }

    String value() {
        return value;
    }

    String reason() {
        return reason;
    }

    String remedy() {
        return remedy;
    }
}
