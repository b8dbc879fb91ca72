package lib.arc;

import java.util.Arrays;

/**
 * Which rows came on earlier pages, in eight bytes each. Within one page nothing counts as seen: two patients may look
 * alike.
 */
final class SeenRows {
    private long[] table = new long[1 << 10];
    private int size;
    private long[] page = new long[1 << 8];
    private int onPage;

    /** Whether the row with this identity came on an earlier page; it is remembered for the next ones. */
    boolean isRepeated(String identity) {
        long hash = hash(identity);
        boolean repeated = table[place(hash)] != 0;
        if (!repeated) {
            if (onPage == page.length) {
                page = Arrays.copyOf(page, 2 * onPage);
            }
            page[onPage++] = hash;
        }
        return repeated;
    }

    /** Ends a page: what was on it is now earlier. */
    void turn() {
        for (int i = 0; i < onPage; i++) {
            add(page[i]);
        }
        onPage = 0;
    }

    private void add(long hash) {
        int place = place(hash);
        if (table[place] != 0) {
            return;
        }
        table[place] = hash;
        if (++size > table.length / 2) {
            long[] full = table;
            table = new long[2 * full.length];
            for (long kept : full) {
                if (kept != 0) {
                    table[place(kept)] = kept;
                }
            }
        }
    }

    /** Where {@code hash} is, or belongs. */
    private int place(long hash) {
        int place = (int) (hash ^ hash >>> 32) & table.length - 1;
        while (table[place] != 0 && table[place] != hash) {
            place = place + 1 & table.length - 1;
        }
        return place;
    }

    // FNV-1a of 64 bits, spread once more: among 100,000 rows two are mixed up in one run of a thousand million.
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        return hash == 0 ? 1 : hash;
    }
}
