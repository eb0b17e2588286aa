package dev.larder.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What several rounds gave. */
record Spread(double lowest, double median, double highest) {

    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
        return new Spread(sorted.get(0), median, sorted.get(size - 1));
    }

    /** The ratios within each round, which are steadier than the ratio of what the rounds gave together. */
    static Spread ofRatios(List<Double> values, List<Double> others) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < values.size(); round++) {
            ratios.add(values.get(round) / others.get(round));
        }
        return of(ratios);
    }
}
