package dev.larder.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What to measure in {@link Rounds}.
 *
 * @param benchmark has a method for each workload, and takes one of the enum as its parameter
 * @param baselines whom to compare with; only those that are contestants count
 * @param unit of time: what is printed are operations in each
 * @param unitName how the tables call the unit
 * @param parameters of the benchmark, beside the contestant
 * @param memory the heap of a fork, as the JVM is told
 */
record Speed<E extends Enum<E>>(
        Class<?> benchmark,
        List<E> contestants,
        List<E> baselines,
        List<String> workloads,
        TimeUnit unit,
        String unitName,
        Map<String, String> parameters,
        String memory) {}
