//SOURCES ../base/Exit.java ../base/Io.java ../base/Messages.java ../base/Printable.java ../base/Problem.java
//SOURCES ../json/Json.java Cli.java Tool.java

package lib.cli;

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Messages;
import lib.base.Printable;
import lib.base.Problem;
import lib.json.Json;

/**
 * The tools as methods for JShell: run in its process with the settings of its environment, their output as a value.
 *
 * @param err where their warnings go
 */
public record Interactive(OutputStream err) {

    /**
     * Runs a tool and returns its output without the line end; if it fails, its message is thrown as a {@link Problem}.
     *
     * @param in its standard input
     * @param tool the name of the tool and of its class
     * @param arguments its arguments
     */
    public String run(String in, String tool, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Io process = Io.system(tool);
        Io io = new Io(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                out,
                new Messages(tool, said, false, false),
                process.environment(),
                process.clock(),
                descriptor -> false);
        int exit = Cli.run(tool(tool), io, arguments);
        if (exit != Exit.DONE.code() && exit != Exit.INCOMPLETE.code()) {
            throw Problem.failed(said.toString(StandardCharsets.UTF_8).strip(), null);
        }
        try {
            said.writeTo(err);
        } catch (IOException nobodyListens) {
            // Warnings are lost; the output counts.
        }
        return out.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /** The same for a tool that prints JSON: an object is a map, an array a list, and both are safe to be shown. */
    public Object json(String in, String tool, String... arguments) {
        String text = run(in, tool, arguments);
        try {
            return shown(Json.parse(text));
        } catch (Json.Malformed notJson) {
            return text;
        }
    }

    // JShell escapes a string, but shows other values by their toString.
    private static Object shown(Object value) {
        if (value instanceof Map<?, ?> object) {
            Map<String, Object> map = new LinkedHashMap<>() {
                @Override
                public String toString() {
                    return Printable.line(super.toString());
                }
            };
            object.forEach((name, member) -> map.put((String) name, shown(member)));
            return map;
        }
        if (value instanceof List<?> array) {
            List<Object> list = new ArrayList<>() {
                @Override
                public String toString() {
                    return Printable.line(super.toString());
                }
            };
            array.forEach(element -> list.add(shown(element)));
            return list;
        }
        return value;
    }

    private static Tool tool(String name) {
        // The tools have no package, so their classes cannot be named here.
        try {
            Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Tool) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("there is no tool " + name, e);
        }
    }

    /** Runs a tool in one process with each of several command lines, so that its AOT cache serves them all. */
    public static final class Repeated {
        private Repeated() {}

        /** Runs the tool of the first argument with each of the others, which are split at spaces. */
        public static void main(String... arguments) {
            Tool tool = tool(arguments[0]);
            int last = arguments.length - 1;
            for (int i = 1; i < last; i++) {
                int exit = Cli.run(tool, Io.system(tool.name), arguments[i].split(" "));
                if (exit != Exit.DONE.code()) {
                    throw new IllegalStateException(arguments[i] + " ended with " + exit);
                }
            }
            Cli.main(tool, arguments[last].split(" "));
        }
    }
}
