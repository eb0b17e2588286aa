package dev.larder.store.contract.faults;

import dev.larder.store.contract.faults.Call.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A channel whose reads, writes and syncs meet faults. */
final class FaultyChannel extends FileChannel {

    /** What transfers between channels take at once, so that a large one is several calls. */
    private static final int CHUNK = 64 * 1024;

    private final FileChannel below;

    private final Path path;

    private final Faults faults;

    FaultyChannel(FileChannel below, Path path, Faults faults) {
        this.below = below;
        this.path = path;
        this.faults = faults;
    }

    /** A read or write of the channel below. */
    @FunctionalInterface
    private interface Transfer {
        int run() throws IOException;
    }

    private int read(long position, ByteBuffer target, Transfer transfer) throws IOException {
        Call call = new Call(Operation.READ, path, null, position, target.remaining());
        Fault fault = faults.on(call);
        fault.before(call);
        int start = target.position();
        int count = limited(call, fault, target, transfer);
        if (count > 0) {
            ByteBuffer read = target.duplicate().flip().position(start);
            fault.alter(call, read);
        }
        fault.after(call);
        return count;
    }

    private int write(long position, ByteBuffer source, Transfer transfer) throws IOException {
        Call call = new Call(Operation.WRITE, path, null, position, source.remaining());
        Fault fault = faults.on(call);
        fault.before(call);
        int count = limited(call, fault, source, transfer);
        fault.after(call);
        return count;
    }

    private static int limited(Call call, Fault fault, ByteBuffer buffer, Transfer transfer) throws IOException {
        int room = fault.room(call);
        if (room <= 0 && call.length() > 0) {
            return call.operation() == Operation.READ ? -1 : 0;
        }
        int limit = buffer.limit();
        buffer.limit(buffer.position() + Math.min(room, call.length()));
        try {
            return transfer.run();
        } finally {
            buffer.limit(limit);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return read(below.position(), target, () -> below.read(target));
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return read(position, target, () -> below.read(target, position));
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (targets[i].hasRemaining()) {
                return read(targets[i]);
            }
        }
        return 0;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return write(below.position(), source, () -> below.write(source));
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        return write(position, source, () -> below.write(source, position));
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long count = 0;
        for (int i = offset; i < offset + length; i++) {
            while (sources[i].hasRemaining()) {
                int written = write(sources[i]);
                count += written;
                if (written == 0) {
                    return count;
                }
            }
        }
        return count;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
        if (read(chunk, position) <= 0) {
            return 0;
        }
        return target.write(chunk.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
        if (source.read(chunk) <= 0) {
            return 0;
        }
        chunk.flip();
        long at = position;
        while (chunk.hasRemaining()) {
            at += write(chunk, at);
        }
        return at - position;
    }

    @Override
    public long position() throws IOException {
        return below.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        below.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        Call call = Call.of(Operation.STAT, path);
        Fault fault = faults.on(call);
        fault.before(call);
        long size = below.size();
        fault.after(call);
        return size;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        Call call = new Call(Operation.TRUNCATE, path, null, size, 0);
        Fault fault = faults.on(call);
        fault.before(call);
        below.truncate(size);
        fault.after(call);
        return this;
    }

    /** Does not reach the disk below: it takes milliseconds, and power is lost only when a fault says so. */
    @Override
    public void force(boolean metaData) throws IOException {
        Call call = Call.of(Operation.FORCE, path);
        Fault fault = faults.on(call);
        fault.before(call);
        fault.after(call);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        if (mode != MapMode.READ_ONLY) {
            throw new UnsupportedOperationException("Writes to a mapped file would get round the faults");
        }
        Call call = new Call(Operation.MAP, path, null, position, 0);
        Fault fault = faults.on(call);
        fault.before(call);
        MappedByteBuffer map = below.map(mode, position, size);
        fault.after(call);
        return map;
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return below.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return below.tryLock(position, size, shared);
    }

    /** Closes what is below in any case: a close that fails does not keep a file open. */
    @Override
    protected void implCloseChannel() throws IOException {
        Call call = Call.of(Operation.CLOSE, path);
        Fault fault = faults.on(call);
        try {
            fault.before(call);
        } finally {
            below.close();
        }
        fault.after(call);
    }
}
