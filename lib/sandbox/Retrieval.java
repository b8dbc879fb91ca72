//SOURCES Call.java DicomFile.java Holdings.java MediaTypes.java Multipart.java Response.java Routes.java Selection.java
//SOURCES StudyIndex.java

package lib.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * WADO-RS: studies, series and instances as DICOM files, in a multipart or a ZIP (wire/captures.md G1-G25, M1-M4;
 * facts.md B6). A ZIP has no DICOMDIR, even if one is asked for.
 */
record Retrieval(Selection selection, Holdings holdings) {
    /** The paths of what can be retrieved. */
    static final List<String> PATHS = List.of(
            "/aets/{aet}/rs/studies/{study}",
            "/aets/{aet}/rs/studies/{study}/series/{series}",
            "/aets/{aet}/rs/studies/{study}/series/{series}/instances/{instance}");

    private static final String DICOM = "application/dicom";

    void addTo(Routes routes) {
        for (String path : PATHS) {
            routes.add(path, this::retrieve);
        }
    }

    private Response retrieve(Call call) {
        MediaTypes accepted = MediaTypes.of(call.request());
        boolean multipart = accepted.acceptMultipart(DICOM);
        if (!multipart && !accepted.accept("application/zip")) {
            return Response.empty(406);
        }
        String asked = accepted.parameter("transfer-syntax");
        String syntax = asked == null || asked.equals("*") ? DicomFile.EXPLICIT : asked;
        return selection.answer(call, "WADO_RS", instances -> {
            StudyIndex.Item first = instances.getFirst();
            if (!syntax.equals(DicomFile.EXPLICIT) && !syntax.equals(DicomFile.IMPLICIT)) {
                return Multipart.failed(DICOM, ";transfer-syntax=" + syntax, noContext(first));
            }
            if (holdings.isLost(first)) {
                String path = Holdings.path(first);
                return multipart
                        ? Multipart.failed(DICOM, "", path)
                        : Response.text(500, "application/zip", path + path);
            }
            return multipart
                    ? multipart(instances, syntax)
                    : Response.streamed(200, "application/zip", out -> zip(out, instances, syntax));
        });
    }

    private Response multipart(List<StudyIndex.Item> instances, String syntax) {
        String parameter = ";transfer-syntax=" + syntax;
        return Multipart.of(
                DICOM,
                parameter,
                instances,
                instance -> new Multipart.Part(
                        null,
                        DICOM + parameter,
                        holdings.isLost(instance) ? null : holdings.file(instance, syntax)::writeTo));
    }

    // A file that is not there ends it behind the header of its entry, without the directory (wire/captures.md M2).
    private void zip(OutputStream out, List<StudyIndex.Item> instances, String syntax) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        Set<String> folders = new HashSet<>();
        for (StudyIndex.Item instance : instances) {
            String study = "DICOM/" + Holdings.name(instance, "StudyInstanceUID") + "/";
            String series = study + Holdings.name(instance, "SeriesInstanceUID") + "/";
            for (String folder : List.of("DICOM/", study, series)) {
                if (folders.add(folder)) {
                    zip.putNextEntry(new ZipEntry(folder));
                }
            }
            zip.putNextEntry(new ZipEntry(series + Holdings.name(instance, "SOPInstanceUID") + ".dcm"));
            if (holdings.isLost(instance)) {
                return;
            }
            holdings.file(instance, syntax).writeTo(zip);
        }
        zip.finish();
    }

    private static String noContext(StudyIndex.Item instance) {
        return "No Presentation Context for Abstract Syntax: " + instance.value("SOPClassUID")
                + " - CT Image Storage with Transfer Syntax: " + DicomFile.EXPLICIT
                + " - Explicit VR Little Endian negotiated";
    }
}
