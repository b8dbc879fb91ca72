///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS com.palantir.javaformat:palantir-java-format:2.101.0
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.parser=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.util=ALL-UNNAMED

import module java.base;
import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import com.palantir.javaformat.java.RemoveUnusedImports;

/**
 * Formats the Java sources of the kit around the current folder, and lists what it changed. With {@code --check} it
 * lists what it would change, and exits with 1 if there is any.
 *
 * <p>The {@code SOURCES} directives of a file are written from what it uses: its imports from lib, and the types of its
 * own folder (for a test also scripts and the tests' helpers) that its code names. Directives are kept from the
 * formatter, which would switch them off ({@code // DEPS}).
 */
public class format {
    private static final List<String> FOLDERS = List.of("scripts", "lib", "tests", ".ci");

    private static final int LINE = 120;

    /** The import that the formatter cannot read: it is taken out before, and stands first after. */
    private static final String MODULE_IMPORT = "import module java.base;\n";

    /** Comments and literals, in which a name is no use of it. */
    private static final String NOT_CODE =
            "(?s:\"\"\".*?\"\"\"|/\\*.*?\\*/)|//.*|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\])+'";

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(Style.PALANTIR)
            .formatJavadoc(true)
            .build());

    public static void main(String... args) throws IOException {
        boolean check = List.of(args).equals(List.of("--check"));
        if (args.length > 0 && !check) {
            throw misuse("unknown argument " + args[0], "give --check, or nothing");
        }
        Path kit = Path.of("").toAbsolutePath();
        while (kit != null && !Files.exists(kit.resolve(".ci/format.java"))) {
            kit = kit.getParent();
        }
        if (kit == null) {
            throw misuse("there is nothing of the kit here", "run it in the kit's folder");
        }
        System.exit(new format().run(kit, check));
    }

    private static Error misuse(String message, String hint) {
        System.err.println("format: " + message + "\nformat: hint: " + hint);
        System.exit(2);
        return new Error(message);
    }

    private int run(Path kit, boolean check) throws IOException {
        int status = 0;
        for (Path source : sources(kit)) {
            String text = Files.readString(source);
            try {
                String formatted = withSources(kit, source, formatted(text));
                if (formatted.equals(text)) {
                    continue;
                }
                System.out.println(kit.relativize(source));
                if (check) {
                    status = 1;
                } else {
                    Files.writeString(source, formatted);
                }
            } catch (FormatterException e) {
                System.err.println("format: " + kit.relativize(source) + ": " + e.getMessage());
                status = 1;
            }
        }
        return status;
    }

    private static List<Path> sources(Path kit) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.walk(kit.resolve(folder))) {
                sources.addAll(files.filter(file -> file.toString().endsWith(".java"))
                        .sorted()
                        .toList());
            }
        }
        return sources;
    }

    private String formatted(String text) throws FormatterException {
        int code = 0; // where the leading comment lines end
        while (text.startsWith("//", code) && text.indexOf('\n', code) >= 0) {
            code = text.indexOf('\n', code) + 1;
        }
        String rest = text.substring(code).replaceFirst("(?m)^" + MODULE_IMPORT, "");
        boolean importsModule = rest.length() < text.length() - code;
        rest = RemoveUnusedImports.removeUnusedImports(rest);
        rest = formatter.formatSource(ImportOrderer.reorderImports(rest, Style.PALANTIR));
        if (importsModule) {
            int start = rest.startsWith("package ") ? rest.indexOf("\n\n") + 2 : 0;
            String end = rest.startsWith("import ", start) && !rest.startsWith("import static ", start) ? "" : "\n";
            rest = rest.substring(0, start) + MODULE_IMPORT + end + rest.substring(start);
        }
        return code == 0 ? rest : text.substring(0, code) + "\n" + rest.stripLeading();
    }

    private static String withSources(Path kit, Path source, String text) throws IOException {
        List<String> head = new ArrayList<>();
        int code = 0; // where the leading comment lines end
        int place = -1; // of the directives among these
        while (text.startsWith("//", code)) {
            int end = text.indexOf('\n', code) + 1;
            String line = text.substring(code, end);
            if (line.startsWith("//SOURCES ") && !line.contains("*")) {
                place = place < 0 ? head.size() : place;
            } else {
                head.add(line);
            }
            code = end;
        }
        List<String> directives = directives(used(kit, source, text.substring(code)));
        head.addAll(place < 0 ? head.size() : place, directives);
        String rest = text.substring(code).stripLeading();
        return String.join("", head) + (head.isEmpty() ? "" : "\n") + rest;
    }

    /** The files that {@code code} uses, by their paths from the folder of {@code source}. */
    private static Set<String> used(Path kit, Path source, String code) throws IOException {
        Path folder = source.getParent();
        Set<String> used = new TreeSet<>();
        for (MatchResult type : all("^import (?:static )?(lib\\.\\w+\\.[A-Z]\\w*)", code)) {
            Path file = kit.resolve(type.group(1).replace('.', '/') + ".java");
            used.add(folder.relativize(file).toString());
        }
        List<Path> neighbours = new ArrayList<>(List.of(folder));
        if (folder.startsWith(kit.resolve("tests"))) {
            neighbours.addAll(List.of(kit.resolve("tests"), kit.resolve("scripts")));
        }
        String names = code.replaceAll(NOT_CODE, " ");
        for (Path place : neighbours) {
            try (Stream<Path> files = Files.list(place)) {
                for (Path file : files.filter(it -> it.toString().endsWith(".java") && !it.equals(source))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    // The name of a script may be a variable's too.
                    boolean isVariable =
                            !all("\\b[A-Z][\\w<>]* " + name + "\\b", names).isEmpty();
                    String use =
                            isVariable ? "\\bnew " + name + "\\(|\\b" + name + "(\\.[A-Z]|::)" : "\\b" + name + "\\b";
                    if (!all(use, names).isEmpty()) {
                        used.add(folder.relativize(file).toString());
                    }
                }
            }
        }
        return used;
    }

    private static List<MatchResult> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .toList();
    }

    private static List<String> directives(Set<String> files) {
        List<String> lines = new ArrayList<>();
        String line = "//SOURCES";
        for (String file : files) {
            if (line.length() + 1 + file.length() > LINE) {
                lines.add(line + "\n");
                line = "//SOURCES";
            }
            line += " " + file;
        }
        if (!files.isEmpty()) {
            lines.add(line + "\n");
        }
        return lines;
    }
}
