//SOURCES Attribute.java DicomFile.java SampleStudies.java Search.java StudyIndex.java

package lib.sandbox;

import module java.base;

/** What the archive holds: the index, and a file for each instance except lost ones. */
final class Holdings {
    private static final int REMEMBERED = 8;

    /** The matches of the last searches by their keys, kept because clients page through them. */
    private final Map<List<Object>, List<StudyIndex.Item>> found = new HashMap<>();

    private volatile StudyIndex index = SampleStudies.index();
    private volatile long pixelBytes = DicomFile.Pixels.FRAME;
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

    StudyIndex index() {
        return index;
    }

    synchronized void index(StudyIndex newIndex) {
        index = newIndex;
        found.clear();
    }

    /** All that match {@code search}, in its order. */
    synchronized List<StudyIndex.Item> matches(Search search) {
        if (found.size() > REMEMBERED) {
            found.clear();
        }
        return found.computeIfAbsent(search.key(), key -> search.matches(index));
    }

    void pixelBytes(long bytes) {
        if (!DicomFile.Pixels.isSize(bytes)) {
            throw new IllegalArgumentException(bytes + " is no multiple of 32768, nor even and at most 131070");
        }
        pixelBytes = bytes;
    }

    Set<String> lost() {
        return lost;
    }

    /** The path of the file of {@code instance} on the archive's disk. */
    static String path(StudyIndex.Item instance) {
        return "/storage/fs1/2026/11/22/" + name(instance, "StudyInstanceUID") + "/"
                + name(instance, "SeriesInstanceUID") + "/" + name(instance, "SOPInstanceUID");
    }

    /** The UID as it is in file names. */
    static String name(StudyIndex.Item item, String keyword) {
        return HexFormat.of().withUpperCase().toHexDigits(item.value(keyword).hashCode());
    }

    boolean isLost(StudyIndex.Item instance) {
        return lost.contains(instance.value("SOPInstanceUID"));
    }

    /** The stored file of this SOP Instance UID; throws IllegalArgumentException for an unknown UID. */
    DicomFile stored(String sopInstanceUid) {
        StudyIndex.Item instance = find(Map.of(Attribute.keyword("SOPInstanceUID"), sopInstanceUid));
        if (instance == null) {
            throw new IllegalArgumentException(sopInstanceUid);
        }
        return file(instance, DicomFile.EXPLICIT);
    }

    DicomFile file(StudyIndex.Item instance, String transferSyntax) {
        return new DicomFile(instance, transferSyntax, pixelBytes);
    }

    /** The item that {@code uids}, from the study down, name; null if there is none. */
    StudyIndex.Item find(Map<Attribute, String> uids) {
        List<StudyIndex.Item> items = index.patients();
        int named = 0;
        for (String keyword : List.of("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")) {
            Attribute attribute = Attribute.keyword(keyword);
            String uid = uids.get(attribute);
            if (named < uids.size()) {
                items = items.stream()
                        .flatMap(item -> item.children().stream())
                        .filter(item -> uid == null || item.value(attribute).equals(uid))
                        .toList();
            }
            named += uid == null ? 0 : 1;
        }
        return items.isEmpty() ? null : items.getFirst();
    }

    /** The instances at and below {@code item}. */
    static List<StudyIndex.Item> instances(StudyIndex.Item item) {
        return item.level() == Attribute.Level.INSTANCE
                ? List.of(item)
                : item.children().stream()
                        .flatMap(child -> instances(child).stream())
                        .toList();
    }
}
