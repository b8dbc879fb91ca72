///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//DEPS org.junit.platform:junit-platform-launcher:6.1.3
//JAVAC_OPTIONS -Xlint:all -Werror
//RUNTIME_OPTIONS -Xmx1g -XX:+UseSerialGC
//SOURCES *Test.java
//SOURCES real/*Test.java

import module java.base;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;
import static org.junit.platform.launcher.EngineFilter.includeEngines;
import static org.junit.platform.launcher.TagFilter.excludeTags;
import static org.junit.platform.launcher.TagFilter.includeTags;

import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests, and prints failures, skipped tests with the reason, and slow tests. The last line on standard output
 * is {@code N passed, N failed, N skipped}; exit 1 if one failed, 2 if none was found.
 *
 * <p>{@code --tag NAME} and {@code --exclude-tag NAME} choose by tag, {@code --only TEXT} by a part of
 * {@code Class.method}.
 */
public class alltests implements TestExecutionListener {
    private static final Duration LONG = Duration.ofSeconds(5);

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Map<String, Long> started = new HashMap<>();
    private TestPlan plan;
    private int passed;
    private int failed;
    private int skipped;

    /** Starts the classes first that take longest, so that none of them is left alone at the end. */
    public static final class LongestFirst implements ClassOrderer {
        private static final List<String> LONGEST = List.of(
                "InstallTest",
                "DownloadTest",
                "SeededFaultsTest",
                "CatalogTest",
                "KeysTest",
                "DownloadProcessTest",
                "TokenCacheTest");

        @Override
        public void orderClasses(ClassOrdererContext context) {
            context.getClassDescriptors().sort(Comparator.comparingInt(LongestFirst::rank));
        }

        private static int rank(ClassDescriptor type) {
            int index = LONGEST.indexOf(type.getTestClass().getName());
            return index < 0 ? LONGEST.size() : index;
        }
    }

    public static void main(String... args) throws URISyntaxException {
        Path classes = Path.of(alltests.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(classes)))
                .filters(includeEngines("junit-jupiter"))
                // A test that hangs fails after this time, with its stack.
                .configurationParameter("junit.jupiter.execution.timeout.default", "3 m")
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter(
                        "junit.jupiter.execution.parallel.config.executor-service", "WORKER_THREAD_POOL")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                // Tests wait for pauses and time limits more than they compute.
                .configurationParameter("junit.jupiter.execution.parallel.config.dynamic.factor", "2")
                .configurationParameter("junit.jupiter.testclass.order.default", LongestFirst.class.getName());
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--tag" -> request.filters(includeTags(value));
                case "--exclude-tag" -> request.filters(excludeTags(value));
                case "--only" -> request.filters(only(value));
                default -> {
                    System.err.println("test: unknown argument " + args[i]);
                    System.err.println("test: hint: --only TEXT runs what has TEXT in Class.method");
                    System.exit(2);
                }
            }
        }
        System.exit(new alltests().run(request.build()));
    }

    private static PostDiscoveryFilter only(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return test -> FilterResult.includedIf(test.getSource().orElse(null) instanceof MethodSource method
                && (method.getClassName() + "." + method.getMethodName())
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted));
    }

    private int run(LauncherDiscoveryRequest request) {
        LauncherFactory.create().execute(request, this);
        out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
        if (failed > 0) {
            return 1;
        }
        return passed + skipped == 0 ? 2 : 0;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan tests) {
        plan = tests;
    }

    @Override
    public synchronized void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        int tests = Math.max(1, notStarted(test));
        skipped += tests;
        reportSkipped(test, tests, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Duration taken = Duration.ofNanos(System.nanoTime() - started.get(test.getUniqueId()));
        // If the set-up of a class fails, its tests that have not started fail with it.
        int tests = test.isTest() ? 1 : notStarted(test);
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
            case ABORTED -> {
                skipped += tests;
                reportSkipped(
                        test,
                        tests,
                        result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
            }
            case FAILED -> {
                failed += Math.max(1, tests);
                out.println("FAILED " + sentence(test));
                result.getThrowable().ifPresent(this::report);
            }
        }
        if (test.isTest() && taken.compareTo(LONG) > 0) {
            out.println("slow " + seconds(taken) + " " + sentence(test));
        }
        if (test.getSource().orElse(null) instanceof ClassSource
                && plan.getParent(test).isPresent()) {
            out.println(seconds(taken) + " " + sentence(test));
        }
    }

    private int notStarted(TestIdentifier container) {
        int tests = 0;
        for (TestIdentifier test : plan.getDescendants(container)) {
            // A parameterized test that never started has no cases.
            boolean isTest = test.isTest() || test.getSource().orElse(null) instanceof MethodSource;
            tests += isTest && !started.containsKey(test.getUniqueId()) ? 1 : 0;
        }
        return tests;
    }

    private void reportSkipped(TestIdentifier test, int tests, String reason) {
        String why = reason.replace("Assumption failed: ", "");
        out.println("skipped " + (tests > 1 ? tests + " of " : "") + sentence(test) + ": " + why);
    }

    private void report(Throwable failure) {
        out.println("    " + failure.toString().replace("\n", "\n    "));
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (!frame.getClassName().startsWith("org.junit.")
                    && !frame.getClassName().startsWith("java.")) {
                out.println("        at " + frame);
            }
        }
        if (failure.getCause() != null) {
            report(failure.getCause());
        }
    }

    /** The names of the classes and the test, joined to a sentence. */
    private String sentence(TestIdentifier test) {
        String name = test.getDisplayName();
        TestIdentifier container = plan.getParent(test).orElse(null);
        return container == null || plan.getParent(container).isEmpty() ? name : sentence(container) + ": " + name;
    }

    private static String seconds(Duration taken) {
        return String.format(Locale.ROOT, "%.1f s", taken.toMillis() / 1000.0);
    }
}
