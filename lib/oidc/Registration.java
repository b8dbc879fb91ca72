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
 * @param roles the roles of its service account
 * @param mode how far the run may go
 * @param messages where each change is announced
 * @param cache where tokens of the client may be kept
 * @param changes gets the name of each change
 */
public record Registration(
        KeycloakAdmin admin,
        ClientSettings wanted,
        Roles roles,
        Mode mode,
        Messages messages,
        Cache cache,
        List<String> changes)
        implements AutoCloseable {
    private static final int MAX_ROLES_SHOWN = 12;
    private static final String LACKS_ROLES = ", so that its tokens lack ";
    private static final String DISABLED_ACCOUNT = "its service account is disabled";

    /**
     * The realm roles of the client's service account.
     *
     * @param names the roles that it is to have
     * @param areCreated whether a role that the realm does not have is created
     */
    public record Roles(List<String> names, boolean areCreated) {}

    /**
     * How far a run may go.
     *
     * @param isDryRun whether changes are only announced
     * @param repairs whether an existing client is changed where somebody may need it as it is
     * @param rotates whether the secret of an existing client is replaced
     */
    public record Mode(boolean isDryRun, boolean repairs, boolean rotates) {}

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
     * @param isUseless whether the client gets no tokens for the archive, because of these faults
     */
    private record Plan(
            Map<String, Object> found,
            List<ClientSettings.Difference> differences,
            Map<String, String> scopes,
            String disabled,
            List<String> left,
            boolean isUseless) {
        boolean isNew() {
            return found == null;
        }
    }

    /**
     * Registers the client, or completes an existing one. An existing client is given a service account and roles.
     * Other differences are left, since somebody may need the client as it is, unless they are to be repaired; a client
     * that can have no service account, such as the archive's own for browsers, is left altogether: a {@link Problem}.
     */
    public Result register() {
        Plan plan = plan();
        for (String role : missingRoles(admin.roles())) {
            createRole(role);
        }
        Map<String, Object> client = plan.isNew() ? create() : change(plan);
        assignRoles(client);
        List<String> left = new ArrayList<>(plan.left);
        List<String> undone = new ArrayList<>();
        boolean isUseless = undo(plan, client, undone) || plan.isUseless;
        Secret secret = null;
        if (!isUseless) {
            secret = secret(client, mode.rotates && !plan.isNew());
        } else if (mode.rotates) {
            left.add("its secret was not replaced");
        }
        boolean isNewSecret = plan.isNew() || changes.contains("secret");
        return new Result(secret, isNewSecret, remaining(left, undone, isUseless));
    }

    /** Reads what is there; changes nothing. */
    private Plan plan() {
        Map<String, Object> found = admin.client(wanted.clientId());
        if (found == null) {
            requireFreeAccount();
            return new Plan(null, List.of(), Map.of(), null, List.of(), false);
        }
        if (!"openid-connect".equals(found.get("protocol"))) {
            throw Problem.usage(name() + " exists, but not for OpenID Connect", "choose another name with --client-id");
        }
        boolean hasAccount = Boolean.TRUE.equals(found.get("serviceAccountsEnabled"));
        Map<String, Object> account = hasAccount ? admin.serviceAccount(id(found)) : Map.of();
        String disabled = Boolean.FALSE.equals(account.get("enabled")) ? id(account) : null;
        Plan full = new Plan(found, differences(found), missingScopes(found), disabled, List.of(), false);
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
        List<String> left = new ArrayList<>();
        boolean isUseless = false;
        boolean canGain = true;
        for (ClientSettings.Difference difference : full.differences) {
            if (difference.isServiceAccount()) {
                gains.add(difference);
            } else {
                isUseless |= isUseless(difference, full.found, left);
                canGain &= !difference.excludesServiceAccount();
            }
        }
        for (String scope : full.scopes.keySet()) {
            left.add(lacks(scope));
            isUseless = true;
        }
        if (!canGain) {
            throw left(
                    left,
                    "nothing was changed, because such a client can have no service account; choose another name with"
                            + " --client-id, or --repair if nobody logs in through this one");
        }
        if (full.disabled != null) {
            left.add(DISABLED_ACCOUNT);
            isUseless = true;
        }
        if (admin.secret(id(full.found)) == null) {
            left.add("it has no secret");
            isUseless = true;
        }
        return new Plan(full.found, gains, Map.of(), null, left, isUseless);
    }

    /** Says in {@code faults} what differs in {@code client}; whether it gets no tokens for the archive thereby. */
    private boolean isUseless(ClientSettings.Difference difference, Map<String, Object> client, List<String> faults) {
        if (!difference.isFullScope()) {
            faults.add(difference.fault());
            return !difference.isHarmless();
        }
        List<String> lacking = new ArrayList<>(roles.names);
        lacking.removeAll(admin.scopeRoles(id(client)));
        faults.add(difference.fault() + (lacking.isEmpty() ? "" : LACKS_ROLES + String.join(", ", lacking)));
        return !lacking.isEmpty();
    }

    /**
     * Names in {@code undone} what a client policy undid, or changed besides; whether the client is useless thereby.
     */
    private boolean undo(Plan plan, Map<String, Object> client, List<String> undone) {
        boolean isUseless = false;
        if (client != plan.found) {
            for (ClientSettings.Difference difference : differences(client)) {
                List<String> fault = new ArrayList<>();
                boolean isWorse = isUseless(difference, client, fault);
                if (!plan.left.containsAll(fault)) {
                    undone.addAll(fault);
                    changes.remove(difference.name());
                    isUseless |= isWorse;
                }
            }
        }
        return isUseless;
    }

    private Problem remaining(List<String> left, List<String> undone, boolean isUseless) {
        if (!undone.isEmpty()) {
            String faults = String.join(", ", undone);
            return Problem.refused(
                    "keycloak did not keep what was asked of " + name() + ": " + faults
                            + (left.isEmpty() ? "" : "; left as it is: " + String.join(", ", left)),
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
                                + "; --repair changes it, if nobody needs the client as it is, and --client-id names another one");
    }

    private Problem left(List<String> left, String hint) {
        return Problem.usage(name() + " exists, but " + String.join(", ", left), hint);
    }

    /** The client scopes that the client lacks and the realm has; Keycloak before version 25 had no scope basic. */
    private Map<String, String> missingScopes(Map<String, Object> found) {
        Map<String, String> missing = new LinkedHashMap<>();
        List<String> names = wanted.missingScopes(found);
        Map<String, String> known = names.isEmpty() ? Map.of() : admin.clientScopes();
        for (String name : names) {
            if (known.containsKey(name)) {
                missing.put(name, known.get(name));
            }
        }
        return missing;
    }

    private static String lacks(String scope) {
        return "its tokens lack the client scope " + scope;
    }

    /** The wanted roles that are not among {@code known}, which is null if the administrator may not see the roles. */
    private List<String> missingRoles(List<String> known) {
        List<String> missing = new ArrayList<>();
        for (String role : roles.names) {
            if (known != null && !known.contains(role)) {
                requireCreation(role, known);
                missing.add(role);
            }
        }
        return missing;
    }

    /** Refuses a role that the realm does not have and that is not to be created. */
    private void requireCreation(String role, List<String> known) {
        if (roles.areCreated) {
            return;
        }
        List<String> usual = new ArrayList<>();
        for (String name : known) {
            if (!Provider.isEverybodysRole(name)) {
                usual.add(name);
            }
        }
        usual.sort(null);
        String has = usual.isEmpty() ? "none of its own" : Printable.list(usual, MAX_ROLES_SHOWN, 300);
        String other = role.equals("auth") ? "user" : role.equals("user") ? "auth" : Nearest.to(role, usual);
        String instead = usual.contains(other) ? "--role " + other + " or " : "";
        // The role that opens the archive changed with its version 5.32 (facts A11), and the wiki names the old one.
        boolean isTrap = role.equals("auth") || role.equals("user");
        throw Problem.usage(
                "realm " + admin.realm() + " has no role " + role,
                (isTrap ? "archives from 5.32 on want the role auth, older ones user; " : "") + "the realm has " + has
                        + "; give " + instead + "--create-role");
    }

    private void createRole(String role) {
        if (begin("realm role " + role, "create role " + role + " in realm " + admin.realm())) {
            admin.createRole(role);
        }
    }

    /** Creates the client; null in a dry run. */
    private Map<String, Object> create() {
        if (!begin("client", "create " + name() + " in realm " + admin.realm())) {
            return null;
        }
        admin.createClient(wanted.description());
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
            admin.changeClient(id, wanted.change(plan.differences));
        }
        if (plan.disabled != null && begin("service account", "change " + name() + ": " + DISABLED_ACCOUNT)) {
            admin.enableUser(plan.disabled);
        }
        for (Map.Entry<String, String> scope : plan.scopes.entrySet()) {
            if (begin("client scope " + scope.getKey(), "change " + name() + ": " + lacks(scope.getKey()))) {
                admin.addClientScope(id, scope.getValue());
            }
        }
        return isChanged ? changed() : plan.found;
    }

    /** Gives the client's service account the roles that it lacks; in a dry run it may not exist yet. */
    private void assignRoles(Map<String, Object> client) {
        boolean hasAccount =
                client != null && (!mode.isDryRun || Boolean.TRUE.equals(client.get("serviceAccountsEnabled")));
        String user = hasAccount ? id(admin.serviceAccount(id(client))) : null;
        List<String> had = user == null ? List.of() : admin.rolesOf(user);
        for (String role : roles.names) {
            if (!had.contains(role)) {
                assign(role, user, had);
            }
        }
    }

    private void assign(String role, String user, List<String> had) {
        Map<String, Object> given = user == null ? null : assignable(role, user, had);
        if (begin("role " + role, "give role " + role + " to the service account of " + name())) {
            if (given == null) {
                throw Problem.refused(
                        "keycloak does not let role " + role + " be given to the service account of " + name(),
                        "give it in Clients > " + wanted.clientId()
                                + " > Service accounts roles, as another administrator");
            }
            admin.assign(user, given);
        }
    }

    /** The role as Keycloak describes it; null if it cannot be given. A role that is missing is created. */
    private Map<String, Object> assignable(String role, String user, List<String> had) {
        List<Map<String, Object>> available = admin.rolesFor(user);
        Map<String, Object> given = named(role, available);
        if (given != null || changes.contains("realm role " + role)) {
            return given;
        }
        // The administrator may not see the realm's roles, or the service account could not be given this one.
        List<String> known = new ArrayList<>(had);
        for (Map<String, Object> other : available) {
            known.add((String) other.get("name"));
        }
        requireCreation(role, known);
        createRole(role);
        return named(role, admin.rolesFor(user));
    }

    private static Map<String, Object> named(String name, List<Map<String, Object>> roles) {
        for (Map<String, Object> role : roles) {
            if (name.equals(role.get("name"))) {
                return role;
            }
        }
        return null;
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
            admin.deleteClient(id);
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
