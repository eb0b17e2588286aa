package dev.larder.spring;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Values that have no parts, as the literals of {@link SpringKeyCodec}. */
final class KeyText {

    static final char NO_QUOTE = 0;

    /** Final classes and exact ones whose values are equal if and only if their texts are; none has a comma or bracket. */
    private static final Set<Class<?>> PLAIN = Set.of(
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Duration.class,
            Period.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            Currency.class);

    private KeyText() {}

    /** Appends a literal, and says whether there is one for the type. */
    static boolean appendValue(StringBuilder target, Object value) {
        if (value instanceof String text) {
            quote(target, text);
        } else if (value instanceof Integer || value instanceof Boolean) {
            target.append(value);
        } else if (value instanceof Long) {
            target.append(value).append('L');
        } else if (value instanceof Character character) {
            escape(target.append('\''), character.toString(), '\'').append('\'');
        } else if (value instanceof Enum<?> constant) {
            appendConstant(target, constant);
        } else {
            return appendPrimitive(target, value) || appendJdkValue(target, value);
        }
        return true;
    }

    private static boolean appendPrimitive(StringBuilder target, Object value) {
        if (value instanceof Short) {
            target.append("short(").append(value).append(')');
        } else if (value instanceof Byte) {
            target.append("byte(").append(value).append(')');
        } else if (value instanceof Double number) {
            target.append("double(").append(shortest(number)).append(')');
        } else if (value instanceof Float number) {
            target.append("float(").append(shortest(number)).append(')');
        } else if (value instanceof byte[] bytes) {
            target.append("byte[](").append(HexFormat.of().formatHex(bytes)).append(')');
        } else {
            return false;
        }
        return true;
    }

    private static boolean appendJdkValue(StringBuilder target, Object value) {
        if (PLAIN.contains(value.getClass())) {
            target.append(value.getClass().getName()).append('(').append(value).append(')');
        } else if (value instanceof ZoneId zone) {
            target.append("java.time.ZoneId(").append(zone.getId()).append(')');
        } else if (value.getClass() == Date.class) {
            target.append("java.util.Date(").append(((Date) value).toInstant()).append(')');
        } else if (value instanceof Charset charset) {
            target.append("java.nio.charset.Charset(").append(charset.name()).append(')');
        } else if (value instanceof Class<?> type) {
            quote(target.append("java.lang.Class("), type.getName()).append(')');
        } else if (value instanceof Locale locale) {
            appendLocale(target, locale);
        } else if (value instanceof URI uri) {
            quote(target.append("java.net.URI("), UriText.of(uri)).append(')');
        } else {
            return false;
        }
        return true;
    }

    /** Constants with a body have a class of their own. Names of other languages may have any character. */
    private static void appendConstant(StringBuilder target, Enum<?> constant) {
        target.append(constant.getDeclaringClass().getName()).append('.');
        if (constant.name().chars().allMatch(Character::isJavaIdentifierPart)) {
            target.append(constant.name());
        } else {
            quote(target, constant.name());
        }
    }

    /** Neither {@code toString()} nor the language tag tells all locales apart. */
    private static void appendLocale(StringBuilder target, Locale locale) {
        quote(target.append("java.util.Locale("), locale.getLanguage());
        quote(target.append(','), locale.getScript());
        quote(target.append(','), locale.getCountry());
        quote(target.append(','), locale.getVariant());
        for (Character extension : new TreeSet<>(locale.getExtensionKeys())) {
            quote(target.append(','), extension + "-" + locale.getExtension(extension));
        }
        target.append(')');
    }

    /** The fewest digits that give the number. {@code toString} has other digits for some numbers before JDK 19. */
    private static String shortest(double number) {
        if (!Double.isFinite(number) || number == 0) {
            return Double.toString(number);
        }
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == number) {
                return rounded.toString();
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).toString();
    }

    private static String shortest(float number) {
        if (!Float.isFinite(number) || number == 0) {
            return Float.toString(number);
        }
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < 9; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.floatValue() == number) {
                return rounded.toString();
            }
        }
        return exact.round(new MathContext(9, RoundingMode.HALF_EVEN)).toString();
    }

    static StringBuilder quote(StringBuilder target, String text) {
        return escape(target.append('"'), text, '"').append('"');
    }

    static StringBuilder escape(StringBuilder target, String text, char quote) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                target.append(c).append(text.charAt(++i));
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                target.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                if (c == '\\' || (quote != NO_QUOTE && c == quote)) {
                    target.append('\\');
                }
                target.append(c);
            }
        }
        return target;
    }
}
