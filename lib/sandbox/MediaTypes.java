//SOURCES Request.java

package lib.sandbox;

import java.util.List;

/**
 * What a client accepts.
 *
 * @param ranges the media ranges with their parameters, without blanks
 */
record MediaTypes(List<String> ranges) {

    /** What {@code request} accepts, by the parameter {@code accept} or else by its header. */
    static MediaTypes of(Request request) {
        List<String> parameter = request.queryParameters().get("accept");
        String header = request.header("Accept");
        String text = parameter != null ? String.join(",", parameter) : header == null ? "*/*" : header;
        return new MediaTypes(List.of(text.replace(" ", "").split(",")));
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

    /** Whether a multipart of {@code type} is accepted. */
    boolean acceptMultipart(String type) {
        for (String range : ranges) {
            if (range.startsWith("multipart/related") && range.contains("type=\"" + type + "\"")) {
                return true;
            }
        }
        return false;
    }

    /** Whether any range has this parameter. */
    boolean contains(String parameter) {
        for (String range : ranges) {
            if (range.contains(parameter)) {
                return true;
            }
        }
        return false;
    }
}
