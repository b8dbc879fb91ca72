//SOURCES Attribute.java

package lib.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an archive holds: patients with their studies, series and instances.
 *
 * @param patients the patients
 */
public record StudyIndex(List<Item> patients) {

    /**
     * A patient, study, series or instance. Values are DICOM text: {@code \} between values, {@code =} between the
     * component groups of a name.
     */
    public static final class Item {
        private final Item parent;
        private final Attribute.Level level;
        private final Map<String, String> values = new TreeMap<>();
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

        /** What lies one level below. */
        public List<Item> children() {
            return children;
        }

        /** The value of {@code keyword} here or above; empty if there is none. */
        public String value(String keyword) {
            return value(Attribute.keyword(keyword));
        }

        Attribute.Level level() {
            return level;
        }

        /** The value of {@code attribute} here or above; those that count what is below are made up to date. */
        String value(Attribute attribute) {
            if (attribute.level().ordinal() < level.ordinal() && attribute.level() != Attribute.Level.ANY) {
                return parent.value(attribute);
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
                default -> values.getOrDefault(attribute.tag(), "");
            };
        }

        private String below(String keyword) {
            TreeSet<String> distinct = new TreeSet<>();
            for (Item child : children) {
                distinct.add(child.value(keyword));
            }
            return String.join("\\", distinct);
        }

        private Item set(String... keywordsAndValues) {
            for (int i = 0; i + 1 < keywordsAndValues.length; i += 2) {
                values.put(Attribute.keyword(keywordsAndValues[i]).tag(), keywordsAndValues[i + 1]);
            }
            return this;
        }
    }
}
