package lib.download;

/**
 * A UID (PS3.5, section 9.1) in 48 bytes, where its text takes up to 104: sixteen of its signs fit into a number, and
 * those who search for all studies of a hospital have hundreds of thousands to remember.
 */
record Uid(long first, long second, long third, long fourth) {
    private static final int IN_A_NUMBER = 16;
    private static final int BITS = 4;

    // A sign is its place here, and 0 stands behind the last one.
    private static final String SIGNS = "\0000123456789.";

    /** The UID {@code text}, which {@link Instance#isUid}. */
    static Uid of(String text) {
        return new Uid(number(text, 0), number(text, 1), number(text, 2), number(text, 3));
    }

    private static long number(String text, int index) {
        long number = 0;
        int end = Math.min(text.length(), (index + 1) * IN_A_NUMBER);
        for (int i = index * IN_A_NUMBER; i < end; i++) {
            number |= (long) SIGNS.indexOf(text.charAt(i)) << i % IN_A_NUMBER * BITS;
        }
        return number;
    }

    // UIDs differ in their last signs most, which a sum of the numbers would mix up.
    @Override
    public int hashCode() {
        long spread = 0x9e3779b97f4a7c15L;
        long hash = (((first * spread + second) * spread + third) * spread + fourth) * spread;
        return (int) (hash ^ hash >>> 32);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(4 * IN_A_NUMBER);
        for (long number : new long[] {first, second, third, fourth}) {
            for (long rest = number; rest != 0; rest >>>= BITS) {
                text.append(SIGNS.charAt((int) rest & 15));
            }
        }
        return text.toString();
    }
}
