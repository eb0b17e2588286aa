package dev.larder.codec;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types that what was stored may name: those of some packages and the packages below them, and the values and
 * collections of the JDK in a fixed list. Nothing else is loaded or instantiated, whatever the stored bytes say.
 *
 * <p>Immutable and thread-safe.
 */
public final class TrustedTypes {

    private static final Pattern PACKAGE = Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
            + "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");

    /** Values without behaviour. Neither {@code Class} nor {@code URL}: the one loads code, the other asks name servers. */
    private static final Set<String> JDK = Stream.of(
                    names(
                            "java.lang.",
                            "Object String Boolean Character Byte Short Integer Long Float Double Number Enum"),
                    names("java.lang.", "Record"),
                    names("java.math.", "BigDecimal BigInteger MathContext RoundingMode"),
                    names("java.net.", "URI"),
                    names("java.time.", "DayOfWeek Duration Instant LocalDate LocalDateTime LocalTime Month MonthDay"),
                    names(
                            "java.time.",
                            "OffsetDateTime OffsetTime Period Year YearMonth ZoneId ZoneOffset ZonedDateTime"),
                    names("java.time.", "Ser ZoneRegion"),
                    names("java.time.temporal.", "ChronoUnit"),
                    names("java.util.", "BitSet Currency Date Locale Optional OptionalDouble OptionalInt OptionalLong"),
                    names("java.util.", "TimeZone UUID"),
                    names("java.util.", "ArrayDeque ArrayList HashMap HashSet LinkedHashMap LinkedHashSet LinkedList"),
                    names("java.util.", "TreeMap TreeSet EnumMap EnumSet AbstractMap$SimpleEntry"),
                    names("java.util.", "AbstractMap$SimpleImmutableEntry Arrays$ArrayList CollSer KeyValueHolder"),
                    names("java.util.", "EnumSet$SerializationProxy RegularEnumSet JumboEnumSet"),
                    names(
                            "java.util.Collections$",
                            "EmptyList EmptyMap EmptySet SingletonList SingletonMap SingletonSet"),
                    names("java.util.Collections$", "UnmodifiableCollection UnmodifiableList UnmodifiableMap"),
                    names(
                            "java.util.Collections$",
                            "UnmodifiableRandomAccessList UnmodifiableSet UnmodifiableSortedMap"),
                    names("java.util.Collections$", "UnmodifiableSortedSet UnmodifiableNavigableMap"),
                    names("java.util.Collections$", "UnmodifiableNavigableSet ReverseComparator"),
                    names("java.util.Collections$", "UnmodifiableMap$UnmodifiableEntrySet"),
                    names("java.util.", "Map$Entry HashMap$Node"),
                    names("java.util.ImmutableCollections$", "List12 ListN Set12 SetN Map1 MapN SubList"),
                    names("java.util.concurrent.", "ConcurrentHashMap ConcurrentHashMap$Segment CopyOnWriteArrayList"),
                    names("java.util.concurrent.", "ConcurrentSkipListMap ConcurrentSkipListSet TimeUnit"),
                    names("java.util.concurrent.locks.", "ReentrantLock ReentrantLock$Sync ReentrantLock$NonfairSync"),
                    names("java.util.concurrent.locks.", "AbstractQueuedSynchronizer AbstractOwnableSynchronizer"),
                    names("java.lang.String$", "CaseInsensitiveComparator"),
                    names("org.springframework.cache.support.", "NullValue"))
            .flatMap(names -> names)
            .collect(Collectors.toUnmodifiableSet());

    private final Set<String> packages;

    private TrustedTypes(Set<String> packages) {
        this.packages = packages;
    }

    private static Stream<String> names(String prefix, String simpleNames) {
        return Stream.of(simpleNames.split(" ")).map(name -> prefix + name);
    }

    /**
     * The types of the JDK, and those of some packages and of all below them.
     *
     * @throws IllegalArgumentException if one is not the name of a package
     */
    public static TrustedTypes of(Collection<String> packages) {
        Set<String> names = new TreeSet<>();
        for (String name : packages) {
            if (!PACKAGE.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "'%s' is not the name of a package: write it as com.example, which means those below it as well"
                                .formatted(name));
            }
            names.add(name);
        }
        return new TrustedTypes(names);
    }

    /** Whether a class, or what an array is made of, is trusted. */
    public boolean trusts(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.isPrimitive() || trusts(element.getName());
    }

    /** Whether the class of a name is trusted; a name as {@link Class#getName} gives it, and not of an array. */
    public boolean trusts(String className) {
        if (JDK.contains(className)) {
            return true;
        }
        for (int dot = className.indexOf('.'); dot >= 0; dot = className.indexOf('.', dot + 1)) {
            if (packages.contains(className.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "TrustedTypes[JDK values, %s]".formatted(packages);
    }
}
