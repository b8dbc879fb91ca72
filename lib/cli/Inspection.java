//SOURCES ../base/Exit.java ../base/Io.java ../base/Problem.java ../jwt/Check.java ../jwt/FoundToken.java
//SOURCES ../jwt/Jwt.java ../jwt/Summary.java ../jwt/View.java Options.java Settings.java VerifyOptions.java

package lib.cli;

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.jwt.Check;
import lib.jwt.FoundToken;
import lib.jwt.Jwt;
import lib.jwt.Summary;
import lib.jwt.View;

/**
 * What decodejwt does with each token: it prints, checks and describes it.
 *
 * @param given the options
 * @param view what is printed of a token
 * @param informative whether a summary goes with it
 * @param checks what must hold of it
 * @param io where all of this is said
 */
public record Inspection(Options given, View view, boolean informative, List<Check> checks, Io io) {
    /** Inspects {@code tokens}; returns the worst result. */
    public Exit all(List<FoundToken> tokens) {
        if (!given.is(VerifyOptions.VERIFY) && (informative || !checks.isEmpty())) {
            io.messages().note("signature not verified");
        }
        Exit worst = Exit.DONE;
        for (int i = 0; i < tokens.size(); i++) {
            Exit exit = one(tokens.get(i), tokens.size() > 1 ? "token " + (i + 1) + ": " : "");
            worst = exit == Exit.DONE ? worst : exit;
        }
        return worst;
    }

    /** Inspects one token; each message about it begins with {@code name}. */
    private Exit one(FoundToken found, String name) {
        List<Problem> failures = new ArrayList<>();
        try {
            Jwt token = found.jwt();
            String shown = view.of(token);
            Instant now = io.clock().instant();
            for (Check check : checks) {
                check.test(token, now, failures);
            }
            if (!given.is(VerifyOptions.PASS_THROUGH)) {
                io.print(shown + "\n");
            }
            for (Jwt.Finding finding : token.findings(now)) {
                say(finding, name);
            }
            if (informative) {
                for (String line : Summary.of(token, now, given.text(Settings.ISSUER))) {
                    io.messages().note(name + line);
                }
            }
        } catch (Problem problem) {
            if (problem.exit() != Exit.BAD_TOKEN) {
                throw problem;
            }
            failures.add(problem);
        }
        for (Problem failure : failures) {
            io.messages().problem(name + failure.getMessage(), failure.hint());
        }
        return failures.isEmpty() ? Exit.DONE : Exit.BAD_TOKEN;
    }

    private void say(Jwt.Finding finding, String name) {
        if (finding.severity() == Jwt.Severity.NOTE) {
            io.messages().note(name + finding.text());
        } else if (finding.severity() == Jwt.Severity.WARNING || !VerifyOptions.isReliedOn(given)) {
            // Where the token is relied on, an ambiguity is reported as a failure instead.
            io.messages().warning(name + finding.text());
        }
    }
}
