//SOURCES ../base/Cache.java ../base/Messages.java TokenCache.java

package lib.oidc;

import java.util.ArrayList;
import java.util.List;
import lib.base.Cache;
import lib.base.Messages;

/**
 * What is changed about a client, each thing announced before it is; in a dry run announced only. However far it came,
 * in the end no token from before is left in the cache.
 */
public final class Changes implements AutoCloseable {
    private final String clientId;
    private final boolean isDryRun;
    private final Messages messages;
    private final Cache cache;
    private final List<String> names = new ArrayList<>();

    /**
     * @param clientId the client that is changed
     * @param isDryRun whether nothing is really changed
     * @param messages where each change is announced
     * @param cache where tokens of the client may be kept
     */
    public Changes(String clientId, boolean isDryRun, Messages messages, Cache cache) {
        this.clientId = clientId;
        this.isDryRun = isDryRun;
        this.messages = messages;
        this.cache = cache;
    }

    /** Whether nothing is really changed. */
    public boolean isDryRun() {
        return isDryRun;
    }

    /** The names of the changes so far, in their order. */
    public List<String> names() {
        return names;
    }

    /**
     * Announces a change.
     *
     * @param name its name, for other programs
     * @param task what is done, for people: {@code create client curl}
     * @return whether it is to be made
     */
    boolean begin(String name, String task) {
        names.add(name);
        messages.note((isDryRun ? "would " : "") + task);
        return !isDryRun;
    }

    /** Takes back the changes {@code lost}, with which another run was faster. */
    void retract(List<String> lost) {
        names.removeAll(lost);
        messages.note("another run was faster; looking again");
    }

    /** Says so if there was nothing to change. */
    void sayIfNone() {
        if (names.isEmpty()) {
            messages.note("nothing to change");
        }
    }

    @Override
    public void close() {
        if (!isDryRun && !names.isEmpty()) {
            TokenCache.forget(cache, clientId);
        }
    }
}
