//SOURCES ../lib/json/Json.java

import module java.base;
import lib.json.Json;

/**
 * A short form of an exchange with an archive: the request, the status and the header fields that clients read, and the
 * kind of the body. Words replace what differs each time (host, UUIDs, lengths).
 *
 * @param name the number and title in wire/captures.md
 * @param request the request line without the version, and the header fields
 * @param response the status and the header fields, sorted
 * @param body the kind of the body; with {@code ...} at the end, the beginning of a body that was cut
 */
record Captured(String name, List<String> request, List<String> response, String body) {
    private static final Set<String> KEPT = Set.of(("allow cache-control "
                    + "content-encoding content-length content-type location transfer-encoding "
                    + "validation-exception vary warning www-authenticate")
            .split(" "));
    private static final int LONGEST_TEXT = 400;

    /** The number. */
    String id() {
        return name.replaceFirst(" .*", "");
    }

    @Override
    public String toString() {
        StringBuilder block = new StringBuilder("## " + name + "\n");
        request.forEach(line -> block.append("> ").append(line).append('\n'));
        response.forEach(line -> block.append("< ").append(line).append('\n'));
        return block.append(body).append("\n").toString();
    }

    /** Reads the blocks that {@link #toString} writes. */
    static List<Captured> read(String text) {
        List<Captured> all = new ArrayList<>();
        for (String block : text.substring(text.indexOf("## ")).split("(?m)^## ")) {
            List<String> lines = block.lines().toList();
            if (!block.isEmpty()) {
                all.add(new Captured(
                        lines.getFirst(),
                        starting("> ", lines),
                        starting("< ", lines),
                        lines.get(1
                                + starting("> ", lines).size()
                                + starting("< ", lines).size())));
            }
        }
        return all;
    }

    /** The exchanges of sections B to J and R of wire/captures.md. */
    static List<Captured> extract(String markdown) {
        String sections = markdown.substring(markdown.indexOf("\n## B. "), markdown.indexOf("\n## K. "))
                + markdown.substring(markdown.indexOf("\n## R. "));
        List<Captured> all = new ArrayList<>();
        for (String section : sections.split("\n### ")) {
            String[] fences = section.split("(?m)^```\n?");
            if (fences.length > 1) {
                all.add(extract(section.lines().findFirst().orElseThrow(), fences[1]));
            }
        }
        return all;
    }

    private static Captured extract(String name, String block) {
        String[] halves = block.split("(?m)^\\[body: \\d+ bytes]\n", 2);
        List<String> lines = halves[0].lines().toList();
        List<String> request = new ArrayList<>();
        for (String line : starting("> ", lines)) {
            if (!line.matches("(?i)(host|user-agent): .*|accept: \\*/\\*")) {
                request.add(normal(line.replaceFirst(" HTTP/1.1$", "")).stripTrailing());
            }
        }
        List<String> raw = new ArrayList<>(starting("< ", lines));
        boolean isHead = request.getFirst().startsWith("HEAD ");
        String text = isHead ? "" : halves[1];
        boolean isBinary = text.startsWith("(binary;");
        boolean isCut = text.contains("\n\u2026 (cut at ");
        String end = isBinary ? text.replaceFirst("(?s).*?(?=\\(last 120|\\(hex)", "") : text;
        text = text.replaceFirst("^\\(binary;.*\n", "").replaceFirst("(?s)\n\u2026 \\(cut at .*", "");
        String hex = text.replaceFirst("(?s).*\\(hex 0..31\\) ", "").replace(" ", "");
        text = text.replaceFirst("(?s)\n\\((last 120|hex 0).*", "").replace("\\r\n", "\n");
        return of(name, request, raw, new Body(text, isBinary ? hex : "", end, isCut));
    }

    /** The answer to {@code request}, from its raw bytes. */
    static Captured answer(String name, List<String> request, byte[] bytes) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int split = all.indexOf("\r\n\r\n");
        List<String> head = all.substring(0, split).lines().toList();
        byte[] body = Arrays.copyOfRange(bytes, split + 4, bytes.length);
        if (head.contains("Transfer-Encoding: chunked") && body.length > 0) {
            body = joined(body);
        }
        Charset charset = head.stream().anyMatch(line -> line.matches("Content-Type: (.*json.*|text/.*)"))
                ? StandardCharsets.UTF_8
                : StandardCharsets.ISO_8859_1;
        String text = new String(body, charset);
        String hex = HexFormat.of().formatHex(body, 0, Math.min(32, body.length));
        return of(name, request, head, new Body(text, hex, text, false));
    }

    private static byte[] joined(byte[] chunks) {
        String text = new String(chunks, StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = 0;
        int length;
        do {
            int line = text.indexOf("\r\n", at);
            length = Integer.parseInt(text.substring(at, line), 16);
            body.write(chunks, line + 2, length);
            at = line + 2 + length + 2;
        } while (length > 0);
        return body.toByteArray();
    }

    private record Body(String text, String hex, String end, boolean isCut) {}

    private static Captured of(String name, List<String> request, List<String> head, Body body) {
        Set<String> fields = new TreeSet<>();
        String type = "";
        int last = head.size() - 1;
        while (!head.get(last).startsWith("HTTP/")) {
            String line = head.get(last--);
            String field = line.substring(0, line.indexOf(':')).toLowerCase();
            if (KEPT.contains(field)) {
                fields.add(normal(field + line.substring(field.length())));
            }
            type = field.equals("content-type") ? line.substring(field.length() + 2) : type;
        }
        List<String> response = new ArrayList<>(fields);
        String status = head.get(last).split(" ")[1];
        response.addFirst(status);
        return new Captured(name, request, response, kind(status, type, body));
    }

    private static String kind(String status, String type, Body body) {
        Map<String, String> magic = Map.of(
                "1f8b",
                "gzip",
                "504b0304",
                "zip",
                "ffd8",
                "jpeg picture",
                "89504e47",
                "png picture",
                "47494638",
                "gif picture");
        for (Map.Entry<String, String> kind : magic.entrySet()) {
            if (body.hex().startsWith(kind.getKey())) {
                return kind.getValue();
            }
        }
        String text = body.text().replaceAll("\r\n?", "\n");
        if (text.isEmpty()) {
            return "empty";
        }
        if (text.startsWith("DICM", 128)) {
            return "DICOM file";
        }
        if (type.startsWith("multipart") && status.equals("200")) {
            String part = text.substring(text.indexOf('\n') + 1, text.indexOf("\n\n"));
            String boundary = type.replaceFirst(".*boundary=", "");
            String closed = body.isCut() ? "..." : body.end().contains("--" + boundary + "--") ? ", closed" : ", open";
            String first = part.replace("\n", ", ").replaceFirst("(?<=/instances/)[0-9.]+", "UID");
            return "multipart with " + normal(first) + closed;
        }
        if (text.startsWith("[{") || text.startsWith("[]")) {
            return body.isCut() ? "json array..." : "json array of " + json(text);
        }
        if (type.equals("text/html") && status.equals("200")) {
            return "html page";
        }
        if (body.isCut() || text.length() > LONGEST_TEXT) {
            return text.startsWith("{") ? "json object..." : "text...";
        }
        return "text " + normal(text.strip()).replace("\n", "\\n");
    }

    private static String json(String text) {
        try {
            List<Object> items = Json.asArray(Json.parse(text));
            return items.isEmpty()
                    ? "0"
                    : items.size() + ": "
                            + String.join(
                                    " ",
                                    new TreeSet<>(
                                            Json.asObject(items.getFirst()).keySet()));
        } catch (Json.Malformed e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String normal(String text) {
        return text.replaceAll("127\\.0\\.0\\.1:\\d+", "HOST")
                .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID")
                .replaceAll("eyJhbGciOi(JS\\S*\\(jwt \\d+ chars\\)|JS[\\w.-]+|\\.{3})", "TOKEN")
                .replaceAll("(?i)(content-length: )[1-9]\\d*", "$1N")
                .replaceAll("\"size\":\\d+", "\"size\":N");
    }

    private static List<String> starting(String prefix, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    /** A request header field, or null. */
    String asked(String field) {
        Matcher line = Pattern.compile("(?im)^" + field + ": ?(.*)$").matcher(String.join("\n", request));
        return line.find() ? line.group(1) : null;
    }
}
