///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS com.palantir.javaformat:palantir-java-format:2.101.0
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.parser=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.util=ALL-UNNAMED

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats the Java sources of the kit around the current folder, and lists what it changed. With {@code --check} it
 * lists what it would change, and exits with 1 if there is any.
 *
 * <p>What the formatter makes of JBang's directives ({@code // DEPS}) would switch them off, so they are kept from it.
 */
public class format {
    private static final List<String> FOLDERS = List.of("scripts", "lib", "tests", ".ci");

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
                String formatted = formatted(text);
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
        String rest = RemoveUnusedImports.removeUnusedImports(text.substring(code));
        rest = formatter.formatSource(ImportOrderer.reorderImports(rest, Style.PALANTIR));
        return code == 0 ? rest : text.substring(0, code) + "\n" + rest.stripLeading();
    }
}
