package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.larder.store.KeyCodec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class KeyCodecBeansTests {

    @Test
    void typeIsTheOneThatTheBeanIsDeclaredWith() {
        Map<Class<?>, KeyCodec<?>> found = find(Lambdas.class, ThreadCodec.class);
        assertThat(found).containsOnlyKeys(Money.class, List.class, Thread.class);
        assertThat(new SpringKeyCodec(found).encode(new Money("EUR")))
                .isEqualTo("1:dev.larder.spring.KeyCodecBeansTests$Money:\"EUR\"");
    }

    @Test
    void beanWithoutTypeIsRefusedWithARemedy() {
        assertThatIllegalStateException()
                .isThrownBy(() -> find(Raw.class))
                .withMessage("The bean 'untyped' does not say which keys it is for: declare it as"
                        + " KeyCodec<TypeOfTheKeys>");
    }

    @Test
    void twoBeansForOneTypeAreRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> find(Lambdas.class, Second.class))
                .withMessageContaining("two KeyCodec beans for keys of " + Money.class.getName());
    }

    private static Map<Class<?>, KeyCodec<?>> find(Class<?>... configuration) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(configuration)) {
            return KeyCodecBeans.find(context.getBeanFactory());
        }
    }

    record Money(String currency) {}

    @Configuration(proxyBeanMethods = false)
    static class Lambdas {

        @Bean
        KeyCodec<Money> moneyCodec() {
            return Money::currency;
        }

        @Bean
        KeyCodec<List<Integer>> listCodec() {
            return List::toString;
        }
    }

    static class ThreadCodec implements KeyCodec<Thread> {

        @Override
        public String encode(Thread key) {
            return key.getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Raw {

        @Bean
        @SuppressWarnings("rawtypes")
        KeyCodec untyped() {
            return Object::toString;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Second {

        @Bean
        KeyCodec<Money> another() {
            return Money::currency;
        }
    }
}
