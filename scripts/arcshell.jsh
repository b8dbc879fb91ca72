// What arcshell has at hand: the tools as methods, with the settings of its profile and environment.

lib.cli.Interactive tools = new lib.cli.Interactive(System.err);

/** An access token. */
String token() {
    return tools.run("", "gettoken", "-f", "token");
}

/** The claims of a token, in any form that decodejwt reads. */
@SuppressWarnings("unchecked")
Map<String, Object> jwt(String text) {
    return (Map<String, Object>) tools.json(text, "decodejwt");
}

/** A resource of the archive: a list or map of its JSON, whichever the caller takes it for. */
@SuppressWarnings("unchecked")
<T> T get(String path) {
    return (T) tools.json("", "arcget", path);
}

/** Shows a resource of the archive as a table. */
void table(String path) {
    System.out.println(tools.run("", "arcget", "-f", "table", path));
}
