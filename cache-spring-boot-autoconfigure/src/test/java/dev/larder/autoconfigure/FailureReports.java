package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.larder.store.Codec;
import dev.larder.store.Weigher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;

/** What an application prints when it does not start. */
@ExtendWith(OutputCaptureExtension.class)
abstract class FailureReports {

    @TempDir
    Path directory;

    CapturedOutput output;

    @BeforeEach
    void capture(CapturedOutput captured) {
        this.output = captured;
    }

    String report(String yaml) {
        return report(yaml, getClass().getClassLoader());
    }

    /** What an application with this configuration file prints when it fails to start. */
    String report(String yaml, ClassLoader classLoader) {
        Throwable failure = catchThrowable(() -> new SpringApplicationBuilder(Application.class)
                .resourceLoader(new DefaultResourceLoader(classLoader))
                .web(WebApplicationType.NONE)
                .run("--spring.config.location=" + write(yaml).toUri())
                .close());
        assertThat(failure).isNotNull();
        return output.getAll().substring(output.getAll().indexOf("APPLICATION FAILED TO START"));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("application.yml"), yaml, StandardCharsets.UTF_8);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @ImportAutoConfiguration({LarderAutoConfiguration.class, CacheAutoConfiguration.class})
    static class Application {

        @Bean
        Weigher<String, String> length() {
            return (key, value) -> value.length();
        }

        @Bean
        Codec<Object> text() {
            return new TextCodec();
        }
    }
}
