//SOURCES ../base/Problem.java ../http/Response.java

package lib.arc;

import lib.base.Problem;
import lib.http.Response;

/**
 * What the archive answered in the end, after redirects and with a token that is not outdated.
 *
 * @param response the answer
 * @param problem why it is not what was asked for, or null if it is
 */
public record Reply(Response response, Problem problem) {}
