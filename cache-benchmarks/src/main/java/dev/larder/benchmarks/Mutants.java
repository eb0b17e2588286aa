package dev.larder.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Breaks the store of segments in one way after another, and tells which part of the crash lab notices. A crash test that
 * cannot fail proves nothing.
 */
final class Mutants {

    private static final String PACKAGE = "dev/larder/store/log";

    /** Some faults make threads wait for ever. */
    private static final int LIMIT_SECONDS = 420;

    private final Plan plan;

    private final PrintStream out;

    private final Path sources;

    private Mutants(Plan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
        this.sources = plan.sources().resolve(PACKAGE);
    }

    /**
     * Prints a table of faults, and what noticed each; first of all the store as it is.
     *
     * @throws IOException if one was not noticed, or something was wrong without a fault
     */
    static void run(Plan plan, PrintStream out) throws IOException {
        new Mutants(plan, out).run();
    }

    private void run() throws IOException {
        Files.createDirectories(plan.directory());
        List<String> wrong = new ArrayList<>();
        out.println("seed " + plan.seed());
        List<String> wanted = plan.rest();
        if (wanted.isEmpty() && !report("(as it is)", List.of()).equals(CrashTrial.PASSED)) {
            wrong.add("(as it is)");
        }
        for (Mutant mutant : Mutant.all()) {
            if (wanted.isEmpty() || wanted.stream().anyMatch(mutant.name()::contains)) {
                String verdict = report(mutant.name(), List.of(mutant));
                if (!verdict.startsWith(CrashTrial.CAUGHT)) {
                    wrong.add(mutant.name());
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new IOException("Not as it should be: " + String.join(", ", wrong));
        }
    }

    private String report(String name, List<Mutant> mutants) throws IOException {
        try (WorkDirectory directory = new WorkDirectory(plan.directory())) {
            Path classes = compile(directory.path(), mutants);
            String first = mutants.isEmpty() ? "" : mutants.get(0).first();
            String verdict =
                    judge(classes, first, Files.createDirectory(directory.path().resolve("lab")));
            out.printf("%-60s  %s%n", name, verdict);
            return verdict;
        }
    }

    private Path compile(Path directory, List<Mutant> mutants) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IOException("Faults are compiled, which needs a JDK");
        }
        Path classes = Files.createDirectory(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(
                "-nowarn", "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file : files.toList()) {
                String source = Files.readString(file);
                for (Mutant mutant : mutants) {
                    if (file.endsWith(mutant.file())) {
                        source = mutant.applyTo(source);
                    }
                }
                Path copy = directory.resolve(file.getFileName().toString());
                Files.writeString(copy, source);
                arguments.add(copy.toString());
            }
        }
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IOException("Does not compile: " + mutants);
        }
        return classes;
    }

    /** What the first line of the child says. */
    private String judge(Path classes, String first, Path directory) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = classes + System.getProperty("path.separator") + System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                        java,
                        "-Xmx512m",
                        "-XX:ErrorFile=" + directory.resolve("error.log"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        classPath,
                        CrashTrial.class.getName(),
                        directory.toString(),
                        String.valueOf(plan.seed()),
                        first)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread limit = new Thread(() -> stop(process), "limit");
        limit.setDaemon(true);
        limit.start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            if (!CrashTrial.STARTED.equals(lines.readLine())) {
                throw new IOException("The lab did not start");
            }
            return lines.lines()
                    .filter(line -> line.startsWith(CrashTrial.CAUGHT) || line.equals(CrashTrial.PASSED))
                    .map(line -> line.length() > 160 ? line.substring(0, 160) : line)
                    .findFirst()
                    .orElse(CrashTrial.CAUGHT + "its process, which hung or died");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void stop(Process process) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
