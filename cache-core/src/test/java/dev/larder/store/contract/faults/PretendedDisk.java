package dev.larder.store.contract.faults;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A disk of some type, with so many bytes left. */
public final class PretendedDisk extends FileStore {

    private final String type;

    private final LongSupplier free;

    /** A disk that says this about itself. */
    public PretendedDisk(String type, LongSupplier free) {
        this.type = type;
        this.free = free;
    }

    @Override
    public String name() {
        return "pretended";
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public long getTotalSpace() {
        return Long.MAX_VALUE;
    }

    @Override
    public long getUsableSpace() {
        return free.getAsLong();
    }

    @Override
    public long getUnallocatedSpace() {
        return free.getAsLong();
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return false;
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) {
        throw new UnsupportedOperationException(attribute);
    }
}
