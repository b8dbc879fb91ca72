//SOURCES Request.java

package lib.sandbox;

import java.util.List;

/**
 * What a client accepts.
 *
 * @param ranges the media ranges with their parameters, without blanks and quotes
 */
record MediaTypes(List<String> ranges) {

    /** What {@code request} accepts, by the parameter {@code accept} or else by its header. */
    static MediaTypes of(Request request) {
        List<String> parameter = request.queryParameters().get("accept");
        String header = request.header("Accept");
        String text = parameter != null ? String.join(",", parameter) : header == null ? "*/*" : header;
        return new MediaTypes(List.of(text.replace(" ", "").replace("\"", "").split(",")));
    }

    /** Whether {@code header}, a list of codings with qualities, allows {@code coding}. */
    static boolean accepts(String header, String coding) {
        return header != null && List.of(header.replace(" ", "").split(",")).contains(coding);
    }

    /** Whether {@code type} is accepted. */
    boolean accept(String type) {
        for (String range : ranges) {
            String name = range.split(";")[0];
            if (name.equals("*/*") || name.equals(type) || name.equals(type.replaceFirst("/.*", "/*"))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a multipart of {@code type} is accepted, be it because anything is. */
    boolean acceptMultipart(String type) {
        for (String range : ranges) {
            List<String> words = List.of(range.split(";"));
            if (range.startsWith("*/*") || words.contains("multipart/related") && words.contains("type=" + type)) {
                return true;
            }
        }
        return false;
    }

    /** The value of the parameter {@code name} of any range, or null. */
    String parameter(String name) {
        for (String range : ranges) {
            for (String word : range.split(";")) {
                if (word.startsWith(name + "=")) {
                    return word.substring(name.length() + 1);
                }
            }
        }
        return null;
    }
}
