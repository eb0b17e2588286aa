package dev.larder.store.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that runs a class of the tests. It is told what to do, and answers, by lines. */
public final class JavaChild implements AutoCloseable {

    private final Process process;

    private final PrintWriter in;

    private final BufferedReader out;

    /** Starts a JVM that is quick to start; options come last and win. */
    public JavaChild(List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String classPath() {
        String own = System.getProperty("surefire.test.class.path");
        return own != null ? own : System.getProperty("java.class.path");
    }

    public long pid() {
        return process.pid();
    }

    public void tell(String command) {
        in.println(command);
    }

    /** The next line of the child; an error if it ended without one. */
    public String answer() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("A child process ended, and what it was asked is not answered");
        }
        return line;
    }

    /** What it writes, for children that do not answer by lines. */
    public InputStream output() {
        return process.getInputStream();
    }

    /** As {@code kill -9}; returns when the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As {@code kill -9}; returns at once, and what the child wrote can still be read. */
    public void shoot() {
        process.toHandle().destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
