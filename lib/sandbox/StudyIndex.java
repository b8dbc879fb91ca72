//SOURCES Attribute.java

package lib.sandbox;

import module java.base;

/**
 * What an archive holds: patients with their studies, series and instances.
 *
 * @param patients the patients
 */
public record StudyIndex(List<Item> patients) {
    /** Makes an index of these patients. */
    public StudyIndex {
        patients = List.copyOf(patients);
    }

    /**
     * A patient, study, series or instance. Values are DICOM text: {@code \} separates values, {@code =} the component
     * groups of a name.
     */
    public static final class Item {
        private final Item parent;
        private final Attribute.Level level;
        private Attribute[] attributes = {};
        private String[] values = {};
        private final List<Item> children = new ArrayList<>();

        private Item(Item parent, Attribute.Level level) {
            this.parent = parent;
            this.level = level;
        }

        /** A patient. */
        public static Item patient(String... keywordsAndValues) {
            return new Item(null, Attribute.Level.PATIENT).set(keywordsAndValues);
        }

        /** Adds an item one level below, and returns that. */
        public Item add(String... keywordsAndValues) {
            Item child = new Item(this, Attribute.Level.values()[level.ordinal() + 1]).set(keywordsAndValues);
            children.add(child);
            return child;
        }

        /** The items one level below. */
        public List<Item> children() {
            return Collections.unmodifiableList(children);
        }

        /** The value of {@code keyword} on this level or above; empty if there is none. */
        public String value(String keyword) {
            return value(Attribute.keyword(keyword));
        }

        /** The path of a study, series or instance in a web application. */
        String path() {
            String path = "/studies/" + value("StudyInstanceUID");
            if (level.compareTo(Attribute.Level.SERIES) >= 0) {
                path += "/series/" + value("SeriesInstanceUID");
            }
            return level == Attribute.Level.INSTANCE ? path + "/instances/" + value("SOPInstanceUID") : path;
        }

        Attribute.Level level() {
            return level;
        }

        /** The value of {@code attribute} on this level or above; numbers of items below are counted unless set. */
        String value(Attribute attribute) {
            if (attribute.level().ordinal() < level.ordinal() && attribute.level() != Attribute.Level.ANY) {
                return parent.value(attribute);
            }
            for (int i = 0; i < attributes.length; i++) {
                if (attributes[i] == attribute) {
                    return values[i];
                }
            }
            return switch (attribute.keyword()) {
                case "SpecificCharacterSet" -> "ISO_IR 192";
                case "NumberOfPatientRelatedStudies", "NumberOfStudyRelatedSeries", "NumberOfSeriesRelatedInstances" ->
                    Integer.toString(children.size());
                case "NumberOfStudyRelatedInstances" ->
                    Integer.toString(children.stream()
                            .mapToInt(series -> series.children.size())
                            .sum());
                case "ModalitiesInStudy" -> below("Modality");
                case "SOPClassesInStudy" ->
                    children.isEmpty() ? "" : children.getFirst().below("SOPClassUID");
                default -> "";
            };
        }

        private String below(String keyword) {
            TreeSet<String> distinct = new TreeSet<>();
            for (Item child : children) {
                distinct.add(child.value(keyword));
            }
            return String.join("\\", distinct);
        }

        // Two small arrays an item save memory: an index may have 90,000 studies.
        private Item set(String... keywordsAndValues) {
            attributes = new Attribute[keywordsAndValues.length / 2];
            values = new String[attributes.length];
            for (int i = 0; i < attributes.length; i++) {
                attributes[i] = Attribute.keyword(keywordsAndValues[2 * i]);
                values[i] = keywordsAndValues[2 * i + 1];
            }
            return this;
        }
    }
}
