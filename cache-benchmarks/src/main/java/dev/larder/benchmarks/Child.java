package dev.larder.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process, with which lines are exchanged. What it writes to standard error is shown. Not thread-safe. */
final class Child implements AutoCloseable {

    private final Process process;

    private final BufferedReader lines;

    private Child(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    static Child start(List<String> command) throws IOException {
        return new Child(command);
    }

    /** How to run a class with the class path of this process, and with 256 MB of heap. */
    static List<String> java(Class<?> main, Object... arguments) {
        return java(List.of("-Xmx256m"), main, arguments);
    }

    /** How to run a class with the class path of this process, and with options for the JVM. */
    static List<String> java(List<String> options, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    void say(String line) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Waits for a line. */
    String hear() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("A process ended too early: "
                    + String.join(" ", process.info().arguments().orElse(new String[] {"unknown"})));
        }
        return line;
    }

    /** Waits until it ended by itself; the text of its last line is of no interest any more. */
    void join() throws IOException {
        try {
            if (process.waitFor() != 0) {
                throw new IOException("A process ended with " + process.exitValue());
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", ex);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
