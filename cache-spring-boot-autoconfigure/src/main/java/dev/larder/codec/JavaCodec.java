package dev.larder.codec;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.regex.Pattern;

/**
 * Values by JDK serialization. Only {@linkplain TrustedTypes trusted types} are read; any other ends the reading before the
 * class is loaded.
 *
 * <p>Reading is bounded: nothing has more elements or references than there are bytes, or is nested deeper than 200.
 *
 * <p>Thread-safe.
 */
public final class JavaCodec implements Codec<Object> {

    /** Not less: trees and linked values go some way down. Not more: each level takes stack. */
    private static final int MAX_DEPTH = 200;

    /** What the collections of the JDK allocate for a few elements, whatever the size of the stream. */
    private static final int SMALL_ARRAY = 64;

    private static final Pattern PRIMITIVE_ARRAY = Pattern.compile("\\[+[ZBCSIJFD]");

    private final TrustedTypes trusted;

    private final ClassLoader classLoader;

    /** A codec that finds classes with a class loader. */
    public JavaCodec(TrustedTypes trusted, ClassLoader classLoader) {
        this.trusted = trusted;
        this.classLoader = classLoader;
    }

    @Override
    public byte[] encode(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (NotSerializableException ex) {
            throw new CodecException(
                    "A %s cannot be serialized: let %s implement java.io.Serializable, or use the codec json"
                            .formatted(value.getClass().getName(), ex.getMessage()),
                    value.getClass(),
                    ex);
        } catch (IOException ex) {
            throw new CodecException(
                    "A %s cannot be serialized: %s".formatted(value.getClass().getName(), ex.getMessage()),
                    value.getClass(),
                    ex);
        }
        return bytes.toByteArray();
    }

    @Override
    public Object decode(byte[] bytes) {
        try (ObjectInputStream in = new TrustedInput(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(info -> check(info, bytes.length));
            Object value = in.readObject();
            if (value == null) {
                throw new CodecException("These bytes hold no value", null);
            }
            return value;
        } catch (IOException | ClassNotFoundException | IndexOutOfBoundsException ex) {
            throw new CodecException("These bytes cannot be deserialized: " + ex.getMessage(), ex);
        }
    }

    private ObjectInputFilter.Status check(FilterInfo info, int length) {
        boolean tooMuch = info.depth() > MAX_DEPTH
                || info.references() > length
                || info.arrayLength() > Math.max(SMALL_ARRAY, length);
        Class<?> type = info.serialClass();
        return tooMuch || (type != null && !trusted.trusts(type))
                ? ObjectInputFilter.Status.REJECTED
                : ObjectInputFilter.Status.ALLOWED;
    }

    /** The filter sees a class when it is loaded; this one comes before. */
    private final class TrustedInput extends ObjectInputStream {

        TrustedInput(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            String name = description.getName();
            if (!PRIMITIVE_ARRAY.matcher(name).matches()) {
                String element =
                        name.startsWith("[") ? name.substring(name.lastIndexOf('[') + 2, name.length() - 1) : name;
                if (!trusted.trusts(element)) {
                    throw untrusted(element);
                }
            }
            return Class.forName(name, false, classLoader);
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) {
            throw untrusted("java.lang.reflect.Proxy");
        }

        private CodecException untrusted(String name) {
            return new CodecException(
                    "These bytes name %s, which is not trusted: if it is yours, add its package to larder.trusted-packages"
                            .formatted(name),
                    null);
        }
    }
}
