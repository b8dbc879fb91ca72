//SOURCES ../base/Problem.java

package lib.jwt;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import lib.base.Problem;

/** Bytes as text, by what they look like and never by the platform's charset. */
final class InputText {
    private InputText() {}

    /** The text that {@code bytes} are: UTF-8, or UTF-16 as PowerShell's {@code >} writes it. */
    static String of(byte[] bytes) {
        boolean ascii = true;
        for (int i = 0; ascii && i < bytes.length; i++) {
            ascii = bytes[i] > 0;
        }
        return ascii ? new String(bytes, StandardCharsets.ISO_8859_1) : decoded(bytes);
    }

    /**
     * The text that the UTF-8 in {@code bytes} stands for.
     *
     * @param what whose bytes they are, for the problem
     */
    static String utf8(String what, byte[] bytes) {
        return strict(what, "UTF-8", bytes, 0, StandardCharsets.UTF_8);
    }

    private static String decoded(byte[] bytes) {
        String text;
        if (begins(bytes, 0x1f, 0x8b)) {
            throw bad("this is gzip data, not a token", "ask the server for plain text, as with curl --compressed");
        } else if (begins(bytes, 0xef, 0xbb, 0xbf)) {
            text = strict("the input", "text", bytes, 3, StandardCharsets.UTF_8);
        } else if (begins(bytes, 0xff, 0xfe)) {
            text = strict("the input", "UTF-16", bytes, 2, StandardCharsets.UTF_16LE);
        } else if (begins(bytes, 0xfe, 0xff)) {
            text = strict("the input", "UTF-16", bytes, 2, StandardCharsets.UTF_16BE);
        } else {
            text = strict("the input", "text", bytes, 0, StandardCharsets.UTF_8);
        }
        if (text.indexOf('\0') >= 0) {
            throw bad("this is binary data, not a token", "pass the token as text");
        }
        return text;
    }

    private static String strict(String what, String form, byte[] bytes, int from, Charset charset) {
        String text = new String(bytes, from, bytes.length - from, charset);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        // Either the text has the replacement character itself, or the bytes are broken: only a decoder knows where.
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
        if (decoder.decode(in, CharBuffer.allocate(bytes.length), true).isError()) {
            throw bad(what + " is not valid " + form + " at byte " + in.position(), "it is damaged, or was binary");
        }
        return text;
    }

    private static boolean begins(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static Problem bad(String message, String hint) {
        return Problem.badToken(message, hint);
    }
}
