//SOURCES ../lib/sandbox/Certificates.java ../lib/sandbox/Clients.java ../lib/sandbox/SampleStudies.java
//SOURCES ../lib/sandbox/Sandbox.java ../lib/sandbox/WebRequest.java ../scripts/arcget.java ../scripts/gettoken.java
//SOURCES ../scripts/sandbox.java ToolRun.java

import module java.base;
import lib.sandbox.Certificates;
import lib.sandbox.Clients;
import lib.sandbox.SampleStudies;
import lib.sandbox.Sandbox;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The sandbox of a test class, and tools with the settings for it.
 *
 * <p>In a static field with {@code @RegisterExtension} all tests of the class share it. Each test finds it as it was
 * started, except for the issuers that the archive trusts. In an instance field each test has its own.
 */
final class TestSandbox extends Sandbox
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private boolean isShared;

    TestSandbox() {
        this(InstantSource.system());
    }

    TestSandbox(InstantSource clock) {
        super(clock, Certificates.loopback());
    }

    /** gettoken with the secret of client {@code curl}. */
    ToolRun.Setting gettoken() {
        return ToolRun.of(new gettoken())
                .env("ARC_KEYCLOAK", keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal());
    }

    /** arcget with a token of client {@code curl}. */
    ToolRun.Setting arcget() {
        return ToolRun.of(new arcget()).env("ARC_URL", archive()).env("ARC_TOKEN", token());
    }

    /** A token of client {@code curl}. */
    String token() {
        return token(Map.of());
    }

    /** A token of client {@code curl} with {@code claims} replaced, added, or removed by null. */
    String token(Map<String, ?> claims) {
        return provider().mint(claims, Map.of());
    }

    /** The requests to the archive, by their paths below the DICOMweb root. */
    List<String> asked() {
        List<String> asked = new ArrayList<>();
        for (WebRequest request : archiveServer().web().requests()) {
            asked.add(request.target().substring(request.target().indexOf("/rs/") + 4));
        }
        return asked;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        isShared = true;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        provider().web().faults().clear();
        provider().web().forgetRequests();
        provider().issuerFollowsHost(false);
        provider().servePrefix("");
        archiveServer().web().faults().clear();
        archiveServer().web().forgetRequests();
        archiveServer().findLost();
        archiveServer().pixelBytes(32_768);
        archiveServer().holds(SampleStudies.index());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!isShared) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }
}
