package dev.larder.store.contract.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/**
 * What happens to a call.
 *
 * <p>A fault need not fail: one that only watches gets to know each call before it takes effect and after, with paths,
 * position and length. That is enough to keep what was there before and to bring it back, as a loss of power would.
 */
@FunctionalInterface
public interface Fault {

    /** Runs before the call takes effect, which it does not if this throws. */
    void before(Call call) throws IOException;

    /** Runs when the call has taken effect. */
    default void after(Call call) throws IOException {}

    /**
     * How many bytes a read or a write may transfer.
     *
     * @return at most the length of the call; what is not positive ends the file for a read
     */
    default int room(Call call) {
        return call.length();
    }

    /** Changes what was read, from the position of the call to the limit of the buffer. */
    default void alter(Call call, ByteBuffer read) {}

    /** The call fails as on a disk without room. */
    static Fault fullDisk() {
        return failing("No space left on device");
    }

    /** The call fails as on a disk that is broken. */
    static Fault inputOutputError() {
        return failing("Input/output error");
    }

    /** The call fails as on a file system that was mounted to be read. */
    static Fault readOnlyFileSystem() {
        return failing("Read-only file system");
    }

    /** The call fails for lack of permission. */
    static Fault accessDenied() {
        return call -> {
            throw new AccessDeniedException(call.path().toString());
        };
    }

    /** The call takes effect, and fails nevertheless: over NFS, an answer can get lost. */
    static Fault afterwards(Fault fault) {
        return new Fault() {
            @Override
            public void before(Call call) {}

            @Override
            public void after(Call call) throws IOException {
                fault.before(call);
            }
        };
    }

    /** Reads and writes transfer no more than so many bytes at once. */
    static Fault shortTransfer(int most) {
        return new Fault() {
            @Override
            public void before(Call call) {}

            @Override
            public int room(Call call) {
                return Math.min(call.length(), most);
            }
        };
    }

    /** Reads find the file to end after so many bytes. */
    static Fault truncated(long size) {
        return new Fault() {
            @Override
            public void before(Call call) {}

            @Override
            public int room(Call call) {
                return (int) Math.min(call.length(), size - call.position());
            }
        };
    }

    /** Reads find a bit of the byte at this position of the file flipped. */
    static Fault flipped(long position) {
        return new Fault() {
            @Override
            public void before(Call call) {}

            @Override
            public void alter(Call call, ByteBuffer read) {
                long index = position - call.position();
                if (index >= 0 && index < read.remaining()) {
                    int at = read.position() + (int) index;
                    read.put(at, (byte) (read.get(at) ^ 1));
                }
            }
        };
    }

    private static Fault failing(String reason) {
        return call -> {
            throw switch (call.operation()) {
                case READ, WRITE, TRUNCATE, FORCE, CLOSE -> new IOException(reason);
                default -> new FileSystemException(call.path().toString(), null, reason);
            };
        };
    }
}
