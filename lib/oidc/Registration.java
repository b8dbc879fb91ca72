//SOURCES ../base/Nearest.java ../base/Printable.java ../base/Problem.java ../base/Secret.java Changes.java
//SOURCES ClientSettings.java KeycloakAdmin.java

package lib.oidc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Nearest;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;

/**
 * A client of the archive in Keycloak, step by step as in its console. Each thing is read first and changed only if it
 * differs, so that a run completes what an earlier one left undone, and two at once end with one client.
 */
public final class Registration {
    private static final int MOST_ROLES = 12;
    private static final int MOST_CONFLICTS = 3;

    private final KeycloakAdmin admin;
    private final ClientSettings wanted;
    private final List<String> roles;
    private final Changes changes;
    private final boolean createsRoles;
    private boolean repairs;
    private boolean isNew;
    private Map<String, Object> found;
    private List<ClientSettings.Difference> differences = List.of();
    private Map<String, String> scopes = Map.of();
    private List<String> left = List.of();
    private boolean isUseless;

    /**
     * @param admin where
     * @param wanted what the client is to be like
     * @param roles the realm roles that its service account is to have
     * @param createsRoles whether a role that is missing is created
     * @param changes where each change is announced
     */
    public Registration(
            KeycloakAdmin admin, ClientSettings wanted, List<String> roles, boolean createsRoles, Changes changes) {
        this.admin = admin;
        this.wanted = wanted;
        this.roles = roles;
        this.createsRoles = createsRoles;
        this.changes = changes;
    }

    /**
     * Looks for the client and the roles, before the client is changed; a missing role is created here. An existing
     * client is given a service account and roles. What else is not as wanted may serve somebody, and is left; of one
     * that can have no service account, as the archive's own for browsers, all is, which is a {@link Problem}.
     *
     * @param repair whether it is changed nevertheless
     */
    public void look(boolean repair) {
        repairs = repair;
        found = admin.client(wanted.clientId());
        isNew = found == null;
        differences = isNew ? List.of() : wanted.differences(found);
        scopes = isNew ? Map.of() : missingScopes();
        left = new ArrayList<>();
        isUseless = false;
        if (!isNew && !"openid-connect".equals(found.get("protocol"))) {
            throw Problem.usage(
                    name() + " is there, but not for OpenID Connect", "choose another name with --client-id");
        }
        if (!isNew && !repair) {
            leave();
        }
        requireRoles(admin.roles());
    }

    private void leave() {
        List<ClientSettings.Difference> gains = new ArrayList<>();
        boolean canGain = true;
        for (ClientSettings.Difference difference : differences) {
            if (difference.isServiceAccount()) {
                gains.add(difference);
            } else {
                left.add(difference.fault());
                isUseless |= !difference.isHarmless();
                canGain &= !difference.excludesServiceAccount();
            }
        }
        for (String scope : scopes.keySet()) {
            left.add(lacks(scope));
            isUseless = true;
        }
        if (!canGain) {
            throw leaving("nothing was changed, since such a client can have no service account; choose another name"
                    + " with --client-id, or --repair if nobody logs in through this one");
        }
        if (admin.secret(id()) == null) {
            left.add("it has no secret");
            isUseless = true;
        }
        differences = gains;
        scopes = Map.of();
    }

    private Problem leaving(String hint) {
        return Problem.usage(name() + " is there, but " + String.join(", ", left), hint);
    }

    /** Says in the end that there was nothing to change, or, as a {@link Problem}, what was left. */
    public void conclude() {
        if (!left.isEmpty()) {
            throw leaving((isUseless || changes.isDryRun() ? "that is left" : "it gets its tokens all the same")
                    + "; --repair changes it, if nobody needs the client as it is, and --client-id names another one");
        }
        changes.sayIfNone();
    }

    /** The client scopes that the client lacks and the realm has; Keycloak before version 25 had no scope basic. */
    private Map<String, String> missingScopes() {
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

    private void requireRoles(List<String> known) {
        if (known == null) {
            // Not for this administrator's eyes; the service account will tell.
            return;
        }
        for (String role : roles) {
            if (!known.contains(role)) {
                createRole(role, known);
            }
        }
    }

    private void createRole(String role, List<String> known) {
        if (!createsRoles) {
            throw missing(role, known);
        }
        if (changes.begin("realm role " + role, "create role " + role + " in realm " + admin.realm())) {
            admin.createRole(role);
        }
    }

    private Problem missing(String role, List<String> known) {
        List<String> usual = new ArrayList<>();
        for (String name : known) {
            if (!name.startsWith("default-roles-")
                    && !name.equals("offline_access")
                    && !name.equals("uma_authorization")) {
                usual.add(name);
            }
        }
        usual.sort(null);
        String some = String.join(", ", usual.size() > MOST_ROLES ? usual.subList(0, MOST_ROLES) : usual)
                + (usual.size() > MOST_ROLES ? ", ..." : "");
        String has = usual.isEmpty() ? "the realm has none of its own" : "the realm has " + some;
        String other = role.equals("auth") ? "user" : role.equals("user") ? "auth" : Nearest.to(role, usual);
        String instead = usual.contains(other) ? "--role " + other + " or " : "";
        // Which role opens the archive changed with its version 5.32 (facts A11), and the wiki names the old one.
        boolean isTrap = role.equals("auth") || role.equals("user");
        return Problem.usage(
                "realm " + admin.realm() + " has no role " + role,
                Printable.cut(
                        (isTrap ? "archives from 5.32 on want the role auth, older ones user; " : "") + has + "; give "
                                + instead + "--create-role",
                        600));
    }

    /** Creates the client, or gives an existing one what it lacks. */
    public void save() {
        Problem conflict = isNew ? create() : change();
        // Another run was faster. What it made is looked at as anything that was there before.
        for (int i = 0; conflict != null; i++) {
            if (i == MOST_CONFLICTS) {
                throw conflict;
            }
            look(repairs);
            conflict = isNew ? create() : change();
        }
        for (Map.Entry<String, String> scope : scopes.entrySet()) {
            if (changes.begin("client scope " + scope.getKey(), "change " + name() + ": " + lacks(scope.getKey()))) {
                admin.addClientScope(id(), scope.getValue());
            }
        }
    }

    private Problem create() {
        if (!changes.begin("client", "create " + name() + " in realm " + admin.realm())) {
            return null;
        }
        Problem conflict = admin.createClient(wanted.description());
        if (conflict != null) {
            changes.retract(List.of("client"));
            return conflict;
        }
        found = admin.client(wanted.clientId());
        if (found == null) {
            throw Problem.serverFailed(
                    name() + " was created, and is no more", "run this again when nobody else is at work in the realm");
        }
        return null;
    }

    private Problem change() {
        List<String> names = new ArrayList<>();
        for (ClientSettings.Difference difference : differences) {
            names.add(difference.name());
            changes.begin(difference.name(), "change " + name() + ": " + difference.fault());
        }
        if (names.isEmpty() || changes.isDryRun()) {
            return null;
        }
        Problem conflict = admin.changeClient(id(), wanted.change(differences));
        if (conflict != null) {
            changes.retract(names);
        }
        return conflict;
    }

    private static String lacks(String scope) {
        return "its tokens lack the client scope " + scope;
    }

    /** Gives the client's service account the roles that it lacks. */
    public void assignRoles() {
        boolean hasAccount =
                found != null && (!changes.isDryRun() || Boolean.TRUE.equals(found.get("serviceAccountsEnabled")));
        String user = hasAccount ? admin.serviceAccount(id()) : null;
        List<String> had = user == null ? List.of() : admin.rolesOf(user);
        for (String role : roles) {
            if (!had.contains(role)) {
                assign(role, user);
            }
        }
    }

    private void assign(String role, String user) {
        Map<String, Object> given = user == null ? null : named(role, admin.rolesFor(user));
        if (user != null && given == null && !changes.names().contains("realm role " + role)) {
            List<String> has = admin.rolesOf(user);
            if (has.contains(role)) {
                // Another run was faster.
                return;
            }
            createRole(role, withAssignable(has, user));
            given = named(role, admin.rolesFor(user));
        }
        if (changes.begin("role " + role, "give role " + role + " to the service account of " + name())) {
            if (given == null) {
                throw Problem.refused(
                        "keycloak does not let role " + role + " be given to the service account of " + name(),
                        "give it in Clients > " + wanted.clientId()
                                + " > Service accounts roles, as another administrator");
            }
            Problem conflict = admin.assign(user, given);
            if (conflict != null) {
                if (!admin.rolesOf(user).contains(role)) {
                    throw conflict;
                }
                changes.retract(List.of("role " + role));
            }
        }
    }

    private List<String> withAssignable(List<String> had, String user) {
        List<String> names = new ArrayList<>(had);
        for (Map<String, Object> role : admin.rolesFor(user)) {
            names.add((String) role.get("name"));
        }
        return names;
    }

    private static Map<String, Object> named(String name, List<Map<String, Object>> roles) {
        for (Map<String, Object> role : roles) {
            if (name.equals(role.get("name"))) {
                return role;
            }
        }
        return null;
    }

    /**
     * The client's secret, which is never replaced unasked.
     *
     * @param rotate whether it is
     * @return null in a dry run, and of a client that is left in a state in which it gets no tokens for the archive
     */
    public Secret secret(boolean rotate) {
        if (isUseless) {
            if (rotate) {
                left.add("its secret was not replaced");
            }
            return null;
        }
        boolean isReplaced = rotate && !isNew;
        // Keycloak itself makes the secret of a client that is new, or public no more.
        if (changes.isDryRun() && !isReplaced && (isNew || Boolean.TRUE.equals(found.get("publicClient")))) {
            return null;
        }
        Secret secret = isReplaced ? null : admin.secret(id());
        if (secret == null) {
            String task = (isReplaced ? "replace the secret of " : "make a secret for ") + name();
            secret = changes.begin("secret", task) ? admin.newSecret(id()) : null;
        }
        return changes.isDryRun() ? null : secret;
    }

    /** Whether there is a client to delete. */
    public boolean exists() {
        found = admin.client(wanted.clientId());
        return found != null;
    }

    /** Deletes the client that {@link #exists}. */
    public void delete() {
        if (changes.begin("client", "delete " + name() + " of realm " + admin.realm())) {
            admin.deleteClient(id());
        }
    }

    private String id() {
        return (String) found.get("id");
    }

    private String name() {
        return "client " + wanted.clientId();
    }
}
