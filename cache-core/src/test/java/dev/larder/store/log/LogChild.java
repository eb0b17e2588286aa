package dev.larder.store.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process with a store. Arguments: directory, {@link OnLocked}, and how long to wait in seconds. It says "open" or why not, and then
 * obeys lines: "put KEY VALUE", "get KEY", "close".
 */
final class LogChild {

    private LogChild() {}

    public static void main(String... arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("started");
        try (LogStore store = LogStore.at(Path.of(arguments[0]))
                .onLocked(OnLocked.valueOf(arguments[1]))
                .lockWait(Duration.ofSeconds(Long.parseLong(arguments[2])))
                .open()) {
            System.out.println("open");
            for (String line = in.readLine(); line != null && !line.equals("close"); line = in.readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("put")) {
                    store.put(words[1], words[2].getBytes(StandardCharsets.UTF_8));
                    System.out.println("done");
                } else {
                    System.out.println(LogSetup.text(store.get(words[1])));
                }
            }
        } catch (RuntimeException ex) {
            System.out.println(ex.getMessage());
        }
        System.out.println("end");
    }
}
