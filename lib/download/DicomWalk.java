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
final class DicomWalk {
    private static final int PREAMBLE = 132;
    private static final int HEADER = 8;
    private static final int LONG_HEADER = 12;
    private static final int LONGEST_UID = 256;

    // How much is read at once of a deflated data set.
    private static final int PIECE = 1 << 13;

    // The levels of nesting, two for each: the sequence and its item.
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
    private static final Set<String> DEFLATED =
            Set.of("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205");

    // The value representations whose length has two bytes in explicit form, and those with four: all others too, those
    // of the future included (PS3.5, section 7.1.2).
    private static final Set<String> SHORT =
            Set.of("AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split(" "));
    private static final Set<String> LONG = Set.of("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" "));

    private PushbackInputStream in;
    private Inflated inflated;

    /** The header of an element, item or delimiter, or as much of it as there is. */
    private final byte[] held = new byte[LONG_HEADER];

    private int count;

    /** How many bytes have passed, of the deflated data set if there is one. */
    private long at;

    private boolean isMeta = true;
    private boolean isImplicit;
    private boolean isBigEndian;

    /** Whether the next element is the first of the meta header, the data set or an item, which shows its form. */
    private boolean isFirst = true;

    /** The tag of the last element of the data set itself, or of that around all open ones. */
    private int tag;

    private long elements;

    /** The sequences and items of undefined length around the next element. */
    private final Deque<Open> open = new ArrayDeque<>();

    private int padding;
    private boolean isBare;
    private String syntax = "";
    private String metaUid;
    private String uid;
    private String series;
    private String flaw;
    private String unchecked;
    private boolean isOver;

    /** A sequence or an item, with the form to return to behind it. */
    private record Open(boolean isItem, boolean isImplicit, boolean isBigEndian) {}

    /** Ends the walk: the file is not whole, or cannot be followed. */
    private static final class Over extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Reads {@code file} to its end and follows its elements; what it cannot follow it skips. */
    void follow(InputStream file) throws IOException {
        in = new PushbackInputStream(file, PIECE);
        try {
            start();
            while (hasNext()) {
                if (isInSequence()) {
                    // In a big endian data set the items of a UN are little endian all the same.
                    isBigEndian = held[0] == -1;
                    item();
                } else {
                    element();
                }
            }
            end();
        } catch (Over judged) {
            // It is in the flaw, or in what was not checked.
        } catch (EOFException cut) {
            boolean isInflated = inflated == null || inflated.isEnded();
            flaw = isInflated ? "it stops inside the value of " + name(tag) : "its deflated data set stops";
        } catch (ZipException broken) {
            if (elements == 0) {
                unchecked = "its data set is not deflated as its transfer syntax says";
            } else {
                flaw = "its deflated data set is broken behind " + name(tag);
            }
        } finally {
            isOver = true;
            if (inflated != null) {
                inflated.close();
            }
        }
        while (file.skip(Long.MAX_VALUE) > 0) {}
    }

    /** Passes over the preamble, which a file may lack. */
    private void start() throws IOException {
        byte[] beginning = in.readNBytes(PREAMBLE);
        if (beginning.length == PREAMBLE && new String(beginning, 128, 4, StandardCharsets.ISO_8859_1).equals("DICM")) {
            at = PREAMBLE;
            return;
        }
        isBare = true;
        int first = beginning.length < HEADER ? 0 : beginning[0] | beginning[1];
        if (first != 2 && first != 8) {
            leave("it does not begin as DICOM does");
        }
        in.unread(beginning);
    }

    /** Reads the next header; false at the end of the data set, and at padding behind it. */
    private boolean hasNext() throws IOException {
        count = 0;
        read(HEADER);
        if (isMeta && count == HEADER && group(tag()) != 2) {
            startDataSet();
        }
        return count == HEADER && !isPadding();
    }

    /** Reads {@code length} bytes behind those that are held, or as many as there are. */
    private void read(int length) throws IOException {
        int some = in.readNBytes(held, count, length);
        count += some;
        at += some;
    }

    private void skip(long length) throws IOException {
        in.skipNBytes(length);
        at += length;
    }

    private void startDataSet() throws IOException {
        isMeta = false;
        isFirst = true;
        isImplicit = syntax.equals(IMPLICIT);
        isBigEndian = syntax.equals(BIG_ENDIAN);
        if (!syntax.isEmpty() && !syntax.startsWith(DICOM_UIDS)) {
            leave("its transfer syntax is " + Printable.cut(syntax, 80));
        }
        if (DEFLATED.contains(syntax) && !(held[0] == 8 && held[1] == 0 && SHORT.contains(vr()))) {
            in.unread(held, 0, HEADER);
            // Some wrap it as zlib does (RFC 1950, section 2.2), which PS3.5 does not allow.
            boolean isWrapped = held[0] == 0x78 && (0x7800 | held[1] & 255) % 31 == 0 && (held[1] & 0x20) == 0;
            inflated = new Inflated(in, isWrapped);
            in = new PushbackInputStream(inflated, HEADER);
            at = 0;
            count = 0;
            read(HEADER);
        }
    }

    /** What stands between elements, without a VR (PS3.5, section 7.5): items and delimiters, even one too many. */
    private void item() throws IOException {
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
                } else if (isInSequence || open.isEmpty() && length != -1) {
                    skip(Integer.toUnsignedLong(length));
                } else {
                    lose();
                }
            }
            default -> lose();
        }
    }

    private boolean isInSequence() {
        return !open.isEmpty() && !open.peek().isItem();
    }

    private void element() throws IOException {
        if (group(tag()) == 0xFFFE) {
            item();
            return;
        }
        if (isFirst) {
            isFirst = false;
            detectForm();
        }
        tag = open.isEmpty() ? tag() : tag;
        if (isImplicit && isText()) {
            lose();
        } else if (isImplicit) {
            value(integer(4));
        } else if (SHORT.contains(vr())) {
            value(half(6));
        } else if (areCapitals()) {
            read(LONG_HEADER - HEADER);
            longElement();
        } else {
            lose();
        }
    }

    private void longElement() throws IOException {
        boolean isKnown = LONG.contains(vr());
        if (count < LONG_HEADER) {
            refuseHeader();
        } else if (isKnown && half(6) != 0) {
            // Reserved and zero (PS3.5, table 7.1-1); some old writers have a length of two bytes there.
            lose();
        } else if (!isKnown && isShort()) {
            // What follows the length was the beginning of the value, or of the next header.
            in.unread(held, HEADER, LONG_HEADER - HEADER);
            at -= LONG_HEADER - HEADER;
            value(half(6));
        } else {
            value(integer(8));
        }
    }

    /**
     * Whether the length of an element of unknown VR has two bytes, as some writers have it. Four follow two NULs;
     * where these two are the length of an empty value, the tag that follows is one of the same group.
     */
    private boolean isShort() {
        return half(6) != 0 || half(8) == half(0) && half(10) > half(2);
    }

    /** Some data sets and items have another form than the transfer syntax says: their first element shows it. */
    private void detectForm() {
        boolean isOutside = open.isEmpty();
        if (isOutside && !isMeta && (isBigEndian ? held[1] == 0 && held[0] != 0 : held[0] == 0 && held[1] != 0)) {
            isBigEndian = !isBigEndian;
        }
        // In an item, an element without a VR is rather an odd one than implicit.
        isImplicit = isImplicit ? !SHORT.contains(vr()) && !LONG.contains(vr()) : isOutside && !areCapitals();
    }

    /** Passes over the value of an element, or into it. */
    private void value(int length) throws IOException {
        elements += isMeta ? 0 : 1;
        if (length == -1) {
            // The items of a UN have the form that every reader knows (PS3.5, section 6.2.2).
            boolean isUnknown = !isImplicit && vr().equals("UN");
            enter(false);
            isImplicit = isImplicit || isUnknown;
            return;
        }
        boolean isUid = open.isEmpty()
                && (isMeta
                        ? tag == MEDIA_STORAGE_SOP_INSTANCE_UID || tag == TRANSFER_SYNTAX_UID
                        : tag == SOP_INSTANCE_UID || tag == SERIES_INSTANCE_UID);
        if (isUid && length > 0 && length <= LONGEST_UID) {
            uid(length);
        } else {
            skip(Integer.toUnsignedLong(length));
        }
    }

    private void uid(int length) throws IOException {
        byte[] value = in.readNBytes(length);
        at += value.length;
        if (value.length < length) {
            throw new EOFException();
        }
        String text = Instance.unpadded(new String(value, StandardCharsets.ISO_8859_1));
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

    private void enter(boolean isItem) throws IOException {
        if (open.size() == MOST_OPEN) {
            leave(name(tag) + " at offset " + (at - count) + " is nested too deep");
        }
        open.push(new Open(isItem, isImplicit, isBigEndian));
    }

    private void leaveOpen(int levels) {
        for (int i = 0; i < levels && !open.isEmpty(); i++) {
            Open left = open.pop();
            isImplicit = left.isImplicit();
            isBigEndian = left.isBigEndian();
        }
        isFirst = false;
    }

    /** Judges what is behind the last element: nothing, padding, or more. */
    private void end() throws IOException {
        if (count > 0 && !isPadding()) {
            refuseHeader();
        }
        if (!open.isEmpty()) {
            refuse("it stops inside the sequence or the fragments of " + name(tag));
        }
        padding = count;
        pad();
        if (inflated != null) {
            in = inflated.rest();
            pad();
        }
        if (elements == 0) {
            refuse("it has no data set");
        }
    }

    /** Passes over padding behind the last element, and judges what is behind that. */
    private void pad() throws IOException {
        int next = in.read();
        while (next == 0 || isBlank(next)) {
            padding++;
            next = in.read();
        }
        if (next >= 0) {
            held[0] = (byte) next;
            count = 1;
            read(HEADER - 1);
            // One writer has the trailer of gzip behind a deflated data set.
            judge("something follows its last element");
        }
    }

    private void lose() throws IOException {
        judge("the element " + name(tag()) + " at offset " + (at - count) + " cannot be followed");
    }

    /** Judges what is held and is no element: text is a server's; anything else stays unchecked for this reason. */
    private void judge(String why) throws IOException {
        if (isText()) {
            String text = new String(held, 0, count, StandardCharsets.ISO_8859_1).strip();
            refuse("it has text behind its last element: " + Printable.line(text) + "...");
        }
        leave(why);
    }

    private void leave(String why) throws IOException {
        unchecked = why;
        // Whether it ends can be told even of a deflated data set that cannot be followed.
        while (inflated != null && inflated.skip(PIECE) > 0) {}
        throw new Over();
    }

    private void refuse(String why) throws Over {
        flaw = why;
        throw new Over();
    }

    private void refuseHeader() throws Over {
        refuse(
                isText()
                        ? "it has text behind its last element"
                        : "it stops inside the header of an element behind " + name(tag));
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

    private String vr() {
        return new String(held, 4, 2, StandardCharsets.ISO_8859_1);
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
        return open.isEmpty() && !isMeta && (isBehindPixels || count > 1 || at % 2 == 0);
    }

    private static boolean isBlank(int c) {
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

    /** Why the file is not whole; null if it is, or could not be followed. */
    String flaw() {
        return flaw;
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
        if (unchecked == null && padding > (inflated != null ? 1 : 0)) {
            remarks.add("has padding behind its last element");
        }
        return remarks.isEmpty() ? null : String.join(", ", remarks);
    }

    /** The SOP Instance UID in the data set, once it has passed; at the end that of the meta header if it has none. */
    String sopInstanceUid() {
        return uid == null && isOver ? metaUid : uid;
    }

    /** Whether {@link #sopInstanceUid} will not change any more. */
    boolean isIdentified() {
        return uid != null || isOver;
    }

    /** The Series Instance UID in the data set; null as long as it has not passed. */
    String seriesInstanceUid() {
        return series;
    }

    /** A data set that is inflated as it is read, and what follows it in the file. */
    private final class Inflated extends InflaterInputStream {
        private final PushbackInputStream file;

        Inflated(PushbackInputStream file, boolean isWrapped) {
            super(file, new Inflater(!isWrapped), PIECE);
            this.file = file;
        }

        @Override
        protected void fill() throws IOException {
            if (inf.getBytesWritten() > MOST_INFLATED) {
                unchecked = "its deflated data set is longer than 256 MB";
                throw new Over();
            }
            super.fill();
        }

        /** Whether the last byte of it has been read. */
        boolean isEnded() {
            return inf.finished();
        }

        /** What follows it, once it has ended. */
        PushbackInputStream rest() throws IOException {
            file.unread(buf, len - inf.getRemaining(), inf.getRemaining());
            return file;
        }

        @Override
        public void close() {
            inf.end();
        }
    }
}
