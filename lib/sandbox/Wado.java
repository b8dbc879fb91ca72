//SOURCES ../json/Json.java ApplicationEntities.java DicomFile.java Holdings.java Routes.java StudyIndex.java
//SOURCES WebResponse.java

package lib.sandbox;

import module java.base;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import lib.json.Json;

/**
 * WADO-RS: studies, series and instances as DICOM files in a multipart or a ZIP, their metadata, pixel data and
 * pictures (wire/captures.md F, G and M; facts.md B6). A ZIP has no DICOMDIR, even if one is asked for.
 */
record Wado(ApplicationEntities entities, Holdings holdings) {
    private static final List<String> PATHS = List.of(
            "/aets/{aet}/rs/studies/{study}",
            "/aets/{aet}/rs/studies/{study}/series/{series}",
            "/aets/{aet}/rs/studies/{study}/series/{series}/instances/{instance}");

    private static final String DICOM = "application/dicom";
    private static final String BYTES = "application/octet-stream";
    private static final List<String> RENDERED = List.of("image/jpeg", "image/png", "image/gif");
    private static final List<String> THUMBNAILS = List.of("image/png", "image/jpeg", "image/gif");

    void addTo(Routes routes) {
        for (String path : PATHS) {
            routes.add(path, this::retrieve);
            routes.add(path + "/metadata", this::metadata);
            routes.add(path + "/thumbnail", this::thumbnail);
        }
        routes.add(PATHS.getLast() + "/bulkdata", call -> pixelData(call, null));
        routes.add(PATHS.getLast() + "/bulkdata/7FE00010", call -> pixelData(call, null));
        routes.add(
                PATHS.getLast() + "/bulkdata/{tag}",
                call -> answer(call, instances -> failed(BYTES, "", noBulkData(call.segment("{tag}")))));
        routes.add(PATHS.getLast() + "/frames/{frames}", call -> pixelData(call, call.segment("{frames}")));
        routes.add(
                PATHS.getLast() + "/rendered",
                call -> picture(call, RENDERED, call.request().parameter("viewport")));
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
        return answer(call, instances -> {
            for (StudyIndex.Item instance : instances) {
                if (holdings.isLost(instance)) {
                    return trace(Holdings.path(instance));
                }
            }
            return WebResponse.streamed(200, "application/dicom+json", out -> {
                String before = "[";
                for (StudyIndex.Item instance : instances) {
                    String link = Json.compact(call.webApplication() + instance.path());
                    String pixelData = ",\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":" + link + "}";
                    DicomFile file = holdings.file(instance, DicomFile.EXPLICIT);
                    write(out, before + file.dataSet().json(pixelData));
                    before = ",";
                }
                write(out, "]");
            });
        });
    }

    private static WebResponse trace(String path) {
        String trace = "java.nio.file.NoSuchFileException: " + path + "\n\tat java.base/sun.nio.fs.UnixException\n";
        return WebResponse.streamed(500, "text/plain;charset=UTF-8", out -> write(out, trace));
    }

    // Bulk data: only pixel data

    /** The pixel data, of {@code frames} alone unless it is null; 206 where some are missing (facts.md G9). */
    private WebResponse pixelData(Routes.Call call, String frames) {
        if (!call.accepted().acceptMultipart(BYTES)) {
            return WebResponse.empty(406);
        }
        return answer(call, instances -> {
            StudyIndex.Item instance = instances.getFirst();
            if (holdings.isLost(instance)) {
                return failed(BYTES, "", Holdings.path(instance));
            }
            DicomFile.Pixels pixels = pixels(instance);
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

    private DicomFile.Pixels pixels(StudyIndex.Item instance) {
        return holdings.file(instance, DicomFile.EXPLICIT).pixels();
    }

    // Pictures

    private WebResponse thumbnail(Routes.Call call) {
        String viewport = call.request().parameter("viewport");
        return picture(call, THUMBNAILS, viewport == null ? "64,64" : viewport);
    }

    private WebResponse picture(Routes.Call call, List<String> types, String viewport) {
        Routes.Accepted accepted = call.accepted();
        String type = types.stream()
                .filter(each -> accepted.accept(each) || accepted.acceptMultipart(each))
                .findFirst()
                .orElse(null);
        return answer(call, instances -> {
            if (type == null) {
                return Routes.error(406, "Not accepted instances present.");
            }
            if (holdings.isLost(instances.getFirst())) {
                String path = Holdings.path(instances.getFirst());
                return WebResponse.text(500, BYTES, path + path);
            }
            DicomFile.Pixels pixels = pixels(instances.getFirst());
            return WebResponse.streamed(200, type, out -> writePicture(out, type, pixels, viewport));
        });
    }

    /**
     * Writes the first frame in shades of grey, scaled to fit into {@code viewport}, {@code "width,height"} or null.
     */
    private static void writePicture(OutputStream out, String type, DicomFile.Pixels pixels, String viewport)
            throws IOException {
        double factor = 1;
        if (viewport != null) {
            String[] edges = viewport.split(",");
            factor = Math.min(edge(edges[0]) / pixels.columns(), edge(edges[1]) / pixels.rows());
        }
        int width = Math.max(1, (int) (pixels.columns() * factor));
        int height = Math.max(1, (int) (pixels.rows() * factor));
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        byte[] frame = pixels.frame(1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * pixels.rows() / height * pixels.columns() + x * pixels.columns() / width) * 2 + 1;
                image.getRaster().setSample(x, y, 0, at < frame.length ? frame[at] & 0xFF : 0);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream encoded = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, type.replace("image/", ""), encoded)) {
                throw new IOException("no writer for " + type);
            }
        }
        bytes.writeTo(out);
    }

    /** An edge of a viewport in pixels, cut so that the picture fits into memory. */
    private static double edge(String text) {
        return Math.min(Double.parseDouble(text), 2048);
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
