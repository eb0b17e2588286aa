package dev.larder.store.contract.crash;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a child tells its parent, through a pipe that outlives it. Each frame reaches the pipe before its thread goes on, and
 * all in one order, so that what the parent reads first has happened first.
 *
 * <pre>kind (1 byte), thread (1), key (4), version (8), and for a text its bytes, of which there are so many as the version says</pre>
 */
final class Wire implements Journal {

    private static final int FRAME = 14;

    private static final Act[] ACTS = Act.values();

    private final WritableByteChannel out = new FileOutputStream(FileDescriptor.out).getChannel();

    private final ByteBuffer frame = ByteBuffer.allocate(1 << 16);

    /** What there is to tell. */
    enum Kind {
        BEGIN,
        END,
        /** The child is there and waits to be told to open a store. */
        READY,
        OPENED,
        /** All that is in the store can be found. */
        RECOVERED,
        /** A thread stopped at the point that was asked for. */
        STOPPED,
        /** Something was wrong; a text tells what. */
        BROKEN,
        CLOSED
    }

    /** A frame as the parent reads it. */
    record Message(Kind kind, Act act, int thread, int key, long version, String text) {}

    @Override
    public void begin(int thread, Act act, int key, long version) {
        send(Kind.BEGIN.ordinal() << 4 | act.ordinal(), thread, key, version, null);
    }

    @Override
    public void end(int thread, long seen) {
        send(Kind.END.ordinal() << 4, thread, 0, seen, null);
    }

    void say(Kind kind) {
        send(kind.ordinal() << 4, 0, 0, 0, null);
    }

    void sayBroken(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(Kind.BROKEN.ordinal() << 4, 0, 0, bytes.length, bytes);
    }

    private synchronized void send(int kind, int thread, int key, long version, byte @Nullable [] text) {
        frame.clear();
        frame.put((byte) kind).put((byte) thread).putInt(key).putLong(version);
        if (text != null) {
            frame.put(text, 0, Math.min(text.length, frame.remaining()));
        }
        frame.flip();
        try {
            while (frame.hasRemaining()) {
                out.write(frame);
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The next frame, or null if the child has ended. A last frame that is not whole is none. */
    static @Nullable Message read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[FRAME];
        try {
            in.readFully(bytes);
            ByteBuffer frame = ByteBuffer.wrap(bytes);
            int kind = frame.get();
            int thread = frame.get();
            int key = frame.getInt();
            long version = frame.getLong();
            Kind known = Kind.values()[kind >> 4];
            String text = known == Kind.BROKEN ? new String(in.readNBytes((int) version), StandardCharsets.UTF_8) : "";
            return new Message(known, ACTS[kind & 15], thread, key, version, text);
        } catch (EOFException ex) {
            return null;
        }
    }
}
