//SOURCES AdminOptions.java ArchiveOptions.java Option.java Section.java ServerOptions.java TokenOptions.java

package lib.cli;

import java.util.ArrayList;
import java.util.List;

/** The settings of all tools: a profile is shared by them, so each must know the others' keys. */
final class Settings {
    private static final List<Section> SECTIONS =
            List.of(ServerOptions.SECTION, TokenOptions.SECTION, ArchiveOptions.SECTION, AdminOptions.SECTION);

    private Settings() {}

    /** The setting with this key, or null if there is none. */
    static Option named(String key) {
        for (Section section : SECTIONS) {
            for (Option option : section.options()) {
                if (option.isSetting() && option.key().equals(key)) {
                    return option;
                }
            }
        }
        return null;
    }

    /** The keys of all settings. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Section section : SECTIONS) {
            for (Option option : section.options()) {
                if (option.isSetting()) {
                    keys.add(option.key());
                }
            }
        }
        return keys;
    }
}
