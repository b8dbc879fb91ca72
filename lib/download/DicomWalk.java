//SOURCES ../base/Printable.java Instance.java

package lib.download;

import module java.base;
import lib.base.Printable;

/**
 * Follows the elements of a DICOM file while its bytes pass (PS3.10, section 7; PS3.5, section 7 and annex A), to tell
 * whether the DICOM ends where the file ends, and which object it is. Values are passed over by their length, so that
 * only the header of one element is ever held.
 *
 * <p>An object that is refused can never be fetched, and archives keep much that is not by the book. So a file is
 * refused only if it stops inside an element, a sequence or a fragment, or has text behind its last element, as servers
 * add when they fail. What cannot be followed is left unchecked.
 */
final class DicomWalk implements AutoCloseable {
    private static final int PREAMBLE = 132;
    private static final int HEADER = 8;
    private static final int LONG_HEADER = 12;
    private static final int MOST_HELD = 256;

    // One writer has the trailer of gzip behind a deflated data set.
    private static final String FOLLOWED = "something follows its last element";

    // Two for each level of nesting: the sequence and its item.
    private static final int MOST_OPEN = 1 << 14;

    // It takes a second, and 256 kB may stand for that much.
    private static final long MOST_INFLATED = 256 << 20;

    private static final int MEDIA_STORAGE_SOP_INSTANCE_UID = 0x00020003;
    private static final int TRANSFER_SYNTAX_UID = 0x00020010;
    private static final int SOP_INSTANCE_UID = 0x00080018;
    private static final int SERIES_INSTANCE_UID = 0x0020000E;
    private static final int PIXEL_DATA = 0x7FE00010;
    private static final int ITEM = 0xFFFEE000;
    private static final int ITEM_END = 0xFFFEE00D;
    private static final int SEQUENCE_END = 0xFFFEE0DD;

    private static final String DICOM_UIDS = "1.2.840.10008.";
    private static final String IMPLICIT = "1.2.840.10008.1.2";
    private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";
    private static final List<String> DEFLATED =
            List.of("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205");

    // The value representations whose length has two bytes in explicit form, and those with four: all others too, those
    // of the future included (PS3.5, section 7.1.2).
    private static final String SHORT = "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US";
    private static final String LONG = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";

    private final byte[] held = new byte[MOST_HELD];
    private int count;
    private int wanted = PREAMBLE;
    private State state = State.START;

    /** How many bytes of a value are still to pass. */
    private long left;

    /** How many bytes have passed, of the deflated data set if there is one. */
    private long at;

    private boolean isMeta = true;
    private boolean isImplicit;
    private boolean isBigEndian;

    /** Whether the next element is the first of the meta header, the data set or an item, which shows its form. */
    private boolean isFirst = true;

    private int tag;
    private long elements;

    /** The sequences and items of undefined length around the next element, each with the form to return to. */
    private byte[] open = new byte[16];

    private int depth;
    private int outermost;

    private Inflater inflater;
    private byte[] inflated;
    private int padding;

    private boolean isBare;
    private String syntax = "";
    private String metaUid;
    private String uid;
    private String series;
    private String flaw;
    private String unchecked;

    /** What comes next. */
    private enum State {
        /** The preamble and the prefix. */
        START,
        /** The header of an element, item or delimiter. */
        HEADER,
        /** A value that is read. */
        VALUE,
        /** Padding behind the last element. */
        PADDING,
        /** Whatever it is, it changes nothing. */
        OVER
    }

    /** Follows {@code bytes}, the next ones of the file, which stay as they are. */
    void feed(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate();
        if (inflater == null) {
            follow(in);
        }
        if (inflater != null) {
            inflate(in);
        }
    }

    /** How many of the next {@code available} bytes need not be fed; they count as passed. */
    long passOver(long available) {
        long passed = inflater != null ? 0 : state == State.OVER ? available : Math.min(left, available);
        left -= Math.min(left, passed);
        at += passed;
        return passed;
    }

    private void follow(ByteBuffer in) {
        boolean isDeflated = inflater != null;
        while (in.hasRemaining() && state != State.OVER && isDeflated == (inflater != null)) {
            if (left > 0) {
                int passed = (int) Math.min(left, in.remaining());
                in.position(in.position() + passed);
                left -= passed;
                at += passed;
            } else if (state == State.PADDING) {
                pad(in);
            } else {
                int taken = Math.min(wanted - count, in.remaining());
                in.get(held, count, taken);
                count += taken;
                at += taken;
                if (count == wanted) {
                    step();
                }
            }
        }
    }

    private void step() {
        switch (state) {
            case START -> start();
            case VALUE -> value();
            default -> header();
        }
    }

    private void next() {
        state = State.HEADER;
        wanted = HEADER;
        count = 0;
    }

    /** Ends the preamble, or begins again with the first element of a file that has none. */
    private void start() {
        byte[] beginning = Arrays.copyOf(held, count);
        next();
        if (beginning.length == PREAMBLE && new String(beginning, 128, 4, StandardCharsets.ISO_8859_1).equals("DICM")) {
            return;
        }
        isBare = true;
        int first = beginning.length < HEADER ? 0 : beginning[0] | beginning[1];
        if (first == 2 || first == 8) {
            at = 0;
            feed(ByteBuffer.wrap(beginning));
        } else {
            state = State.OVER;
        }
    }

    private void header() {
        if (isMeta && group(tag()) != 2) {
            startDataSet();
        } else if (isPadding()) {
            beginPadding();
        } else if (isInSequence()) {
            // In a big endian data set the items of a UN are little endian all the same.
            isBigEndian = held[0] == -1;
            item();
        } else {
            element();
        }
    }

    private void startDataSet() {
        isMeta = false;
        isFirst = true;
        isImplicit = syntax.equals(IMPLICIT);
        isBigEndian = syntax.equals(BIG_ENDIAN);
        if (!syntax.isEmpty() && !syntax.startsWith(DICOM_UIDS)) {
            leave("its transfer syntax is " + Printable.cut(syntax, 80));
        } else if (DEFLATED.contains(syntax) && !(held[0] == 8 && held[1] == 0 && isOneOf(SHORT))) {
            byte[] beginning = Arrays.copyOf(held, HEADER);
            // Some wrap it as zlib does (RFC 1950, section 2.2), which PS3.5 does not allow.
            boolean isWrapped = beginning[0] == 0x78 && (0x7800 | beginning[1] & 255) % 31 == 0;
            inflater = new Inflater(!isWrapped);
            inflated = new byte[1 << 13];
            at = 0;
            next();
            inflate(ByteBuffer.wrap(beginning));
        } else {
            header();
        }
    }

    private void inflate(ByteBuffer in) {
        long followed = inflater.getBytesWritten();
        try {
            if (!inflater.finished()) {
                inflater.setInput(in);
            }
            // Whether it ends can be told even of a data set that cannot be followed.
            while (!inflater.finished() && flaw == null) {
                int length = inflater.inflate(inflated);
                if (length == 0 && inflater.needsInput()) {
                    return;
                }
                if (length == 0 && inflater.needsDictionary()) {
                    throw new DataFormatException();
                }
                follow(ByteBuffer.wrap(inflated, 0, length));
                followed += length;
                if (followed > MOST_INFLATED) {
                    giveUp("its deflated data set is longer than 256 MB");
                    return;
                }
            }
        } catch (DataFormatException broken) {
            follow(ByteBuffer.wrap(inflated, 0, (int) (inflater.getBytesWritten() - followed)));
            if (elements == 0) {
                giveUp("its data set is not deflated as its transfer syntax says");
            } else if (flaw == null) {
                refuse("its deflated data set is broken behind " + name(tag));
            }
            return;
        }
        if (inflater.finished() && state != State.OVER && state != State.PADDING) {
            String why = end();
            beginPadding();
            if (why != null) {
                refuse(why);
            }
        }
        if (state == State.PADDING) {
            pad(in);
        }
    }

    private void beginPadding() {
        state = State.PADDING;
        padding += count;
        count = 0;
    }

    /** Passes over padding behind the last element, and judges what is behind that. */
    private void pad(ByteBuffer in) {
        while (in.hasRemaining() && state != State.OVER) {
            byte b = in.get();
            if (count == 0 && (b == 0 || isBlank(b))) {
                padding++;
            } else {
                held[count++] = b;
                if (count == HEADER) {
                    judge(FOLLOWED);
                }
            }
        }
    }

    /** What stands between elements, without a VR (PS3.5, section 7.5): items and delimiters, even one too many. */
    private void item() {
        boolean isInSequence = isInSequence();
        int length = integer(4);
        switch (tag()) {
            // An item may lack its own delimiter.
            case SEQUENCE_END -> leaveOpen(isInSequence ? 1 : 2);
            case ITEM_END -> leaveOpen(isInSequence ? 0 : 1);
            case ITEM -> {
                if (isInSequence && length == -1) {
                    isFirst = true;
                    enter(true);
                } else if (isInSequence || depth == 0 && length != -1) {
                    left = Integer.toUnsignedLong(length);
                    next();
                } else {
                    lose();
                }
            }
            default -> lose();
        }
    }

    private boolean isInSequence() {
        return depth > 0 && (open[depth - 1] & 1) == 0;
    }

    private void element() {
        if (group(tag()) == 0xFFFE) {
            item();
            return;
        }
        if (isFirst) {
            isFirst = false;
            detectForm();
        }
        tag = tag();
        if (isImplicit && isText()) {
            lose();
        } else if (isImplicit) {
            value(integer(4));
        } else if (isOneOf(SHORT)) {
            value(half(6));
        } else if (!areCapitals()) {
            lose();
        } else if (count < LONG_HEADER) {
            wanted = LONG_HEADER;
        } else if (isOneOf(LONG) && half(6) != 0) {
            // Reserved and zero (PS3.5, table 7.1-1); some old writers have a length of two bytes there.
            lose();
        } else if (!isOneOf(LONG) && isShort()) {
            byte[] rest = Arrays.copyOfRange(held, HEADER, LONG_HEADER);
            value(half(6));
            // They were the beginning of the value, or of the next header.
            at -= rest.length;
            follow(ByteBuffer.wrap(rest));
        } else {
            value(integer(8));
        }
    }

    /**
     * Whether the length of an element of unknown VR has two bytes, as some writers have it. Four follow two NULs;
     * where these two are the length of an empty value, the tag that follows is one of the same group.
     */
    private boolean isShort() {
        return half(6) != 0 || half(8) == group(tag) && half(10) > (tag & 0xffff);
    }

    /** Some data sets and items have another form than the transfer syntax says: their first element shows it. */
    private void detectForm() {
        if (depth == 0 && !isMeta && (isBigEndian ? held[1] == 0 && held[0] != 0 : held[0] == 0 && held[1] != 0)) {
            isBigEndian = !isBigEndian;
        }
        // In an item, an element without a VR is rather an odd one than implicit.
        isImplicit = isImplicit ? !isOneOf(SHORT) && !isOneOf(LONG) : depth == 0 && !areCapitals();
    }

    /** Begins the value of an element. */
    private void value(int length) {
        elements += isMeta ? 0 : 1;
        if (length == -1) {
            // The items of a UN have the form that every reader knows (PS3.5, section 6.2.2).
            boolean isUnknown = !isImplicit && isOneOf("UN");
            enter(false);
            isImplicit = isImplicit || isUnknown;
            return;
        }
        boolean isRead = depth == 0
                && (isMeta
                        ? tag == MEDIA_STORAGE_SOP_INSTANCE_UID || tag == TRANSFER_SYNTAX_UID
                        : tag == SOP_INSTANCE_UID || tag == SERIES_INSTANCE_UID);
        next();
        if (isRead && length > 0 && length <= MOST_HELD) {
            state = State.VALUE;
            wanted = length;
        } else {
            left = Integer.toUnsignedLong(length);
        }
    }

    private void value() {
        String text = Instance.unpadded(new String(held, 0, count, StandardCharsets.ISO_8859_1));
        next();
        if (text.isEmpty()) {
            return;
        }
        switch (tag) {
            case MEDIA_STORAGE_SOP_INSTANCE_UID -> metaUid = text;
            case TRANSFER_SYNTAX_UID -> syntax = text;
            case SOP_INSTANCE_UID -> uid = text;
            default -> series = text;
        }
    }

    private void enter(boolean isItem) {
        if (depth == MOST_OPEN) {
            leave(name(tag) + " at offset " + (at - count) + " is nested too deep");
            return;
        }
        if (depth == open.length) {
            open = Arrays.copyOf(open, 2 * depth);
        }
        outermost = depth == 0 ? tag : outermost;
        open[depth++] = (byte) ((isItem ? 1 : 0) | (isImplicit ? 2 : 0) | (isBigEndian ? 4 : 0));
        next();
    }

    private void leaveOpen(int levels) {
        for (int i = 0; i < levels && depth > 0; i++) {
            byte form = open[--depth];
            isImplicit = (form & 2) != 0;
            isBigEndian = (form & 4) != 0;
        }
        tag = depth == 0 && levels > 0 ? outermost : tag;
        isFirst = false;
        next();
    }

    private void lose() {
        judge("the element " + name(tag()) + " at offset " + (at - count) + " cannot be followed");
    }

    /** Judges what is held and is no element: text is a server's; anything else stays unchecked for this reason. */
    private void judge(String why) {
        if (isText()) {
            String text = new String(held, 0, count, StandardCharsets.ISO_8859_1).strip();
            refuse("it has text behind its last element: " + Printable.line(text) + "...");
        } else {
            leave(why);
        }
    }

    private void giveUp(String why) {
        inflater.end();
        inflater = null;
        leave(why);
    }

    private void leave(String why) {
        unchecked = why;
        state = State.OVER;
    }

    private void refuse(String why) {
        flaw = why;
        state = State.OVER;
    }

    private int outermostOrLast() {
        return depth > 0 ? outermost : tag;
    }

    private int tag() {
        return half(0) << 16 | half(2);
    }

    private static int group(int tag) {
        return tag >>> 16;
    }

    /** The four bytes at {@code index} as a number. */
    private int integer(int index) {
        return isBigEndian ? half(index) << 16 | half(index + 2) : half(index + 2) << 16 | half(index);
    }

    /** The two bytes at {@code index} as a number. */
    private int half(int index) {
        int first = held[index] & 255;
        int second = held[index + 1] & 255;
        return isBigEndian ? first << 8 | second : second << 8 | first;
    }

    private boolean areCapitals() {
        return held[4] >= 'A' && held[4] <= 'Z' && held[5] >= 'A' && held[5] <= 'Z';
    }

    /** Whether the VR is one of {@code codes}. */
    private boolean isOneOf(String codes) {
        for (int i = 0; i < codes.length(); i += 3) {
            if (held[4] == codes.charAt(i) && held[5] == codes.charAt(i + 1)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether all that is held is padding behind the last element: NULs, and behind pixel data also blanks and line
     * ends, which would else be the beginning of a tag, as a single NUL may be.
     */
    private boolean isPadding() {
        boolean isBehindPixels = Integer.compareUnsigned(tag, PIXEL_DATA) >= 0;
        for (int i = 0; i < count; i++) {
            if (held[i] != 0 && !(isBehindPixels && isBlank(held[i]))) {
                return false;
            }
        }
        return depth == 0 && !isMeta && (isBehindPixels || count > 1 || at % 2 == 0);
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** Whether all that is held is ASCII text, perhaps behind padding. */
    private boolean isText() {
        int from = 0;
        while (from < count && held[from] == 0) {
            from++;
        }
        for (int i = from; i < count; i++) {
            if (!isText(held[i])) {
                return false;
            }
        }
        return from < count;
    }

    private static boolean isText(byte c) {
        return c >= ' ' && c < 127 || isBlank(c);
    }

    private static String name(int tag) {
        String digits = HexFormat.of().withUpperCase().toHexDigits(tag);
        return "(" + digits.substring(0, 4) + "," + digits.substring(4) + ")";
    }

    /** Why the file, all of which was fed, is not whole; null if it is, or could not be followed. */
    String flaw() {
        if (state == State.START) {
            start();
        }
        if (flaw == null && inflater != null && !inflater.finished()) {
            refuse("its deflated data set stops");
        }
        if (state == State.PADDING && count > 0) {
            judge(FOLLOWED);
        }
        if (state != State.OVER) {
            String why = end();
            beginPadding();
            refuse(why);
        }
        return flaw;
    }

    private String end() {
        if (left > 0 || state == State.VALUE) {
            return "it stops inside the value of " + name(outermostOrLast());
        }
        if (count > 0 && state == State.HEADER && !isPadding()) {
            return isText()
                    ? "it has text behind its last element"
                    : "it stops inside the header of an element behind " + name(outermostOrLast());
        }
        return depth > 0
                ? "it stops inside the sequence or the fragments of " + name(outermost)
                : elements == 0 ? "it has no data set" : null;
    }

    /** What is odd about a file that is whole, as the end of a sentence about it; null if nothing is. */
    String remark() {
        List<String> remarks = new ArrayList<>();
        if (unchecked != null) {
            remarks.add("was not checked to be whole: " + unchecked);
        }
        if (isBare) {
            remarks.add(syntax.isEmpty() ? "has no meta header" : "has no preamble");
        } else if (metaUid == null) {
            remarks.add("has no SOP Instance UID in its meta header");
        } else if (uid != null && !uid.equals(metaUid)) {
            remarks.add("has another SOP Instance UID in its meta header: " + Printable.cut(metaUid, 80));
        }
        // A deflated data set may be padded to an even length (PS3.5, section A.5).
        if (unchecked == null && padding > (inflater != null ? 1 : 0)) {
            remarks.add("has padding behind its last element");
        }
        return remarks.isEmpty() ? null : String.join(", ", remarks);
    }

    /** The SOP Instance UID in the data set, once it has passed; at the end that of the meta header if it has none. */
    String sopInstanceUid() {
        return uid == null && state == State.OVER ? metaUid : uid;
    }

    /** Whether {@link #sopInstanceUid} will not change any more. */
    boolean isIdentified() {
        return uid != null || state == State.OVER;
    }

    /** The Series Instance UID in the data set; null as long as it has not passed. */
    String seriesInstanceUid() {
        return series;
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
    }
}
