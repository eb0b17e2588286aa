package dev.larder.sample;

/** How different two words are. */
final class EditDistance {

    private EditDistance() {}

    /** The least number of letters to insert, delete or change that makes one word of the other (Levenshtein). */
    static int between(String one, String other) {
        int[] above = new int[other.length() + 1];
        int[] row = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            above[column] = column;
        }
        for (int i = 1; i <= one.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
            }
            int[] swap = above;
            above = row;
            row = swap;
        }
        return above[other.length()];
    }
}
