import module java.base;

/** Writes a DICOM file element by element, as odd as one likes. */
final class DicomBytes {
    static final String IMPLICIT = "1.2.840.10008.1.2";
    static final String EXPLICIT = "1.2.840.10008.1.2.1";
    static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    static final String BIG = "1.2.840.10008.1.2.2";
    static final String JPEG = "1.2.840.10008.1.2.4.50";

    static final int PIXEL_DATA = 0x7FE00010;

    private static final int UNDEFINED = -1;
    private static final int ITEM = 0xFFFEE000;
    private static final int ITEM_END = 0xFFFEE00D;
    private static final int SEQUENCE_END = 0xFFFEE0DD;
    private static final String SHORT = "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Set<Integer> ends = new TreeSet<>();
    private boolean isImplicit;
    private boolean isBig;
    private int depth;

    /** The preamble and the prefix. */
    DicomBytes preamble() {
        return raw(new byte[128]).raw("DICM");
    }

    /** A meta header with these UIDs, each left out if it is null. */
    DicomBytes meta(String uid, String syntax) {
        DicomBytes group = new DicomBytes();
        group.element(0x00020001, "OB", new byte[] {0, 1}).text(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.7");
        if (uid != null) {
            group.text(0x00020003, "UI", uid);
        }
        if (syntax != null) {
            group.text(0x00020010, "UI", syntax);
        }
        ByteBuffer length =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, group.bytes().length);
        element(0x00020000, "UL", length.array()).raw(group.bytes());
        isImplicit = IMPLICIT.equals(syntax);
        isBig = BIG.equals(syntax);
        ends.clear();
        ends.add(out.size());
        return this;
    }

    /** From now on, writes in this form. */
    DicomBytes form(boolean implicit, boolean big) {
        isImplicit = implicit;
        isBig = big;
        return this;
    }

    /** What identifies an object, and some more. */
    DicomBytes identity(String series, String uid) {
        return text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
                .text(0x00080018, "UI", uid)
                .text(0x00100010, "PN", "Doe^Jane")
                .text(0x0020000D, "UI", series.substring(0, series.lastIndexOf('.')))
                .text(0x0020000E, "UI", series);
    }

    DicomBytes text(int tag, String vr, String value) {
        String pad = value.length() % 2 == 0 ? "" : vr.equals("UI") ? "\0" : " ";
        return element(tag, vr, (value + pad).getBytes(StandardCharsets.ISO_8859_1));
    }

    DicomBytes element(int tag, String vr, byte[] value) {
        return header(tag, vr, value.length).raw(value).ended();
    }

    /** The header of an element, alone; {@code vr} may be unknown. */
    DicomBytes header(int tag, String vr, int length) {
        tag(tag);
        if (isImplicit) {
            return number(length);
        }
        raw(vr);
        return SHORT.contains(vr) ? half(length) : half(0).number(length);
    }

    /** Begins a sequence, or fragments, of undefined length. */
    DicomBytes open(int tag, String vr) {
        depth++;
        return header(tag, vr, UNDEFINED);
    }

    /** Begins an item of undefined length. */
    DicomBytes item() {
        depth++;
        return tag(ITEM).number(UNDEFINED);
    }

    /** An item, or a fragment, of defined length. */
    DicomBytes item(byte[] value) {
        return tag(ITEM).number(value.length).raw(value);
    }

    DicomBytes endItem() {
        depth--;
        return tag(ITEM_END).number(0);
    }

    DicomBytes close() {
        depth--;
        return tag(SEQUENCE_END).number(0).ended();
    }

    DicomBytes tag(int tag) {
        return half(tag >>> 16).half(tag);
    }

    DicomBytes number(int number) {
        return raw(ByteBuffer.allocate(4).order(order()).putInt(0, number).array());
    }

    DicomBytes half(int number) {
        return raw(ByteBuffer.allocate(2)
                .order(order())
                .putShort(0, (short) number)
                .array());
    }

    private ByteOrder order() {
        return isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    DicomBytes raw(String text) {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    DicomBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Notes that a top-level element ends here. */
    DicomBytes ended() {
        if (depth == 0) {
            ends.add(out.size());
        }
        return this;
    }

    /** {@code dataSet} deflated, wrapped as zlib does or not. */
    DicomBytes deflated(DicomBytes dataSet, boolean isWrapped) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, !isWrapped);
        deflater.setInput(dataSet.bytes());
        deflater.finish();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return ended();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** Where the data set or one of its elements may end, so that nothing shows a cut there. */
    Set<Integer> ends() {
        return ends;
    }
}
