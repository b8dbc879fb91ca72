//SOURCES ../lib/sandbox/SampleStudies.java ../lib/sandbox/StudyIndex.java ../scripts/sandbox.java

import module java.base;
import lib.sandbox.SampleStudies;
import lib.sandbox.StudyIndex;

/** Studies for searches that come in pages. */
final class ManyStudies {
    private ManyStudies() {}

    /**
     * A new index with this many studies, up to 900,000, in the order of their UIDs: {@link SampleStudies#ROOT} and a
     * number of six digits from 100,000 on. Each patient has ten. To save memory they have no series and instances, and
     * claim to have one each.
     */
    static StudyIndex of(int studies) {
        List<StudyIndex.Item> patients = new ArrayList<>();
        for (int i = 0; i < studies; i++) {
            if (i % 10 == 0) {
                patients.add(StudyIndex.Item.patient(
                        "PatientID", "PAT-" + (100_000 + i),
                        "PatientName", "Doe^Jane",
                        "PatientBirthDate", "20010101",
                        "PatientSex", "F",
                        "IssuerOfPatientID", "SANDBOX"));
            }
            LocalDate date = LocalDate.of(2015, 1, 1).plusDays(i % 3650);
            patients.getLast()
                    .add(
                            "StudyInstanceUID", SampleStudies.ROOT + (100_000 + i),
                            "StudyDate",
                                    date.format(DateTimeFormatter.BASIC_ISO_DATE)
                                            .intern(),
                            "StudyTime", "101500",
                            "AccessionNumber", "ACC" + (100_000 + i),
                            "StudyDescription", "CT Abdomen",
                            "ModalitiesInStudy", "CT",
                            "NumberOfStudyRelatedSeries", "1",
                            "NumberOfStudyRelatedInstances", "1");
        }
        return new StudyIndex(patients);
    }
}
