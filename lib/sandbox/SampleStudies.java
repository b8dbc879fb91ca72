//SOURCES StudyIndex.java

package lib.sandbox;

import module java.base;

/** Three patients with four studies: names beyond ASCII, different years, two modalities in one study. */
public final class SampleStudies {
    /** The root of all UIDs here; a study is a number below it, a series a number below that. */
    public static final String ROOT = "1.2.826.0.1.3680043.10.9999.";

    private SampleStudies() {}

    /** A new index with the four studies. */
    public static StudyIndex index() {
        StudyIndex.Item mueller = patient("PAT-0001", "M\u00fcller^J\u00fcrgen", "19610203", "M");
        StudyIndex.Item yamada = patient(
                "PAT-0002",
                "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce=\u3084\u307e\u3060^\u305f\u308d\u3046",
                "19850917",
                "M");
        StudyIndex.Item doe = patient("PAT-0003", "Doe^Jane", "20010101", "F");

        StudyIndex.Item chest = study(mueller, 1, "20240115", "101500", "CT Chest");
        series(chest, 1, "CT", "Axial 2.5mm", 12);
        series(chest, 2, "CT", "Coronal", 8);
        StudyIndex.Item brain = study(yamada, 2, "20240220", "083000.123", "MR Brain & neck <T1>");
        series(brain, 1, "MR", "T1 SE", 10);
        series(brain, 2, "MR", "T2 TSE", 10);
        StudyIndex.Item abdomen = study(doe, 3, "20250301", "235959", "CT Abdomen");
        series(abdomen, 1, "CT", "Axial", 10);
        series(abdomen, 2, "CT", "Sagittal", 9);
        StudyIndex.Item whole = study(mueller, 4, "20221108", "140000", "PET/CT Whole body");
        series(whole, 1, "CT", "Low dose", 3);
        series(whole, 2, "PT", "Attenuation corrected", 3);
        return new StudyIndex(List.of(mueller, yamada, doe));
    }

    /**
     * A new index with one study, {@code ROOT + 1}, of {@code series} series with {@code instances} instances each,
     * whose UIDs end in their numbers: {@code ROOT + "1.2.3"} is the third of the second series.
     */
    public static StudyIndex one(int series, int instances) {
        StudyIndex.Item doe = patient("PAT-0003", "Doe^Jane", "20010101", "F");
        StudyIndex.Item study = study(doe, 1, "20250301", "235959", "CT Abdomen");
        for (int i = 1; i <= series; i++) {
            series(study, i, "CT", "Axial", instances);
        }
        return new StudyIndex(List.of(doe));
    }

    private static StudyIndex.Item patient(String id, String name, String born, String sex) {
        return StudyIndex.Item.patient(
                "PatientID", id,
                "PatientName", name,
                "PatientBirthDate", born,
                "PatientSex", sex,
                "IssuerOfPatientID", "SANDBOX");
    }

    private static StudyIndex.Item study(
            StudyIndex.Item patient, int number, String date, String time, String description) {
        String uid = ROOT + number;
        String id = Integer.toString(number);
        String accession = "ACC00" + number;
        return patient.add(
                "StudyInstanceUID", uid,
                "StudyID", id,
                "StudyDate", date,
                "StudyTime", time,
                "AccessionNumber", accession,
                "ReferringPhysicianName", "Wei\u00df^\u00c4nne",
                "StudyDescription", description);
    }

    private static void series(StudyIndex.Item study, int number, String modality, String description, int instances) {
        String uid = study.value("StudyInstanceUID") + "." + number;
        String id = Integer.toString(number);
        StudyIndex.Item series = study.add(
                "SeriesInstanceUID", uid,
                "SeriesNumber", id,
                "Modality", modality,
                "SeriesDescription", description,
                "Manufacturer", "arc-scripts",
                "InstitutionName", "Test Hospital");
        for (int i = 1; i <= instances; i++) {
            series.add(
                    "SOPInstanceUID", uid + "." + i,
                    "SOPClassUID", sopClass(modality),
                    "InstanceNumber", Integer.toString(i),
                    "AvailableTransferSyntaxUID", "1.2.840.10008.1.2.1",
                    "Rows", "128",
                    "Columns", "128",
                    "BitsAllocated", "16");
        }
    }

    private static String sopClass(String modality) {
        return switch (modality) {
            case "CT" -> "1.2.840.10008.5.1.4.1.1.2";
            case "MR" -> "1.2.840.10008.5.1.4.1.1.4";
            default -> "1.2.840.10008.5.1.4.1.1.128";
        };
    }
}
