package dev.larder.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches unless {@code spring.cache.type} asks for one of Spring Boot's own caches. */
final class OnNoSpringCacheType extends SpringBootCondition {

    static final String KEY = "spring.cache.type";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Larder");
        String type = context.getEnvironment().getProperty(KEY);
        return StringUtils.hasText(type)
                ? ConditionOutcome.noMatch(message.because(KEY + " is " + type))
                : ConditionOutcome.match(message.because(KEY + " is not set"));
    }
}
