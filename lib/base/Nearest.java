package lib.base;

import module java.base;

/** Finds the word that was probably meant by a misspelt one. */
public final class Nearest {
    private Nearest() {}

    /** The member of {@code known} with the fewest edits from {@code typed}, or null if none is near. */
    public static String to(String typed, Collection<String> known) {
        String nearest = null;
        int fewest = typed.length() / 3 + 2;
        for (String candidate : known) {
            int edits = edits(typed.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (edits < fewest) {
                fewest = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
