package lib.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files from which curl takes what to retrieve; so the token is in no list of processes. It asks as arcget does.
 *
 * @param folder where they are written, for its owner's eyes alone
 */
record CurlFiles(Path folder) {

    /** What all requests with {@code token} have in common. */
    Path options(String name, String token) throws IOException {
        return Files.writeString(folder.resolve(name), options(token));
    }

    /** All of {@code urls}, each to a file of its own, whose name is its number. */
    Path config(String name, String token, List<String> urls) throws IOException {
        StringBuilder config = new StringBuilder(options(token));
        for (int i = 0; i < urls.size(); i++) {
            config.append("url = \"" + urls.get(i) + "\"\noutput = \"" + i + "\"\n");
        }
        return Files.writeString(folder.resolve(name), config);
    }

    /** One of {@code urls} a line, for a loop of the shell. */
    Path list(String name, List<String> urls) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", urls) + "\n");
    }

    private static String options(String token) {
        return "silent\nfail\ncreate-dirs\n"
                + "header = \"Accept: multipart/related;type=\\\"application/dicom\\\";transfer-syntax=*\"\n"
                + "header = \"Authorization: Bearer " + token + "\"\n";
    }
}
