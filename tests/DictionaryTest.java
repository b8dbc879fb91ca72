//SOURCES ../lib/base/Dictionary.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Dictionary;
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
        "PixelData, 7FE00010, OW",
        "PatientTelephoneNumbers, 00102154, SH",
        "NetworkID, 00081000, AE",
        "SelectorURValue, 00720071, UR",
        "dBdt, 00181318, DS",
        "SmallestImagePixelValue, 00280106, US",
        "OverlayRows, 60000010, US",
        "TransformLabel, 00280400, LO"
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

    /** PS3.5, section 7.6: overlays and curves may be there several times. */
    @Test
    void a_tag_of_a_repeating_group_has_the_representation_of_the_first() {
        assertEquals(new Dictionary.Attribute("60020010", null, "US"), Dictionary.tag("60020010"));
        assertEquals(new Dictionary.Attribute("501E3000", null, "OW"), Dictionary.tag("501E3000"));
        assertEquals("50000030", Dictionary.named("AxisUnits").tag());
        assertEquals("00203100", Dictionary.named("SourceImageIDs").tag());
    }

    @Test
    void every_keyword_of_the_standard_is_known_once() {
        List<String> keywords = Dictionary.keywords();
        assertEquals(5124, keywords.size());
        assertEquals(5124, Set.copyOf(keywords).size());
        for (String keyword : keywords) {
            Dictionary.Attribute attribute = Dictionary.named(keyword);
            assertTrue(attribute.tag().matches("[0-9A-F]{8}"), attribute::toString);
            assertTrue(attribute.vr().matches("[A-Z]{2}"), attribute::toString);
            // The tags of (0020,31xx) and of other retired elements with a pattern are not known.
            boolean isPattern = attribute.tag().matches("(002031|00280[48]|10[01]0).*");
            assertTrue(isPattern || Dictionary.tag(attribute.tag()).vr().equals(attribute.vr()), keyword);
        }
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
            strings = {
                "",
                "0008002",
                "000800201",
                "0008002G",
                "(00080020)",
                "(0008,0020",
                "0008;0020",
                "StudyDat",
                "000800"
            })
    void what_is_no_tag_is_none(String text) {
        assertNull(Dictionary.tag(text));
    }

    @Test
    void keywords_are_case_sensitive() {
        assertNull(Dictionary.named("studydate"));
        assertNull(Dictionary.named("00080020"));
        assertNull(Dictionary.named("tudyDate"));
        assertNull(Dictionary.named("StudyDate 21DASeriesDate"));
        assertNull(Dictionary.named(""));
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
