//SOURCES ../base/Destination.java ../base/Io.java ../base/Ownership.java ../base/Problem.java Profile.java
//SOURCES Settings.java

package lib.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Destination;
import lib.base.Io;
import lib.base.Ownership;
import lib.base.Problem;

/**
 * A profile that settings are written to. One that is there keeps its comments and its other lines, but for settings
 * that would stand in the way of the new ones.
 *
 * @param folder where profiles are
 * @param name its name
 * @param file where it is, or will be
 * @param before the text that is there, null for none
 */
record SavedProfile(Path folder, String name, Path file, String before) {
    /** The profile {@code name}, which must be fit for use if it is there; nothing is made or written yet. */
    static SavedProfile named(String name, Io io) {
        Profile.requireName(name);
        Path folder = Profile.folder(io).toAbsolutePath().normalize();
        Path file = folder.resolve(name + ".conf");
        try {
            if (!Files.exists(file)) {
                if (Files.exists(folder)) {
                    Ownership.requireFolder(folder);
                }
                return new SavedProfile(folder, name, file, null);
            }
            Profile.find(name, io);
            // The file itself, where somebody keeps it elsewhere behind a link.
            return new SavedProfile(folder, name, file.toRealPath(), Files.readString(file));
        } catch (IOException e) {
            throw Problem.usage("cannot read " + file + ": " + e.getMessage(), null);
        }
    }

    /** The file for the client's secret: beside the profile, with the ending {@code secret}. */
    Path secretFile() {
        return folder.resolve(name + ".secret");
    }

    /** Makes the folder, for its owner alone, where there is none. */
    void makeFolder() {
        try {
            Files.createDirectories(folder, Ownership.only("rwx------", folder));
        } catch (FileAlreadyExistsException e) {
            throw Problem.failed(e.getMessage() + " is no folder", "choose another with ARC_CONFIG_HOME");
        } catch (IOException e) {
            throw Problem.failed("cannot make the folder " + folder, "choose another with ARC_CONFIG_HOME");
        }
    }

    /** Refuses a value that a profile cannot hold: it has no escapes, and blanks at the ends are dropped. */
    static void requireStorable(String key, String value) {
        if (!value.equals(value.strip()) || value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw Problem.usage(
                    "a profile cannot hold this " + key + ": it has a line break, or a blank at its beginning or end",
                    "choose another one, or leave out --save-profile");
        }
    }

    /** The keys of the lines that {@code settings} leave no room for. */
    List<String> inTheWayOf(Map<String, List<String>> settings) {
        List<String> keys = new ArrayList<>();
        for (String key : settings.keySet()) {
            keys.addAll(Settings.named(key).replaced());
        }
        List<String> found = new ArrayList<>();
        for (String line : before == null ? new String[0] : before.split("\n")) {
            String key = Profile.key(line);
            if (keys.contains(key) && !settings.containsKey(key) && !found.contains(key)) {
                found.add(key);
            }
        }
        return found;
    }

    /** The text with these {@code settings} in it; of a repeatable one, those that are there stay. */
    String with(Map<String, List<String>> settings) {
        Map<String, List<String>> missing = new LinkedHashMap<>();
        List<String> dropped = inTheWayOf(settings);
        for (Map.Entry<String, List<String>> setting : settings.entrySet()) {
            missing.put(setting.getKey(), new ArrayList<>(setting.getValue()));
        }
        String text = before == null ? "" : before;
        String end = text.contains("\r\n") ? "\r\n" : "\n";
        StringBuilder merged = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int next = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at) + 1;
            String line = text.substring(at, next);
            at = next;
            String key = Profile.key(line);
            if (key == null || !settings.containsKey(key)) {
                merged.append(dropped.contains(key) ? "" : line);
                continue;
            }
            String value = line.substring(line.indexOf('=') + 1).strip();
            List<String> left = missing.get(key);
            if (left.remove(value) || Settings.named(key).isRepeatable()) {
                merged.append(line);
            } else if (!left.isEmpty()) {
                merged.append(key).append(" = ").append(left.removeFirst()).append(end);
            }
        }
        if (!merged.isEmpty() && merged.charAt(merged.length() - 1) != '\n') {
            merged.append(end);
        }
        for (Map.Entry<String, List<String>> setting : missing.entrySet()) {
            for (String value : setting.getValue()) {
                merged.append(setting.getKey()).append(" = ").append(value).append(end);
            }
        }
        return merged.toString();
    }

    /** Writes {@code text} through {@code destination}. */
    static void write(Destination destination, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        destination.write(bytes, 0, bytes.length);
        destination.commit();
    }
}
