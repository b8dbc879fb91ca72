//SOURCES ApplicationEntities.java DicomFile.java Holdings.java Routes.java StudyIndex.java WebResponse.java

package lib.sandbox;

import module java.base;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * WADO-RS: studies, series and instances as DICOM files in a multipart or a ZIP, their metadata, pixel data and
 * pictures (wire/captures.md F, G and M; facts.md B6). A ZIP has no DICOMDIR, even if one is asked for.
 */
record Wado(ApplicationEntities entities, Holdings holdings) {
    private static final List<String> PATHS = List.of(
            "/aets/{aet}/rs/studies/{StudyInstanceUID}",
            "/aets/{aet}/rs/studies/{StudyInstanceUID}/series/{SeriesInstanceUID}",
            "/aets/{aet}/rs/studies/{StudyInstanceUID}/series/{SeriesInstanceUID}/instances/{SOPInstanceUID}");

    private static final String DICOM = "application/dicom";
    private static final String BYTES = "application/octet-stream";

    void addTo(Routes routes) {
        for (String path : PATHS) {
            routes.add(path, this::retrieve);
            routes.add(path + "/metadata", this::metadata);
            routes.add(path + "/thumbnail", call -> picture(call, "png", "jpeg", "gif"));
        }
        routes.add(PATHS.getLast() + "/rendered", call -> picture(call, "jpeg", "png", "gif"));
        routes.add(PATHS.getLast() + "/bulkdata", call -> pixelData(call, null));
        routes.add(PATHS.getLast() + "/bulkdata/7FE00010", call -> pixelData(call, null));
        routes.add(
                PATHS.getLast() + "/bulkdata/{tag}",
                call -> answer(call, instances -> failed(BYTES, "", noBulkData(call.segment("{tag}")))));
        routes.add(PATHS.getLast() + "/frames/{frames}", call -> pixelData(call, call.segment("{frames}")));
    }

    /** The answer that {@code form} makes of the instances in the path, at least one, or an error. */
    private WebResponse answer(Routes.Call call, Function<List<StudyIndex.Item>, WebResponse> form) {
        WebResponse refusal = entities.refusal(call, "WADO_RS");
        if (refusal != null) {
            return refusal;
        }
        StudyIndex.Item item = entities.of(call).hides() ? null : holdings.find(call.uids());
        List<StudyIndex.Item> instances = item == null ? List.of() : Holdings.instances(item);
        return instances.isEmpty() ? Routes.error(404, "No matches found.") : form.apply(instances);
    }

    // DICOM files

    private WebResponse retrieve(Routes.Call call) {
        Routes.Accepted accepted = call.accepted();
        boolean multipart = accepted.acceptMultipart(DICOM);
        if (!multipart && !accepted.accept("application/zip")) {
            return WebResponse.empty(406);
        }
        String asked = accepted.parameter("transfer-syntax");
        String syntax = asked == null || asked.equals("*") ? DicomFile.EXPLICIT : asked;
        String parameter = ";transfer-syntax=" + syntax;
        return answer(call, instances -> {
            StudyIndex.Item first = instances.getFirst();
            if (!syntax.equals(DicomFile.EXPLICIT) && !syntax.equals(DicomFile.IMPLICIT)) {
                return failed(DICOM, parameter, noContext(first));
            }
            if (holdings.isLost(first)) {
                String path = Holdings.path(first);
                return multipart ? failed(DICOM, "", path) : WebResponse.text(500, "application/zip", path + path);
            }
            return multipart
                    ? multipart(DICOM, parameter, "", instances, instance -> file(instance, syntax))
                    : WebResponse.streamed(200, "application/zip", out -> zip(out, instances, syntax));
        });
    }

    private WebResponse.Body file(StudyIndex.Item instance, String syntax) {
        return holdings.isLost(instance) ? null : holdings.file(instance, syntax)::writeTo;
    }

    // A lost file ends the ZIP after the header of its entry, without a central directory (wire/captures.md M2).
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

    // Metadata: data sets with a link instead of the pixel data

    private WebResponse metadata(Routes.Call call) {
        Routes.Accepted accepted = call.accepted();
        if (!accepted.accept("application/dicom+json") && !accepted.accept("application/json")) {
            return WebResponse.empty(406);
        }
        return answer(
                call,
                instances -> WebResponse.list(instances, instance -> {
                    Map<String, Object> json = holdings.file(instance, DicomFile.EXPLICIT)
                            .dataSet()
                            .json();
                    String link = call.webApplication() + instance.path();
                    json.put("7FE00010", Map.of("vr", "OW", "BulkDataURI", link));
                    return json;
                }));
    }

    /** The first frame in shades of grey, in its own size and the first format that is accepted. */
    private WebResponse picture(Routes.Call call, String... formats) {
        Routes.Accepted accepted = call.accepted();
        String format = Stream.of(formats)
                .filter(name -> accepted.accept("image/" + name))
                .findFirst()
                .orElse(null);
        if (format == null) {
            return Routes.error(406, "Not accepted instances present.");
        }
        return answer(call, instances -> {
            DicomFile.Pixels pixels =
                    holdings.file(instances.getFirst(), DicomFile.EXPLICIT).pixels();
            BufferedImage image = new BufferedImage(pixels.columns(), pixels.rows(), BufferedImage.TYPE_BYTE_GRAY);
            byte[] frame = pixels.frame(1);
            for (int i = 0; i < frame.length / 2; i++) {
                image.getRaster().setSample(i % pixels.columns(), i / pixels.columns(), 0, frame[2 * i + 1] & 0xFF);
            }
            return WebResponse.streamed(200, "image/" + format, out -> {
                try (MemoryCacheImageOutputStream encoded = new MemoryCacheImageOutputStream(out)) {
                    ImageIO.write(image, format, encoded);
                }
            });
        });
    }

    // Bulk data: only pixel data

    /** The pixel data, of {@code frames} alone unless it is null; 206 where some are missing (facts.md G9). */
    private WebResponse pixelData(Routes.Call call, String frames) {
        if (!call.accepted().acceptMultipart(BYTES)) {
            return WebResponse.empty(406);
        }
        return answer(call, instances -> {
            StudyIndex.Item instance = instances.getFirst();
            DicomFile.Pixels pixels =
                    holdings.file(instance, DicomFile.EXPLICIT).pixels();
            List<String> wanted = frames == null ? List.of() : List.of(frames.split(","));
            List<WebResponse.Body> found = new ArrayList<>();
            for (String frame : wanted) {
                if (frame.matches("[1-9]\\d{0,8}") && Integer.parseInt(frame) <= pixels.frames()) {
                    found.add(out -> out.write(pixels.frame(Integer.parseInt(frame))));
                }
            }
            if (frames == null) {
                found.add(pixels::writeTo);
            } else if (found.isEmpty()) {
                return Routes.error(404, "No such frame.");
            }
            String below = call.request().path().replaceFirst(".*(?=/(bulkdata|frames))", "");
            String location = "Content-Location: " + call.webApplication() + instance.path() + below + "\r\n";
            WebResponse all = multipart(BYTES, "", location, found, part -> part);
            boolean isPartial = found.size() < wanted.size();
            return isPartial ? new WebResponse(206, all.headers(), all.body(), all.length()) : all;
        });
    }

    // facts.md G11
    private static String noBulkData(String tag) {
        return "No bulkdata (" + tag.replaceFirst("^(.{4})", "$1,") + ") in requested object";
    }

    // Multiparts as RESTEasy writes them (wire/captures.md G, M): the boundary is unquoted, parts have no length, and
    // nothing follows the closing boundary.

    /**
     * An answer with these parts.
     *
     * @param type the type of the parts
     * @param parameter another parameter with its {@code ;}, or empty
     * @param fields more header fields of each part, or empty
     * @param content makes the content of a part; null for a lost file, where the archive stops
     */
    private static <T> WebResponse multipart(
            String type, String parameter, String fields, List<T> parts, Function<T, WebResponse.Body> content) {
        String boundary = UUID.randomUUID().toString();
        String first = id();
        String contentType = "multipart/related;start=\"" + first + "\"" + parameter + ";type=\"" + type
                + "\"; boundary=" + boundary;
        return WebResponse.streamed(200, contentType, out -> {
            String id = first;
            for (T part : parts) {
                write(out, "--" + boundary + "\r\n");
                WebResponse.Body body = content.apply(part);
                if (body == null) {
                    return;
                }
                write(out, fields + "Content-ID: " + id + "\r\nContent-Type: " + type + parameter + "\r\n\r\n");
                body.writeTo(out);
                write(out, "\r\n");
                id = id();
            }
            write(out, "--" + boundary + "--");
        });
    }

    /** What the archive answers when it fails before the first part is sent (wire/captures.md G6, M3, M8). */
    private static WebResponse failed(String type, String parameter, String message) {
        String header = "multipart/related" + parameter + ";type=\"" + type + "\"";
        return WebResponse.text(500, header, "--" + UUID.randomUUID() + "\r\n" + message + message);
    }

    private static String id() {
        return "<" + UUID.randomUUID() + "@resteasy-multipart>";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
