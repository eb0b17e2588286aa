package dev.larder.spring;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text that is the same for all URIs that are equal, which do not care for the case of some of their parts. */
final class UriText {

    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");

    private UriText() {}

    static String of(URI uri) {
        StringBuilder text = new StringBuilder();
        if (uri.getScheme() != null) {
            text.append(uri.getScheme().toLowerCase(Locale.ROOT)).append(':');
        }
        if (uri.isOpaque()) {
            text.append(escapesInUpperCase(uri.getRawSchemeSpecificPart()));
        } else {
            appendAuthority(text, uri);
            text.append(escapesInUpperCase(uri.getRawPath()));
            append(text, '?', uri.getRawQuery());
        }
        append(text, '#', uri.getRawFragment());
        return text.toString();
    }

    private static void appendAuthority(StringBuilder text, URI uri) {
        if (uri.getHost() == null) {
            if (uri.getRawAuthority() != null) {
                text.append("//").append(escapesInUpperCase(uri.getRawAuthority()));
            }
            return;
        }
        text.append("//");
        if (uri.getRawUserInfo() != null) {
            text.append(escapesInUpperCase(uri.getRawUserInfo())).append('@');
        }
        text.append(uri.getHost().toLowerCase(Locale.ROOT));
        if (uri.getPort() != -1) {
            text.append(':').append(uri.getPort());
        }
    }

    private static void append(StringBuilder text, char separator, @Nullable String part) {
        if (part != null) {
            text.append(separator).append(escapesInUpperCase(part));
        }
    }

    private static String escapesInUpperCase(String part) {
        return part.indexOf('%') < 0
                ? part
                : ESCAPE.matcher(part).replaceAll(match -> match.group().toUpperCase(Locale.ROOT));
    }
}
