//SOURCES ../arc/Format.java ../base/Destination.java ../base/Io.java ../base/Screen.java Option.java Options.java

package lib.cli;

import lib.arc.Format;
import lib.base.Destination;
import lib.base.Io;
import lib.base.Screen;

/** The options that say how answers are written, and where. */
public final class FormatOptions {
    public static final Option FORMAT = Option.choice(
            "-f, --format", "F", Format.NAMES, "json, ndjson, table, csv, or raw: the bytes as they come");
    public static final Option COLUMNS =
            Option.text("--columns", "LIST", "columns of table and csv: keywords, tags or members, with commas");
    public static final Option OUTPUT =
            Option.file("-o, --output", "FILE", "write to FILE, whole or not at all, instead of standard output");

    public static final Option.Section SECTION = Option.section("Output", FORMAT, COLUMNS, OUTPUT);

    private FormatOptions() {}

    /** Where the answers go. */
    public static Destination destination(Options given, Io io) {
        return Destination.of(given.file(OUTPUT), io);
    }

    /** How they are written to {@code destination}, which {@link #destination} gave. */
    public static Format format(Options given, Destination destination, Io io) {
        Screen screen = given.file(OUTPUT) == null ? Screen.of(io) : null;
        return new Format(given.text(FORMAT), given.text(COLUMNS), destination, screen, io.messages());
    }
}
