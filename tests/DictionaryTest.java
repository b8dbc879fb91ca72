//SOURCES ../lib/arc/Dictionary.java

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.arc.Dictionary;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes by keyword and by tag. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DictionaryTest {

    @ParameterizedTest
    @CsvSource({
        "SpecificCharacterSet, 00080005, CS",
        "StudyDate, 00080020, DA",
        "SeriesDescription, 0008103E, LO",
        "ScheduledProcedureStepStartDateTime, 00404005, DT",
        "PixelData, 7FE00010, OW"
    })
    void a_keyword_and_its_tag_name_the_same(String keyword, String tag, String vr) {
        Dictionary.Attribute attribute = new Dictionary.Attribute(tag, keyword, vr);
        assertEquals(attribute, Dictionary.named(keyword));
        assertEquals(attribute, Dictionary.tag(tag));
        assertEquals(keyword, attribute.name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0008103E", "0008103e", "0008,103E", "(0008,103e)"})
    void a_tag_may_be_written_in_several_ways(String text) {
        assertEquals("SeriesDescription", Dictionary.tag(text).name());
    }

    @Test
    void any_tag_is_an_attribute() {
        Dictionary.Attribute unknown = Dictionary.tag("7777,1023");
        assertEquals(new Dictionary.Attribute("77771023", null, "UN"), unknown);
        assertEquals("77771023", unknown.name());
        assertTrue(unknown.isPrivate());
        assertFalse(Dictionary.tag("00080020").isPrivate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0008002", "000800201", "0008002G", "(00080020)", "(0008,0020", "0008;0020", "StudyDat"})
    void what_is_no_tag_is_none(String text) {
        assertNull(Dictionary.tag(text));
    }

    @Test
    void keywords_are_case_sensitive() {
        assertNull(Dictionary.named("studydate"));
        assertNull(Dictionary.named("00080020"));
    }

    @ParameterizedTest
    @CsvSource({
        "studydate, StudyDate",
        "STUDYINSTANCEUID, StudyInstanceUID",
        "PatientNam, PatientName",
        "PatientsName, PatientName",
        "Accession, AccessionNumber",
        "xyz,"
    })
    void the_nearest_keyword_is_found(String typed, String keyword) {
        assertEquals(keyword, Dictionary.nearestKeyword(typed));
    }
}
