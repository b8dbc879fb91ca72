//JAVA 25+
//JAVAC_OPTIONS -XDstringConcat=inline -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
// The same flags as in Shell.FLAGS, which a test checks.
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms32m -Xmn16m -XX:MaxRAM=1g
//DEPS info.picocli:picocli:4.7.7
//SOURCES ../base/Exit.java ../base/Io.java ../base/Nearest.java ../base/Problem.java Help.java Option.java Options.java
//SOURCES ServerOptions.java Tool.java

package lib.cli;

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Nearest;
import lib.base.Problem;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs a tool: from its arguments to its exit code, with two lines on standard error if it fails. */
public final class Cli {
    /** The version of the kit. */
    public static final String VERSION = "1.0.0";

    static final Option HELP = Option.flag("-h, --help", "show this help");
    static final Option SHOW_VERSION = Option.flag("-V, --version", "show the version");
    static final Option.Section HELP_SECTION = Option.section("Help", HELP, SHOW_VERSION);

    // The JVM alone needs a dozen.
    private static final int FEW_FILES = 64;

    static {
        // picocli would look for Groovy in each jar at every start, and register types of options that no tool has.
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", "java.*");
    }

    private Cli() {}

    /** Runs {@code tool} with the process's own streams, and ends the process. */
    public static void main(Tool tool, String... arguments) {
        int code = run(tool, Io.system(tool.name), arguments);
        try {
            // Refused when Ctrl-C is ending the process: then the hooks must run to their end. Else they have nothing
            // to do.
            Runtime.getRuntime().addShutdownHook(new Thread());
        } catch (IllegalStateException interrupted) {
            System.exit(code);
        }
        // System.exit would first look for a logger: 5 to 10 ms.
        Runtime.getRuntime().halt(code);
    }

    /** Runs {@code tool} and returns its exit code; never throws. */
    public static int run(Tool tool, Io io, String... arguments) {
        boolean verbose = false;
        try {
            Options given = parse(tool, io, arguments);
            verbose = given.is(ServerOptions.VERBOSE);
            int exit;
            try {
                exit = call(tool, given, io);
            } catch (Problem problem) {
                io.flush();
                throw problem;
            }
            io.flush();
            return exit;
        } catch (Problem problem) {
            if (problem.exit() != Exit.READER_GONE) {
                boolean isOfLimit = problem.getMessage().contains("Too many open files");
                io.messages().problem(problem.getMessage(), isOfLimit ? raise(openFiles()) : problem.hint());
            }
            return problem.exit().code();
        } catch (Throwable bug) {
            return bug(bug, verbose, io);
        }
    }

    private static Options parse(Tool tool, Io io, String... arguments) {
        for (String argument : arguments) {
            Options.requireReadable(argument, "an argument");
        }
        try {
            ParseResult parsed = new CommandLine(spec(tool))
                    .setExpandAtFiles(false)
                    .setInterpolateVariables(false)
                    .setOverwrittenOptionsAllowed(true)
                    .parseArgs(arguments);
            return options(tool, parsed, io);
        } catch (ParameterException e) {
            throw misuse(tool, e);
        }
    }

    private static int call(Tool tool, Options given, Io io) {
        if (given.is(HELP)) {
            io.print(Help.of(tool, io));
            return Exit.DONE.code();
        }
        if (given.is(SHOW_VERSION)) {
            io.print(tool.name + " " + VERSION + "\n");
            return Exit.DONE.code();
        }
        // A check of everything reports them as its first step.
        if (!given.is(ServerOptions.CHECK)) {
            given.check(tool.options());
        }
        return tool.call(given, io.speaking(given.is(ServerOptions.SILENT), given.is(ServerOptions.VERBOSE)));
    }

    /** The options as picocli wants them, built by code: its annotations cost 40 ms at every start. */
    private static CommandSpec spec(Tool tool) {
        CommandSpec spec = CommandSpec.create().name(tool.name);
        for (Option option : tool.options()) {
            String arity = option.kind() == Option.Kind.SWITCH ? "0" : "1";
            spec.addOption(OptionSpec.builder(names(option)).arity(arity).build());
        }
        if (tool.arguments != null) {
            spec.addPositional(PositionalParamSpec.builder().arity("0..*").build());
        }
        return spec;
    }

    static String[] names(Option option) {
        int comma = option.names().indexOf(", ");
        return comma < 0
                ? new String[] {option.names()}
                : new String[] {option.names().substring(0, comma), option.longName()};
    }

    private static Options options(Tool tool, ParseResult parsed, Io io) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            values.put(option.longestName(), option.stringValues());
        }
        List<String> arguments = new ArrayList<>();
        for (PositionalParamSpec positional : parsed.matchedPositionals()) {
            arguments.addAll(positional.stringValues());
        }
        return new Options(values, arguments, io);
    }

    private static Problem misuse(Tool tool, ParameterException e) {
        String seeHelp = "see " + tool.command + " --help";
        if (e instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().getFirst();
            if (!argument.startsWith("-")) {
                return Problem.usage("too many arguments" + shown(tool, argument), seeHelp);
            }
            String typed = withoutValue(argument);
            return Problem.usage("unknown option " + typed, suggestion(tool, typed) + seeHelp);
        }
        if (e instanceof MissingParameterException missing
                && missing.getMissing().getFirst() instanceof OptionSpec option) {
            return Problem.usage("no value for " + option.longestName(), seeHelp);
        }
        return Problem.usage(e.getMessage(), seeHelp);
    }

    /** An argument too many, unless it may be a secret without its option. */
    private static String shown(Tool tool, String argument) {
        boolean takesSecrets = tool.sections.contains(ServerOptions.SECTION);
        boolean isKnown = !takesSecrets || Files.exists(Path.of(argument));
        return isKnown ? ": " + argument : "";
    }

    /** The long options that {@code typed} may stand for, as the beginning of a hint. */
    private static String suggestion(Tool tool, String typed) {
        String letters = typed.replaceFirst("^-+", "");
        List<String> known = tool.options().stream().map(Option::key).toList();
        List<String> near = new ArrayList<>(known);
        near.removeIf(name -> !name.startsWith(letters));
        String nearest = near.isEmpty() && typed.startsWith("--") ? Nearest.to(letters, known) : null;
        if (nearest != null) {
            near.add(nearest);
        }
        return near.isEmpty() ? "" : "did you mean --" + String.join(" or --", near) + "? ";
    }

    private static String withoutValue(String option) {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        return name.startsWith("--") || name.length() < 2 ? name : name.substring(0, 2);
    }

    private static int bug(Throwable bug, boolean verbose, Io io) {
        if (bug instanceof OutOfMemoryError) {
            io.messages().problem("out of memory", "narrow the query, or give it more: JDK_JAVA_OPTIONS=-Xmx2g");
            return Exit.FAILED.code();
        }
        // Not its message, which may hold a secret. A class that cannot open its file fails in many ways.
        int openFiles = openFiles();
        io.messages()
                .problem(
                        "internal error: " + bug.getClass().getName(),
                        openFiles < FEW_FILES ? raise(openFiles) : "please report it with what --verbose shows");
        if (verbose) {
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace));
            trace.toString().lines().forEach(io.speaking(false, true).messages()::detail);
        }
        return Exit.FAILED.code();
    }

    private static String raise(int openFiles) {
        return (openFiles == 0 ? "too few" : "only " + openFiles)
                + " files may be open at a time (ulimit -n): raise it with ulimit -n "
                + Math.max(1024L, 4L * openFiles);
    }

    /**
     * How many files may be open at a time; 0 if there are too few of them to read that, and a large number where the
     * system does not tell.
     */
    private static int openFiles() {
        String name = "Max open files";
        Path file = Path.of("/proc/self/limits");
        try {
            String limits = Files.readString(file);
            String values = limits.substring(limits.indexOf(name) + name.length());
            return Integer.parseInt(values.strip().split(" ")[0]);
        } catch (IOException untold) {
            // Other systems have no /proc.
            return Files.exists(file) ? 0 : Integer.MAX_VALUE;
        } catch (NumberFormatException unlimited) {
            return Integer.MAX_VALUE;
        }
    }
}
