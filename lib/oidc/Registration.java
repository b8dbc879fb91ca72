//SOURCES ../base/Cache.java ../base/Messages.java ../base/Nearest.java ../base/Printable.java ../base/Problem.java
//SOURCES ../base/Secret.java ClientSettings.java KeycloakAdmin.java Provider.java TokenSupply.java

package lib.oidc;

import module java.base;
import lib.base.Cache;
import lib.base.Messages;
import lib.base.Nearest;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;

/**
 * The registration of a client of the archive in Keycloak, with the steps that a person takes in its console. It is
 * planned first: what is there, what is wanted, and the difference. Then the difference is made, so that a run
 * completes what an earlier one left undone. A dry run only announces it.
 *
 * @param admin the realm
 * @param wanted the settings of the client
 * @param roles the realm roles that its service account is to have
 * @param mode how far the run may go
 * @param messages where each change is announced
 * @param cache where tokens of the client may be kept
 * @param changes gets the name of each change
 */
public record Registration(
        KeycloakAdmin admin,
        ClientSettings wanted,
        List<String> roles,
        Mode mode,
        Messages messages,
        Cache cache,
        List<String> changes)
        implements AutoCloseable {
    private static final int MAX_ROLES_SHOWN = 12;
    private static final String LACKS_ROLES = ", so that its tokens lack ";
    private static final String DISABLED_ACCOUNT = "its service account is disabled";

    /**
     * How far a run may go.
     *
     * @param isDryRun whether changes are only announced
     * @param repairs whether an existing client is changed where somebody may need it as it is
     * @param rotates whether the secret of an existing client is replaced
     * @param createsRoles whether a role that the realm does not have is created
     */
    public record Mode(boolean isDryRun, boolean repairs, boolean rotates, boolean createsRoles) {}

    /**
     * What came of a registration.
     *
     * @param secret the client's secret; null in a dry run, and if the client still gets no tokens for the archive
     * @param isNewSecret whether the secret was made by this run
     * @param remaining what was not changed, or null if nothing remains
     */
    public record Result(Secret secret, boolean isNewSecret, Problem remaining) {
        /** The result without a secret and with nothing that remains. */
        public static final Result NONE = new Result(null, false, null);
    }

    /**
     * The difference between the client that is wanted and what is there.
     *
     * @param found the client as Keycloak describes it, or null if there is none
     * @param differences the settings to change
     * @param scopes the client scopes to add: their internal ids by their names
     * @param disabled the internal id of the service account's user if that is to be enabled, or null
     * @param left the faults that are not repaired
     */
    private record Plan(
            Map<String, Object> found,
            List<ClientSettings.Difference> differences,
            Map<String, String> scopes,
            String disabled,
            List<Fault> left) {
        boolean isNew() {
            return found == null;
        }
    }

    /**
     * What is wrong with a client.
     *
     * @param text what, of the client: "it is public"
     * @param isFatal whether it gets no tokens for the archive thereby
     */
    private record Fault(String text, boolean isFatal) {
        static boolean isAnyFatal(List<Fault> faults) {
            return faults.stream().anyMatch(Fault::isFatal);
        }

        static String all(List<Fault> faults) {
            return faults.stream().map(Fault::text).collect(Collectors.joining(", "));
        }
    }

    /**
     * Registers the client, or completes an existing one. An existing client is given a service account and roles.
     * Other differences are left, since somebody may need the client as it is, unless they are to be repaired; a client
     * that can have no service account, such as the archive's own for browsers, is left altogether: a {@link Problem}.
     */
    public Result register() {
        Plan plan = plan();
        Set<String> known = admin.roles();
        for (String role : roles) {
            if (known != null && !known.contains(role)) {
                createRole(role, known);
            }
        }
        Map<String, Object> client = plan.isNew() ? create() : change(plan);
        assignRoles(client);
        List<Fault> undone = undone(plan, client);
        List<Fault> left = new ArrayList<>(plan.left);
        boolean isUseless = Fault.isAnyFatal(left) || Fault.isAnyFatal(undone);
        if (isUseless && mode.rotates) {
            left.add(new Fault("its secret was not replaced", false));
        }
        Secret secret = isUseless ? null : secret(client, mode.rotates && !plan.isNew());
        boolean isNewSecret = plan.isNew() || changes.contains("secret");
        return new Result(secret, isNewSecret, remaining(left, undone, isUseless));
    }

    /** Reads what is there; changes nothing. */
    private Plan plan() {
        Map<String, Object> found = admin.client(wanted.clientId());
        if (found == null) {
            requireFreeAccount();
            return new Plan(null, List.of(), Map.of(), null, List.of());
        }
        if (!"openid-connect".equals(found.get("protocol"))) {
            throw Problem.usage(name() + " exists, but not for OpenID Connect", "choose another name with --client-id");
        }
        boolean hasAccount = Boolean.TRUE.equals(found.get("serviceAccountsEnabled"));
        Map<String, Object> account = hasAccount ? admin.serviceAccount(id(found)) : Map.of();
        String disabled = Boolean.FALSE.equals(account.get("enabled")) ? id(account) : null;
        Plan full = new Plan(found, differences(found), missingScopes(found), disabled, List.of());
        Plan plan = mode.repairs ? full : reduced(full);
        if (!hasAccount) {
            requireFreeAccount();
        }
        return plan;
    }

    private List<ClientSettings.Difference> differences(Map<String, Object> client) {
        return wanted.differences(client, this::usualAlgorithm);
    }

    /** The algorithm of clients that name none; null if it cannot be seen, and nothing is done about that. */
    private String usualAlgorithm() {
        String seen = admin.signatureAlgorithm();
        return seen == null && mode.repairs ? "the realm's default" : seen;
    }

    /** Refuses a client whose service account's user would have the name of another user. */
    private void requireFreeAccount() {
        String user = "service-account-" + wanted.clientId().toLowerCase(Locale.ROOT);
        if (!admin.hasUser(user)) {
            return;
        }
        String other = admin.clientWithAccount(wanted.clientId());
        if (other == null) {
            throw Problem.refused(
                    name() + " can have no service account: there is a user " + user + " already",
                    "delete or rename that user (Users > " + user + "), or choose another name with --client-id");
        }
        // If it is the same one, another run has just created it, and Keycloak says so.
        if (!other.equals(wanted.clientId())) {
            throw Problem.refused(
                    name() + " can have no service account: client " + other + " has one with the same name, " + user,
                    "give --client-id " + other + ", or choose a name that differs in more than upper and lower case");
        }
    }

    /** The part of {@code full} that is done without being asked for. */
    private Plan reduced(Plan full) {
        List<ClientSettings.Difference> gains = new ArrayList<>();
        List<Fault> left = new ArrayList<>();
        for (ClientSettings.Difference difference : full.differences) {
            if (difference.isServiceAccount()) {
                gains.add(difference);
            } else {
                left.add(fault(difference, full.found));
            }
        }
        for (String scope : full.scopes.keySet()) {
            left.add(new Fault(lacks(scope), true));
        }
        if (full.differences.stream().anyMatch(ClientSettings.Difference::excludesServiceAccount)) {
            throw left(
                    left,
                    "nothing was changed, because such a client can have no service account; choose another name with"
                            + " --client-id, or --repair if nobody logs in through this one");
        }
        if (full.disabled != null) {
            left.add(new Fault(DISABLED_ACCOUNT, true));
        }
        if (admin.secret(id(full.found)) == null) {
            left.add(new Fault("it has no secret", true));
        }
        return new Plan(full.found, gains, Map.of(), null, left);
    }

    /** What is wrong with {@code client} by this difference. */
    private Fault fault(ClientSettings.Difference difference, Map<String, Object> client) {
        if (!difference.isFullScope()) {
            return new Fault(difference.fault(), !difference.isHarmless());
        }
        List<String> lacking = new ArrayList<>(roles);
        lacking.removeAll(admin.scopeRoles(id(client)));
        String more = lacking.isEmpty() ? "" : LACKS_ROLES + String.join(", ", lacking);
        return new Fault(difference.fault() + more, !lacking.isEmpty());
    }

    /** What a client policy undid in {@code client}, or changed besides. */
    private List<Fault> undone(Plan plan, Map<String, Object> client) {
        List<Fault> undone = new ArrayList<>();
        if (client == plan.found) {
            return undone;
        }
        for (ClientSettings.Difference difference : differences(client)) {
            Fault fault = fault(difference, client);
            if (!plan.left.contains(fault)) {
                undone.add(fault);
                changes.remove(difference.name());
            }
        }
        return undone;
    }

    private Problem remaining(List<Fault> left, List<Fault> undone, boolean isUseless) {
        if (!undone.isEmpty()) {
            String faults = Fault.all(undone);
            return Problem.refused(
                    "keycloak did not keep what was asked of " + name() + ": " + faults
                            + (left.isEmpty() ? "" : "; left as it is: " + Fault.all(left)),
                    (isUseless ? "" : "it gets its tokens nevertheless; ")
                            + "a client policy does that: see Realm settings > Client policies"
                            + (faults.contains(LACKS_ROLES)
                                    ? ", or assign the roles in Clients > " + wanted.clientId() + " > Client scopes > "
                                            + wanted.clientId() + "-dedicated > Scope"
                                    : ""));
        }
        return left.isEmpty()
                ? null
                : left(
                        left,
                        (isUseless || mode.isDryRun ? "that is left" : "it gets its tokens nevertheless")
                                + "; --repair changes it, if nobody needs the client as it is,"
                                + " and --client-id names another one");
    }

    private Problem left(List<Fault> left, String hint) {
        return Problem.usage(name() + " exists, but " + Fault.all(left), hint);
    }

    /** The client scopes that the client lacks and the realm has; Keycloak before version 25 had no scope basic. */
    private Map<String, String> missingScopes(Map<String, Object> found) {
        Map<String, String> missing = new LinkedHashMap<>();
        List<String> names = wanted.missingScopes(found);
        Map<String, Map<String, Object>> known = names.isEmpty() ? Map.of() : admin.clientScopes();
        for (String name : names) {
            if (known.containsKey(name)) {
                missing.put(name, id(known.get(name)));
            }
        }
        return missing;
    }

    private static String lacks(String scope) {
        return "its tokens lack the client scope " + scope;
    }

    /** Creates a role that the realm does not have, if it is to be created; {@code known} are those that it has. */
    private void createRole(String role, Collection<String> known) {
        if (!mode.createsRoles) {
            throw noSuchRole(role, known);
        }
        if (begin("realm role " + role, "create role " + role + " in realm " + admin.realm())) {
            admin.change("POST", "/roles", Map.of("name", role), "create roles");
        }
    }

    private Problem noSuchRole(String role, Collection<String> known) {
        List<String> usual = known.stream()
                .filter(name -> !Provider.isEverybodysRole(name))
                .sorted()
                .toList();
        String has = usual.isEmpty() ? "none of its own" : Printable.list(usual, MAX_ROLES_SHOWN, 300);
        String other = role.equals("auth") ? "user" : role.equals("user") ? "auth" : Nearest.to(role, usual);
        String instead = other != null && usual.contains(other) ? "--role " + other + " or " : "";
        // The role that opens the archive changed with its version 5.32 (facts A11), and the wiki names the old one.
        boolean isTrap = role.equals("auth") || role.equals("user");
        return Problem.usage(
                "realm " + admin.realm() + " has no role " + role,
                (isTrap ? "archives from 5.32 on want the role auth, older ones user; " : "") + "the realm has " + has
                        + "; give " + instead + "--create-role");
    }

    /** Creates the client; null in a dry run. */
    private Map<String, Object> create() {
        if (!begin("client", "create " + name() + " in realm " + admin.realm())) {
            return null;
        }
        admin.change("POST", "/clients", wanted.description(), "create clients");
        return changed();
    }

    /** The client after a change. */
    private Map<String, Object> changed() {
        Map<String, Object> changed = admin.client(wanted.clientId());
        if (changed == null) {
            throw Problem.serverFailed(
                    name() + " was changed, but does not exist", "run this again when nobody else changes the realm");
        }
        return changed;
    }

    /** Changes the client as planned; the client as it is afterwards. */
    private Map<String, Object> change(Plan plan) {
        String id = id(plan.found);
        for (ClientSettings.Difference difference : plan.differences) {
            begin(difference.name(), "change " + name() + ": " + difference.fault());
        }
        boolean isChanged = !plan.differences.isEmpty() && !mode.isDryRun;
        if (isChanged) {
            admin.change("PUT", "/clients/" + id, wanted.change(plan.differences), "change clients");
        }
        if (plan.disabled != null && begin("service account", "change " + name() + ": " + DISABLED_ACCOUNT)) {
            admin.change("PUT", "/users/" + plan.disabled, Map.of("enabled", true), "change service accounts");
        }
        for (Map.Entry<String, String> scope : plan.scopes.entrySet()) {
            if (begin("client scope " + scope.getKey(), "change " + name() + ": " + lacks(scope.getKey()))) {
                String path = "/clients/" + id + "/default-client-scopes/" + scope.getValue();
                admin.change("PUT", path, null, "change clients");
            }
        }
        return isChanged ? changed() : plan.found;
    }

    /** Gives the client's service account the roles that it lacks; in a dry run it may not exist yet. */
    private void assignRoles(Map<String, Object> client) {
        boolean hasAccount =
                client != null && (!mode.isDryRun || Boolean.TRUE.equals(client.get("serviceAccountsEnabled")));
        String user = hasAccount ? id(admin.serviceAccount(id(client))) : null;
        Set<String> had = user == null ? Set.of() : admin.rolesOf(user);
        for (String role : roles) {
            if (!had.contains(role)) {
                Map<String, Object> given = user == null ? null : assignable(role, user, had);
                if (begin("role " + role, "give role " + role + " to the service account of " + name())) {
                    assign(role, given, user);
                }
            }
        }
    }

    private void assign(String role, Map<String, Object> given, String user) {
        if (given == null) {
            throw Problem.refused(
                    "keycloak does not let role " + role + " be given to the service account of " + name(),
                    "give it in Clients > " + wanted.clientId()
                            + " > Service accounts roles, as another administrator");
        }
        admin.change("POST", KeycloakAdmin.mappings(user), List.of(given), "give roles to service accounts");
    }

    /** The role as Keycloak describes it; null if it cannot be given. A role that is missing is created. */
    private Map<String, Object> assignable(String role, String user, Set<String> had) {
        Map<String, Map<String, Object>> available = admin.rolesFor(user);
        if (available.containsKey(role) || changes.contains("realm role " + role)) {
            return available.get(role);
        }
        // The administrator may not see the realm's roles, or the service account could not be given this one.
        Set<String> known = new HashSet<>(had);
        known.addAll(available.keySet());
        createRole(role, known);
        return admin.rolesFor(user).get(role);
    }

    /** The client's secret, which only {@code isReplaced} replaces; null in a dry run. */
    private Secret secret(Map<String, Object> client, boolean isReplaced) {
        // Keycloak itself makes the secret of a client that is new, or no longer public.
        if (mode.isDryRun && !isReplaced && (client == null || Boolean.TRUE.equals(client.get("publicClient")))) {
            return null;
        }
        Secret secret = isReplaced ? null : admin.secret(id(client));
        if (secret == null) {
            String task = (isReplaced ? "replace the secret of " : "make a secret for ") + name();
            secret = begin("secret", task) ? admin.newSecret(id(client)) : null;
        }
        return mode.isDryRun ? null : secret;
    }

    /** The internal id of the client, or null if there is none. */
    public String find() {
        Map<String, Object> found = admin.client(wanted.clientId());
        return found == null ? null : id(found);
    }

    /** Deletes the client with this internal id. */
    public Result delete(String id) {
        if (begin("client", "delete " + name() + " of realm " + admin.realm())) {
            admin.change("DELETE", "/clients/" + id, null, "delete clients");
        }
        return Result.NONE;
    }

    /** Says that there was nothing to change, or throws what remains. */
    public void conclude(Result result) {
        if (result.remaining != null) {
            throw result.remaining;
        }
        if (changes.isEmpty()) {
            messages.note("nothing to change");
        }
    }

    /**
     * Announces a change.
     *
     * @param change its name, for other programs
     * @param task what is done, for people: {@code create client curl}
     * @return whether it is to be made
     */
    private boolean begin(String change, String task) {
        changes.add(change);
        messages.note((mode.isDryRun ? "would " : "") + task);
        return !mode.isDryRun;
    }

    /** Removes the client's tokens from the cache if something was changed, even if the run failed later. */
    @Override
    public void close() {
        if (!mode.isDryRun && !changes.isEmpty()) {
            TokenSupply.forget(cache, wanted.clientId());
        }
    }

    private static String id(Map<String, Object> client) {
        return (String) client.get("id");
    }

    private String name() {
        return "client " + wanted.clientId();
    }
}
