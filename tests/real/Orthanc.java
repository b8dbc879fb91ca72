//SOURCES DicomFile.java DicomFiles.java Installed.java KeptServer.java

import module java.base;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * A real DICOMweb server that is not dcm4chee: Orthanc as Debian has it, with its DICOMweb plug-in, for this machine
 * only, without authentication, filled with {@link DicomFiles} over STOW-RS.
 */
final class Orthanc {
    private static final String PACKAGES = "orthanc orthanc-dicomweb";
    private static final String PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
    private static final Pattern STARTED = Pattern.compile("Orthanc has started");

    private static Orthanc shared;
    private static RuntimeException noneBecause;

    private final int port = KeptServer.freePort();
    private final List<DicomFile> files;

    /** The one for the whole test run, started at first use and stopped with the VM. */
    static synchronized Orthanc shared() {
        if (noneBecause != null) {
            throw noneBecause;
        }
        if (shared == null) {
            try {
                shared = new Orthanc();
            } catch (RuntimeException e) {
                noneBecause = e;
                throw e;
            }
        }
        return shared;
    }

    /** Another one, which holds {@code files} instead; it is stopped with the VM too. */
    static Orthanc holding(List<DicomFile> files) {
        Orthanc orthanc = new Orthanc(files);
        for (DicomFile file : files) {
            orthanc.send("/instances", "application/dicom", file.bytes());
        }
        return orthanc;
    }

    private Orthanc() {
        this(null);
        store();
    }

    private Orthanc(List<DicomFile> given) {
        String program = Installed.program("Orthanc", PACKAGES);
        String plugin = Installed.file(PLUGIN, PACKAGES);
        KeptServer server = new KeptServer("Orthanc", System.getenv());
        try {
            Path folder = server.folder();
            Path settings = Files.writeString(folder.resolve("orthanc.json"), settings(folder, plugin));
            server.start(List.of(program, settings.toString()), STARTED);
            files = given != null ? given : DicomFiles.make(Files.createDirectory(folder.resolve("work")));
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Its root, without a slash at the end. */
    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The root of its DICOMweb resources. */
    URI dicomWeb() {
        return URI.create(url() + "/dicom-web");
    }

    /** All that is stored there. */
    List<DicomFile> files() {
        return files;
    }

    /** What is stored there below {@code uid}, which is a study's, a series' or an instance's. */
    List<DicomFile> files(String uid) {
        return files.stream()
                .filter(file ->
                        List.of(file.study(), file.series(), file.instance()).contains(uid))
                .toList();
    }

    private String settings(Path folder, String plugin) {
        return """
                {
                  "Name": "arc-scripts",
                  "StorageDirectory": "%s",
                  "IndexDirectory": "%s",
                  "HttpPort": %d,
                  "RemoteAccessAllowed": false,
                  "AuthenticationEnabled": false,
                  "DicomServerEnabled": false,
                  "DefaultEncoding": "Utf8",
                  "Plugins": ["%s"],
                  "DicomWeb": {"Enable": true, "Root": "/dicom-web/", "EnableWado": true, "WadoRoot": "/wado"}
                }
                """.formatted(folder.resolve("storage"), folder.resolve("storage"), port, plugin);
    }

    // In one request: it closes idle connections after a second, and no client sends a POST again by itself.
    private void store() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (DicomFile file : files) {
            body.writeBytes(ascii("--stored\r\nContent-Type: application/dicom\r\n\r\n"));
            body.writeBytes(file.bytes());
            body.writeBytes(ascii("\r\n"));
        }
        body.writeBytes(ascii("--stored--\r\n"));
        String type = "multipart/related; type=\"application/dicom\"; boundary=stored";
        String answer = send("/dicom-web/studies", type, body.toByteArray());
        // Referenced SOP Instance UID; Failure Reason comes with what failed (PS3.18, table 10.5.3-1).
        int stored = answer.split("\"00081155\"", -1).length - 1;
        if (answer.contains("\"00081197\"") || stored != files.size()) {
            throw new IllegalStateException("Orthanc did not store all: " + answer);
        }
    }

    private String send(String path, String type, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(url().resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", type)
                .header("Accept", "application/dicom+json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("Orthanc did not store it: " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
