package dev.larder.store.log;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Unmaps files at once, where the platform has a way; otherwise the garbage collector does some day. Nobody may read a map
 * afterwards: that would end the process.
 */
final class Unmapper {

    private static final @Nullable MethodHandle INVOKE_CLEANER = find();

    private Unmapper() {}

    private static @Nullable MethodHandle find() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(field.get(null));
        } catch (ReflectiveOperationException | RuntimeException ex) {
            return null;
        }
    }

    static void unmap(MappedByteBuffer map) {
        if (INVOKE_CLEANER != null) {
            try {
                INVOKE_CLEANER.invoke((ByteBuffer) map);
            } catch (Throwable ex) {
                throw new IllegalStateException("A map of a file cannot be released", ex);
            }
        }
    }
}
