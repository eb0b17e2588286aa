package dev.larder.store.tool;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the directories of caches on disk, of any type, whether an application has them open or not, and never changes
 * anything: {@code java -jar cache-core.jar ls DIRECTORY}.
 *
 * <p>Exit codes: 0, 1 for an entry that is not there or damage that was found, 2 for what could not be done.
 *
 * <p>Thread-safe.
 */
public final class Main {

    /** All is well. */
    static final int FINE = 0;

    /** A miss, or damage. */
    static final int MISSING = 1;

    /** Wrong usage, or a directory that cannot be read. */
    static final int IMPOSSIBLE = 2;

    private static final String USAGE = """
            Reads the directory of a cache, or larder.directory with all caches in it. Changes nothing, locks nothing.

              stat   DIRECTORY          how many entries and bytes there are, and who has the cache open
              ls     DIRECTORY          a line for each entry: state, size, created, fresh until, kept until, key, place
              get    DIRECTORY KEY      the body of an entry, as it is stored, to the standard output
              verify DIRECTORY          checks all checksums

              --json   ls: an object of JSON for each entry
              --raw    get: also what is encrypted or no longer fresh

            Exit code 1: there is no such entry, or damage was found. 2: it could not be done.
            """;

    private Main() {}

    /** Runs a command, and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        int code = run(arguments, out, err, InstantSource.system());
        err.flush();
        out.flush();
        System.exit(code);
    }

    /** Not the platform's encoding: keys have any character. */
    private static PrintStream stream(FileDescriptor descriptor) {
        OutputStream stream = new BufferedOutputStream(new FileOutputStream(descriptor));
        return new PrintStream(stream, false, StandardCharsets.UTF_8);
    }

    static int run(String[] arguments, PrintStream out, PrintStream err, InstantSource clock) {
        List<String> words = new ArrayList<>();
        boolean json = false;
        boolean raw = false;
        for (String argument : arguments) {
            json |= argument.equals("--json");
            raw |= argument.equals("--raw");
            if (!argument.equals("--json") && !argument.equals("--raw")) {
                words.add(argument);
            }
        }
        try {
            if (words.size() < 2 || words.size() != (words.get(0).equals("get") ? 3 : 2)) {
                return usage(words, out, err);
            }
            Path directory = Path.of(words.get(1));
            Commands commands = new Commands(Caches.in(directory), out, err, clock.millis());
            int code = switch (words.get(0)) {
                case "stat" -> commands.stat();
                case "ls" -> commands.list(json);
                case "get" -> commands.get(words.get(2), raw);
                case "verify" -> commands.verify();
                default -> usage(words, out, err);
            };
            if (out.checkError()) {
                throw new ToolException("The output could not be written");
            }
            return code;
        } catch (ToolException | InvalidPathException ex) {
            err.println(ex.getMessage());
        } catch (IOException ex) {
            err.println(reason(ex));
        } catch (UncheckedIOException | DirectoryIteratorException ex) {
            err.println(ex.getCause() == null ? ex.toString() : reason(ex.getCause()));
        } catch (RuntimeException ex) {
            err.println("This cannot be read: " + ex);
        }
        return IMPOSSIBLE;
    }

    private static int usage(List<String> words, PrintStream out, PrintStream err) {
        boolean isAsked = words.contains("help") || words.contains("--help") || words.contains("-h");
        (isAsked ? out : err).print(USAGE);
        return isAsked ? FINE : IMPOSSIBLE;
    }

    private static String reason(Throwable ex) {
        if (ex instanceof NoSuchFileException gone) {
            return "'%s' is gone: it was removed while it was read. Try again.".formatted(gone.getFile());
        }
        if (ex instanceof AccessDeniedException denied) {
            return "User '%s' may not read '%s'".formatted(System.getProperty("user.name"), denied.getFile());
        }
        if (ex instanceof FileSystemException failed) {
            return "'%s' cannot be read: %s".formatted(failed.getFile(), failed.getReason());
        }
        return String.valueOf(ex.getMessage());
    }
}
