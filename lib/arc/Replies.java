//SOURCES ../base/Awaited.java ../base/Exit.java ../base/Messages.java ../base/Problem.java Session.java

package lib.arc;

import module java.base;
import lib.base.Awaited;
import lib.base.Exit;
import lib.base.Messages;
import lib.base.Problem;

/**
 * The replies to several requests, in the order of the requests, some fetched ahead. Of a reply that waits for its turn
 * only the header and the beginning of the body are in memory; the rest stays on the wire.
 */
public final class Replies implements AutoCloseable {
    /** Takes each reply. */
    public interface Writer {
        /**
         * Writes {@code reply}; {@link Problem} if it is not complete, after writing what there is.
         *
         * @param index the index of its resource
         */
        Exit write(int index, Session.Reply reply);
    }

    private final Session session;
    private final String method;
    private final List<URI> resources;
    private final String accept;
    private final int jobs;
    private final Deque<FutureTask<Session.Reply>> ahead = new ArrayDeque<>();
    private int started;

    /**
     * Replies to {@code method} for {@code resources}.
     *
     * @param accept the media types to ask for, or null
     * @param jobs how many requests may be in progress at once
     */
    public Replies(Session session, String method, List<URI> resources, String accept, int jobs) {
        this.session = session;
        this.method = method;
        this.resources = resources;
        this.accept = accept;
        this.jobs = jobs;
    }

    /**
     * Writes all replies. The problem of one of several is reported and does not stop the others, unless they would
     * fail for the same reason.
     *
     * @param names what to call each resource in a message
     * @return the worst outcome
     */
    public Exit write(List<String> names, Writer writer, Messages messages) {
        // Report a header that cannot be sent before requesting a token.
        session.request(method, resources.getFirst(), accept);
        // Without a token every request would fail: fetch it once, before any of them.
        session.tokens().current();
        Exit worst = Exit.DONE;
        for (int i = 0; i < names.size(); i++) {
            boolean isRefused = false;
            try (Session.Reply reply = next()) {
                isRefused = reply.response().status() == 401;
                worst = worst.or(writer.write(i, reply));
            } catch (Problem problem) {
                boolean isDelivered = problem.exit() == Exit.INCOMPLETE || problem.exit() == Exit.NO_MATCH;
                boolean isAlone = names.size() == 1 && !isDelivered;
                boolean isOurs = problem.exit() == Exit.READER_GONE || problem.exit() == Exit.FAILED;
                if (isAlone || isOurs || isRefused) {
                    throw problem;
                }
                messages.problem((names.size() == 1 ? "" : names.get(i) + ": ") + problem.getMessage(), problem.hint());
                worst = worst.or(problem.exit());
            }
        }
        return worst;
    }

    /** The next reply, which the caller closes. After a {@link Problem} the next call gives the reply after it. */
    private Session.Reply next() {
        if (jobs == 1 || resources.size() == 1) {
            return ask(resources.get(started++));
        }
        while (started < resources.size() && ahead.size() < jobs) {
            URI resource = resources.get(started++);
            FutureTask<Session.Reply> task = new FutureTask<>(() -> ask(resource));
            ahead.add(task);
            // A virtual thread that waits on a socket would delay the end of the process by 300 ms.
            Thread.ofPlatform().daemon().start(task);
        }
        return Awaited.of(ahead.remove());
    }

    private Session.Reply ask(URI resource) {
        String goOn = resources.size() == 1 ? null : "go on with a fresh token from " + resource.getPath() + " on";
        return session.ask(method, resource, accept, goOn);
    }

    /** Cancels the requests in progress. */
    @Override
    public void close() {
        for (FutureTask<Session.Reply> task : ahead) {
            task.cancel(true);
        }
    }
}
