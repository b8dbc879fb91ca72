//SOURCES ../base/Printable.java

package lib.json;

import lib.base.Printable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;

/** Escapes what JSON lets through but a terminal would act on: DEL, C1 and the bidi controls. */
final class SafeCharacters extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
        int[] codes = standardAsciiEscapesForJSON();
        codes[0x7f] = ESCAPE_STANDARD;
        return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
        return Printable.isControl((char) c) ? new SerializedString(Printable.line(Character.toString(c))) : null;
    }
}
