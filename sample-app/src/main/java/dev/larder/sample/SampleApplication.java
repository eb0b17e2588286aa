package dev.larder.sample;

import dev.larder.store.Weigher;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;

/** Starts the sample. Where each cache lives is in {@code application.yml}. */
@SpringBootApplication
@EnableCaching
public class SampleApplication {

    public static void main(String[] args) {
        SpringApplication.run(SampleApplication.class, args);
    }

    /** Weighs the entries of the cache {@code pictures}, in bytes; named in {@code application.yml}. */
    @Bean
    Weigher<Object, Object> pictureWeigher() {
        return (prefix, picture) -> ((byte[]) picture).length;
    }
}
