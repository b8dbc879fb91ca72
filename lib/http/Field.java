package lib.http;

/**
 * A header field of an answer (RFC 9110, section 5).
 *
 * @param name its name, which means the same in any case
 * @param value its value
 */
record Field(String name, String value) {}
